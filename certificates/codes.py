"""Verification codes: unguessable, forgiving to the eye, checked before any query.

Twelve random symbols of Crockford's base 32 (60 bits) and one check symbol over GF(32),
so that every single wrong symbol and every swap of neighbours is noticed. The code says
nothing of the person or the serial.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)} | {
    "O": 0,
    "I": 1,
    "L": 1,
}


def new_code() -> str:
    """A fresh code, e.g. "7KQ4M2XD9RTBW". Uniqueness is the database's to keep."""
    symbols = [secrets.randbelow(32) for _ in range(LENGTH - 1)]
    return "".join(ALPHABET[value] for value in [*symbols, _check(symbols)])


def read_code(typed: str) -> str | None:
    """The code as stored, or None for anything that cannot be one.

    Forgives case, spaces, dashes, and O, I, L typed for 0, 1, 1.
    """
    bare = [letter for letter in typed.upper() if letter not in " -–.\t\n"]
    if len(bare) != LENGTH or any(letter not in _VALUE for letter in bare):
        return None
    values = [_VALUE[letter] for letter in bare]
    if _check(values[:-1]) != values[-1]:
        return None
    return "".join(ALPHABET[value] for value in values)


def shown(code: str) -> str:
    """In groups, as it is printed: 7KQ4-M2XD-9RTB-W."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _check(values: list[int]) -> int:
    """Weights are powers of a generator of GF(32): all distinct, none zero."""
    total, weight = 0, 1
    for value in values:
        weight = _double(weight)
        total ^= _multiply(value, weight)
    return total


def _double(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _multiply(left: int, right: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left, right = _double(left), right >> 1
    return product
