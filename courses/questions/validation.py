"""Whether a question can be asked and marked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from courses.choices import QuestionKind
from courses.questions.errors import QuestionError
from courses.questions.shape import decimal, fraction, gaps, kind_of
from courses.text import nfc


def validate(question: Mapping[str, Any]) -> None:
    """Raises QuestionError, one sentence, for a question that nobody could answer rightly.

    Also for one whose key contradicts itself, whose options look alike, or whose parts are
    missing or of another form: total, whatever was read from a file.
    """
    try:
        _validate(question)
    except (KeyError, TypeError, AttributeError) as error:
        raise QuestionError(_("The question is incomplete: a part of it is missing.")) from error


def _validate(question: Mapping[str, Any]) -> None:
    kind = kind_of(question)
    if kind not in _CHECKS:
        raise QuestionError(_("This kind of question is not known here."))
    has_text = bool(nfc(question["stem"]) or question.get("stem_html"))
    if kind == QuestionKind.GAP_FILL:
        has_text = has_text or any(isinstance(p, str) and p.strip() for p in question["parts"])
    if not has_text:
        raise QuestionError(_("The question has no text. Write what is asked."))
    _CHECKS[kind](question)


def _unlike(texts: Sequence[str], said: str) -> None:
    """Raises QuestionError when two of the texts read the same, or one is empty."""
    read = [nfc(text).casefold() for text in texts]
    if not all(read):
        raise QuestionError(_("One of the options has no text. Write it or remove it."))
    if len(set(read)) < len(read):
        raise QuestionError(said)


def _share(accepted: Mapping[str, Any], *, lowest: int = 0) -> None:
    if "fraction" in accepted:
        share = fraction(accepted["fraction"])
        if share is None or not lowest <= share <= 1:
            raise QuestionError(_("A share of the mark is not a number between −1 and 1."))


def _choices(question: Mapping[str, Any]) -> list[dict]:
    choices: list[dict] = question["choices"]
    if len(choices) < 2:
        raise QuestionError(_("A question needs at least two choices, one a line."))
    _unlike(
        [choice["text"] for choice in choices],
        _("The same choice stands twice. Change or remove one."),
    )
    for choice in choices:
        _share(choice, lowest=-1)
    if not any(choice["right"] for choice in choices):
        raise QuestionError(_("No choice is marked right. Put “* ” before the right one."))
    return choices


def _choice(question: Mapping[str, Any]) -> None:
    choices = _choices(question)
    full = [
        choice for choice in choices if choice["right"] or fraction(choice.get("fraction", 0)) == 1
    ]
    if len(full) > 1:
        raise QuestionError(
            _("Two choices are right where one is meant. Keep one, or ask for several.")
        )
    right = next(choice for choice in choices if choice["right"])
    if fraction(right.get("fraction", "1")) != 1:
        raise QuestionError(_("The right choice does not give the whole mark."))


def _multiple(question: Mapping[str, Any]) -> None:
    choices = _choices(question)
    if "kind" not in question and all(choice["right"] for choice in choices):
        raise QuestionError(_("Every choice is marked right. Leave at least one wrong."))
    if question.get("all_or_nothing") or not any("fraction" in choice for choice in choices):
        return
    best = sum(max(fraction(choice.get("fraction", "0")) or 0, 0) for choice in choices)
    if best < 1:
        raise QuestionError(_("All right choices together do not give the whole mark."))
    for choice in choices:
        if bool(choice["right"]) != ((fraction(choice.get("fraction", "0")) or 0) > 0):
            raise QuestionError(_("A choice is marked right and gives nothing, or the reverse."))


def _true_false(question: Mapping[str, Any]) -> None:
    if not isinstance(question["right"], bool):
        raise QuestionError(_("It is not said whether the statement is true or false."))


def _accepted(question: Mapping[str, Any]) -> list[dict]:
    accepted: list[dict] = question["accepted"]
    for answer in accepted:
        _share(answer)
    if not any(fraction(answer.get("fraction", "1")) == 1 for answer in accepted):
        raise QuestionError(_("No answer gives the whole mark. Write the right answer."))
    return accepted


def _short_answer(question: Mapping[str, Any]) -> None:
    accepted = _accepted(question)
    texts = [nfc(answer["text"]) for answer in accepted]
    if not all(texts):
        raise QuestionError(_("One of the accepted answers is empty. Write it or remove it."))
    if len(set(texts)) < len(texts):
        raise QuestionError(_("The same accepted answer stands twice. Remove one."))


def _numerical(question: Mapping[str, Any]) -> None:
    for answer in _accepted(question):
        if answer["value"] != "*" and decimal(answer["value"]) is None:
            raise QuestionError(_("An accepted answer is not a number. Write it in digits."))
        tolerance = decimal(answer.get("tolerance") or "0")
        if tolerance is None or tolerance < 0:
            raise QuestionError(_("A tolerance is not a number of 0 or more."))


def _matching(question: Mapping[str, Any]) -> None:
    pairs = question["pairs"]
    if len(pairs) < 2:
        raise QuestionError(_("Matching needs at least two pairs."))
    _unlike(
        [pair["left"] for pair in pairs],
        _("The same text stands twice on the left. Change or remove one."),
    )
    offered = {nfc(text).casefold() for text in question.get("extra", [])}
    rights = {nfc(pair["right"]).casefold() for pair in pairs}
    if not all(rights) or not all(offered):
        raise QuestionError(_("One of the options has no text. Write it or remove it."))
    if offered & rights:
        raise QuestionError(_("A wrong option is the same as a right one. Change or remove it."))
    if len(offered | rights) < 2:
        raise QuestionError(_("Matching needs at least two different options on the right."))


def _ordering(question: Mapping[str, Any]) -> None:
    if len(question["items"]) < 2:
        raise QuestionError(_("Putting in order needs at least two items."))
    _unlike(question["items"], _("The same item stands twice. Change or remove one."))


def _gap_fill(question: Mapping[str, Any]) -> None:
    parts = gaps(question)
    if not parts:
        raise QuestionError(_("The text has no gap. Put the right answer into braces."))
    for gap in parts:
        if gap.get("kind") not in _IN_TEXT:
            raise QuestionError(_("This kind of question is not known here."))
        weight = gap.get("weight", 1)
        if type(weight) is not int or weight < 1:
            raise QuestionError(_("The weight of a gap is not a whole number of 1 or more."))
        _CHECKS[gap["kind"]](gap)


def _essay(question: Mapping[str, Any]) -> None:
    """Nothing but its text: a person marks it."""


_IN_TEXT = {QuestionKind.SHORT_ANSWER, QuestionKind.NUMERICAL, QuestionKind.CHOICE}
_CHECKS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    QuestionKind.CHOICE: _choice,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.SHORT_ANSWER: _short_answer,
    QuestionKind.NUMERICAL: _numerical,
    QuestionKind.MATCHING: _matching,
    QuestionKind.ORDERING: _ordering,
    QuestionKind.GAP_FILL: _gap_fill,
    QuestionKind.ESSAY: _essay,
}
