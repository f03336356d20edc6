"""Typed answers compared as a kind marker would."""

import re
from collections.abc import Iterator
from decimal import Decimal

from courses.questions.shape import decimal
from courses.text import fold, nfc

_WILD = re.compile(r"(?<!\\)\*")
_GROUPED_BY_POINT = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")
_GROUPED_BY_COMMA = re.compile(r"[1-9]\d{0,2}(,\d{3}){2,}")
_MIXED = re.compile(r"\d+([.,])\d{3}(\1\d{3})*[.,]\d+")
_TEN_TO = re.compile(r"\s*[x×*·]\s*10\s*\^?\s*", re.IGNORECASE)
_BETWEEN_DIGITS = re.compile(r"(?<=\d)\s(?=\d{3}(\D|$))")
# A number longer than this is a slip, and would take long to compute with.
_LONGEST = 40


def text_matches(pattern: str, given: str, *, folded: bool) -> bool:
    """Whether the answer is the accepted text; `*` stands for anything, `\\*` for a star.

    Folded, neither marks nor case matter; otherwise letters are compared exactly. Spaces are
    trimmed and letters composed in both.
    """
    normal = fold if folded else nfc
    literals = [normal(part.replace(r"\*", "*")) for part in _WILD.split(pattern)]
    answer = normal(given)
    if len(literals) == 1:
        return answer == literals[0]
    return _stands_in_order(literals, answer)


def _stands_in_order(literals: list[str], answer: str) -> bool:
    """First and last at the ends, the others between in order: linear, unlike a pattern."""
    first, *middle, last = literals
    if len(answer) < len(first) + len(last):
        return False
    if not answer.startswith(first) or not answer.endswith(last):
        return False
    place, end = len(first), len(answer) - len(last)
    for literal in middle:
        found = answer.find(literal, place, end)
        if found < 0:
            return False
        place = found + len(literal)
    return True


def numbers_in(given: str) -> tuple[Decimal, ...]:
    """What a typed number may mean: empty for none, two for "1.234", one otherwise.

    Vietnamese (1.234,5) and English (1,234.5) ways of writing are both read. "1.234" is either
    1234 or 1.234, and the author's value decides.
    """
    if len(given) > _LONGEST:
        return ()
    text = nfc(given).replace("−", "-").replace("–", "-")
    text = _TEN_TO.sub("e", _BETWEEN_DIGITS.sub("", text))
    sign = "-" if text.startswith("-") else ""
    body, _e, exponent = text.lstrip("+-").lower().partition("e")
    if exponent and not re.fullmatch(r"[+-]?\d{1,3}", exponent):
        return ()
    tail = f"e{exponent}" if exponent else ""
    read = (decimal(f"{sign}{plain}{tail}") for plain in _readings(body))
    return tuple(number for number in read if number is not None)


def _readings(body: str) -> Iterator[str]:
    if not re.fullmatch(r"[\d.,]+", body):
        return
    if _MIXED.fullmatch(body) and "." in body and "," in body:
        point = max(body.rfind("."), body.rfind(","))
        yield re.sub(r"[.,]", "", body[:point]) + "." + body[point + 1 :]
        return
    if _GROUPED_BY_POINT.fullmatch(body):
        yield body.replace(".", "")
    elif _GROUPED_BY_COMMA.fullmatch(body):
        yield body.replace(",", "")
    if re.fullmatch(r"\d*[.,]?\d*", body) and re.search(r"\d", body):
        yield body.replace(",", ".")
