"""Codes that stand for a person on paper and on a phone's screen, and that nobody can guess."""

import base64

from django.utils.crypto import constant_time_compare, salted_hmac

CHECK_IN = "check-in"
"""What somebody shows at the door; says who he is and opens nothing."""
CLAIM = "claim"
"""What somebody without an account is given, to take the class into his account later."""

_SIGNS = 10


def code_of(person_id: int, use: str) -> str:
    """ "1234-ABCDEFGHIJ": the number of the record and fifty bits that prove it, for one use."""
    return f"{person_id}-{_seal(person_id, use)}"


def person_of(code: str, use: str) -> int | None:
    """The number of the record that a code stands for; None for any other text."""
    number, _dash, seal = code.strip().upper().partition("-")
    if not (number.isascii() and number.isdigit() and len(number) <= 12):
        return None
    found = int(number)
    return found if constant_time_compare(seal, _seal(found, use)) else None


def _seal(person_id: int, use: str) -> str:
    digest = salted_hmac(f"learners.person_codes.{use}", str(person_id), algorithm="sha256")
    return base64.b32encode(digest.digest()).decode()[:_SIGNS]
