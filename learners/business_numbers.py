"""Numbers of businesses: ten or thirteen digits with a check digit, or a household's twelve."""

import re

from django.utils.translation import gettext as _

from learners import personal_numbers

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def tidy(typed: str) -> str:
    """As it is stored: "2900325526", "2900325526-001", or twelve digits."""
    digits = re.sub(r"[\s.\-]", "", typed)
    return f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits


def fault_of(number: str) -> str:
    """Why a tidy number can be none of a business; "" when it can."""
    digits = number.replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        return _("A tax code is made of digits only.")
    if len(digits) == 12:
        return personal_numbers.fault_of(digits)
    if len(digits) not in (10, 13):
        return _(
            "A tax code has 10 digits (13 for a branch), a household business has the 12 digits of"
            " its head; here are %(n)d."
        ) % {"n": len(digits)}
    if not _checks(digits):
        return _("The tax code %(code)s fails its own check digit: compare it with the paper.") % {
            "code": number
        }
    return ""


def is_personal(number: str) -> bool:
    """Whether it is somebody's personal number, to be sealed."""
    return len(number) == 12 and number.isdigit()


def _checks(digits: str) -> bool:
    """The tenth digit is 10 minus the weighted sum of the nine before it, modulo 11."""
    weighed = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return 10 - weighed % 11 == int(digits[9])
