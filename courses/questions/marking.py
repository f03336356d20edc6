"""How much of a question an answer is worth."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from courses.choices import QuestionKind
from courses.questions.answers import is_answered, options
from courses.questions.shape import decimal, fraction, gaps, kind_of
from courses.questions.texts import numbers_in, text_matches

NOTHING, WHOLE = Fraction(0), Fraction(1)


def grade(question: Mapping[str, Any], answer: Any) -> Fraction | None:
    """The exact part of the question that is right, 0 to 1; None waits for a marker.

    Total: an answer that does not fit the question, whatever it is, is worth nothing. A
    question with "void" was withdrawn after it had been asked: everybody gets its mark.
    """
    if question.get("void"):
        return WHOLE
    if not is_answered(question, answer):
        return NOTHING
    if kind_of(question) == QuestionKind.ESSAY:
        return None
    worth = _MARKERS[kind_of(question)](question, answer)
    return min(max(worth, NOTHING), WHOLE)


def feedback(question: Mapping[str, Any], answer: Any) -> list[str]:
    """What the author says to this answer, without empty lines and repetitions."""
    kind = kind_of(question)
    said: list[str] = []
    if not is_answered(question, answer):
        return said
    if kind in {QuestionKind.CHOICE, QuestionKind.MULTIPLE}:
        said = [question["choices"][place].get("feedback", "") for place in _places(answer)]
    elif kind == QuestionKind.TRUE_FALSE:
        said = [question.get("feedback_true" if answer[0] else "feedback_false", "")]
    elif kind in {QuestionKind.SHORT_ANSWER, QuestionKind.NUMERICAL}:
        met = _met(question, answer)
        said = [met.get("feedback", "")] if met else []
    elif kind == QuestionKind.GAP_FILL:
        for gap, given in zip(gaps(question), answer, strict=False):
            said += feedback(gap, _as_gap_answer(gap, given))
    return list(dict.fromkeys(line for line in said if line))


def _places(answer: Any) -> list[int]:
    return sorted({place for place in answer if isinstance(place, int)})


def _choice(question: Mapping[str, Any], answer: Any) -> Fraction:
    chosen = _places(answer)
    if "kind" not in question:
        return _exact(question, chosen)
    if len(chosen) != 1:
        return NOTHING
    choice = question["choices"][chosen[0]]
    return _stated(choice) if "fraction" in choice else Fraction(bool(choice["right"]))


def _multiple(question: Mapping[str, Any], answer: Any) -> Fraction:
    chosen = _places(answer)
    if "kind" not in question or question.get("all_or_nothing"):
        return _exact(question, chosen)
    choices = question["choices"]
    if any("fraction" in choice for choice in choices):
        return sum((_stated(choices[place]) for place in chosen), NOTHING)
    each = Fraction(1, sum(choice["right"] for choice in choices))
    return sum((each if choices[place]["right"] else -each for place in chosen), NOTHING)


def _exact(question: Mapping[str, Any], chosen: list[int]) -> Fraction:
    right = [place for place, choice in enumerate(question["choices"]) if choice["right"]]
    return Fraction(chosen == right)


def _stated(accepted: Mapping[str, Any], missing: str = "0") -> Fraction:
    return fraction(accepted.get("fraction", missing)) or NOTHING


def _true_false(question: Mapping[str, Any], answer: Any) -> Fraction:
    return Fraction(bool(answer[0]) == bool(question["right"]))


def _typed(question: Mapping[str, Any], answer: Any) -> Fraction:
    met = _met(question, answer)
    return _stated(met, "1") if met else NOTHING


def _met(question: Mapping[str, Any], answer: str) -> Mapping[str, Any] | None:
    """The first accepted answer that is met: an author puts the catch-all last."""
    numbers = numbers_in(answer) if kind_of(question) == QuestionKind.NUMERICAL else ()
    for accepted in question["accepted"]:
        if kind_of(question) == QuestionKind.SHORT_ANSWER:
            if text_matches(accepted["text"], answer, folded=bool(question.get("fold"))):
                return accepted
        elif accepted["value"] == "*":
            return accepted
        else:
            value, tolerance = decimal(accepted["value"]), decimal(accepted.get("tolerance") or 0)
            if value is not None and any(
                abs(Fraction(number) - Fraction(value)) <= abs(Fraction(tolerance or 0))
                for number in numbers
            ):
                return accepted
    return None


def _matching(question: Mapping[str, Any], answer: Any) -> Fraction:
    offered, pairs = options(question), question["pairs"]
    right = sum(
        isinstance(place, int) and offered[place : place + 1] == [pair["right"]] and place >= 0
        for pair, place in zip(pairs, answer, strict=False)
    )
    return Fraction(right, len(pairs))


def _ordering(question: Mapping[str, Any], answer: Any) -> Fraction:
    items = question["items"]
    placed = [place for place in answer if isinstance(place, int)]
    if len(set(placed)) < len(placed):
        return NOTHING
    right = sum(place == at for at, place in enumerate(answer[: len(items)]))
    return Fraction(right, len(items))


def _gap_fill(question: Mapping[str, Any], answer: Any) -> Fraction:
    filled = gaps(question)
    whole = sum(gap.get("weight", 1) for gap in filled)
    reached = sum(
        (
            (grade(gap, _as_gap_answer(gap, given)) or NOTHING) * gap.get("weight", 1)
            for gap, given in zip(filled, answer, strict=False)
        ),
        NOTHING,
    )
    return reached / whole


def _as_gap_answer(gap: Mapping[str, Any], given: Any) -> Any:
    """A choice within a text is answered by one index, not by a list."""
    if kind_of(gap) == QuestionKind.CHOICE and isinstance(given, int):
        return [given]
    return given


_MARKERS: dict[str, Callable[[Mapping[str, Any], Any], Fraction]] = {
    QuestionKind.CHOICE: _choice,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.SHORT_ANSWER: _typed,
    QuestionKind.NUMERICAL: _typed,
    QuestionKind.MATCHING: _matching,
    QuestionKind.ORDERING: _ordering,
    QuestionKind.GAP_FILL: _gap_fill,
}
