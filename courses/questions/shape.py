"""Reading the frozen shape."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from courses.choices import QuestionKind

# What other systems round to two decimals and still mean.
_SHORT = {
    "0.33": Fraction(1, 3),
    "0.66": Fraction(2, 3),
    "0.67": Fraction(2, 3),
    "0.16": Fraction(1, 6),
    "0.17": Fraction(1, 6),
    "0.83": Fraction(5, 6),
}
_LARGEST_DENOMINATOR = 20


def kind_of(question: Mapping[str, Any]) -> str:
    """The question's kind; of the first form, which had none, by the number of right choices."""
    if "kind" in question:
        return str(question["kind"])
    right = sum(choice["right"] for choice in question["choices"])
    return QuestionKind.MULTIPLE if right > 1 else QuestionKind.CHOICE


def decimal(text: object) -> Decimal | None:
    """A finite number in plain notation, or None."""
    try:
        number = Decimal(str(text).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def fraction(text: object) -> Fraction | None:
    """The exact fraction that a decimal string means, or None for what is no number.

    "0.3333" is a third and "0.33" too, so that three right choices add up to one.
    """
    number = decimal(text)
    if number is None:
        return None
    exact = Fraction(number)
    sign = -1 if exact < 0 else 1
    if short := _SHORT.get(f"{abs(number):f}"):
        return sign * short
    places = -int(number.as_tuple().exponent)
    near = exact.limit_denominator(_LARGEST_DENOMINATOR)
    if places >= 3 and abs(near - exact) < Fraction(1, 10**places):
        return near
    return exact


def gaps(question: Mapping[str, Any]) -> list[dict]:
    """The parts of a gap_fill that are to be filled, in reading order."""
    return [part for part in question["parts"] if isinstance(part, dict)]
