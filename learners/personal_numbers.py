"""Personal identification numbers: CCCD of twelve digits, CMND of nine as it was before.

A number is stored sealed, and found again by a keyed hash. Neither can be undone without the
keys, which lie outside the database; neither is ever written into an address or a log.
"""

import base64
import hashlib
import os
import re
import time
from collections.abc import Sequence
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

# fmt: off
_PROVINCES = frozenset([
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33,
    34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66,
    67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
])
# fmt: on
"""The 63 provinces of before July 2025; a number keeps its province for life."""

_TWELVE_DIGITS = re.compile(r"(?<![0-9])[0-9](?:[ .\u00a0]?[0-9]){11}(?![0-9])")

_COUNTRIES = range(100, 1000)
"""Of birth, outside Vietnam."""


_BEGINNINGS = frozenset(f"{code:03}" for code in {*_PROVINCES, *_COUNTRIES})


class KeysDoNotFit(Exception):
    """A stored number was sealed under a key that the settings no longer name."""


def fault_of(number: str) -> str:
    """Why the digits can't be a personal number; "" when they can. There is no check digit."""
    if not (number.isascii() and number.isdigit()):
        return _("A personal number is made of digits only.")
    if len(number) not in (9, 12):
        return _("A personal number has 12 digits (an old one 9); here are %(n)d.") % {
            "n": len(number)
        }
    if len(number) == 12 and not _is_birthplace(int(number[:3])):
        return _("No province has the number %(code)s with which it begins.") % {"code": number[:3]}
    return ""


def is_plain(typed: str) -> bool:
    """Whether it is a number of twelve digits as it should be written: quickly said of most."""
    return len(typed) == 12 and typed.isascii() and typed.isdigit() and typed[:3] in _BEGINNINGS


def _is_birthplace(code: int) -> bool:
    return code in _PROVINCES or code in _COUNTRIES


def is_restorable(digits: str) -> bool:
    """Whether a nought that Excel dropped at the front would make a number of the digits."""
    return len(digits) in (8, 11) and fault_of(f"0{digits}") == ""


def typed_number(typed: str) -> str:
    """The number that somebody typed, whatever signs between the digits and with the nought that
    Excel drops at the front; "" when it can be none."""
    digits = "".join(letter for letter in typed if letter not in " .-\u00a0")
    if not (digits.isascii() and digits.isdigit()):
        return ""
    if is_restorable(digits):
        return f"0{digits}"
    return "" if fault_of(digits) else digits


def holds_number(text: str) -> bool:
    """Whether twelve digits in a row, or what can be a personal number as a whole, stand in it:
    such a text belongs into no address and no log."""
    return bool(typed_number(text) or _TWELVE_DIGITS.search(text))


def year_of(number: str) -> int | None:
    """The year of birth that a number of twelve digits says."""
    return 1900 + int(number[3]) // 2 * 100 + int(number[4:6]) if len(number) == 12 else None


def mask(number: str) -> str:
    """Enough to recognise a number that one knows."""
    return f"•••• {number[-4:]}" if number else ""


# ------------------------------------------------------------------ keys


def seal(number: str) -> str:
    """The number under the newest key; another text each time."""
    return seal_bytes(number.encode()).decode()


_BLOCK = 16
"""Of AES, in bytes; a personal number fills less than one."""


def seal_many(numbers: Sequence[str]) -> list[str]:
    """Each as `seal` does it, at a tenth of the cost: tokens of Fernet under the newest key, each
    with a random vector of its own.

    What fits into one block is sealed by AES-CBC as AES(block XOR vector); so the blocks of all
    go through the cipher in one call.
    """
    blocks = [number.encode() for number in numbers]
    if any(len(block) >= _BLOCK for block in blocks):
        return [seal(number) for number in numbers]
    plain = b"".join(block + bytes([(left := _BLOCK - len(block))]) * left for block in blocks)
    vectors = os.urandom(len(plain))
    mixed = int.from_bytes(plain) ^ int.from_bytes(vectors)
    sign, encryption = _halves(settings.PERSONAL_DATA_KEYS[0])
    cipher = Cipher(algorithms.AES(encryption), modes.ECB()).encryptor()  # noqa: S305 - of what was mixed
    sealed = cipher.update(mixed.to_bytes(len(plain))) + cipher.finalize()
    head = b"\x80" + int(time.time()).to_bytes(8)
    tokens = []
    for at in range(0, len(plain), _BLOCK):
        token = head + vectors[at : at + _BLOCK] + sealed[at : at + _BLOCK]
        tokens.append(base64.urlsafe_b64encode(token + _keyed_hash(sign, token).digest()).decode())
    return tokens


def unseal(sealed: str) -> str:
    """What was sealed under any of the keys. Raises KeysDoNotFit."""
    return unseal_bytes(sealed.encode()).decode()


def seal_bytes(data: bytes) -> bytes:
    """As `seal`, for a whole file that holds numbers."""
    return _sealer().encrypt(data)


def unseal_bytes(sealed: bytes) -> bytes:
    """As `unseal`, for a whole file. Raises KeysDoNotFit."""
    try:
        return _sealer().decrypt(sealed)
    except InvalidToken:
        raise KeysDoNotFit("No key of PERSONAL_DATA_KEYS opens what is stored.") from None


def seal_anew(sealed: str) -> str:
    """The same under the newest key. Raises KeysDoNotFit."""
    try:
        return _sealer().rotate(sealed).decode()
    except InvalidToken:
        raise KeysDoNotFit("No key of PERSONAL_DATA_KEYS opens what is stored.") from None


def digest_of(number: str) -> str:
    """What a number is looked up by."""
    return _keyed_hash(_index_key(settings.PERSONAL_INDEX_KEY), number.encode()).hexdigest()


def _keyed_hash(key: bytes, message: bytes) -> Any:
    """HMAC-SHA256 (RFC 2104). The blocks of the key are hashed once: a third of the time of
    hmac.digest, which is asked for every row of a list."""
    inner_pad, outer_pad = _pads(key)
    inner, outer = inner_pad.copy(), outer_pad.copy()
    inner.update(message)
    outer.update(inner.digest())
    return outer


@cache
def _pads(key: bytes) -> tuple[Any, Any]:
    filled = key.ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in filled) for pad in (0x36, 0x5C))
    return hashlib.sha256(inner), hashlib.sha256(outer)


def _sealer() -> MultiFernet:
    return _sealer_for(tuple(settings.PERSONAL_DATA_KEYS))


@cache
def _sealer_for(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, "seal"))) for key in keys])


@cache
def _halves(key: str) -> tuple[bytes, bytes]:
    """What Fernet signs with, and what it encrypts with."""
    derived = _derived(key, "seal")
    return derived[:_BLOCK], derived[_BLOCK:]


@cache
def _index_key(key: str) -> bytes:
    return _derived(key, "index")


def _derived(key: str, use: str) -> bytes:
    info = f"learners.personal_numbers.{use}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.encode())
