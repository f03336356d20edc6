"""A corrected key put under answers that were given before."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from courses.choices import QuestionKind
from courses.questions.answers import options
from courses.questions.errors import QuestionError
from courses.questions.shape import gaps, kind_of
from courses.questions.validation import validate


def as_kinded(question: Mapping[str, Any]) -> dict:
    """A question of the first form in today's: the same choices, the same marks."""
    if "kind" in question:
        return dict(question)
    kind = kind_of(question)
    exact = {"all_or_nothing": True} if kind == QuestionKind.MULTIPLE else {}
    return {**question, "kind": kind, "stem_html": "", **exact}


def rekeyed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict:
    """`after` in an order in which the answers given to `before` keep their meaning.

    Raises QuestionError when what was offered is no longer the same, because nobody can say
    what those answers would mean: only the key and what is said about it may change.
    """
    question, kind = dict(after), kind_of(before)
    if question["kind"] != kind:
        raise QuestionError(_("The kind of a question that was asked cannot change."))
    match kind:
        case QuestionKind.CHOICE | QuestionKind.MULTIPLE:
            question["choices"] = _in_order(before["choices"], after["choices"])
        case QuestionKind.MATCHING:
            question["options"] = options(before)
            lefts = [pair["left"] for pair in before["pairs"]]
            by_left = {pair["left"]: pair for pair in after["pairs"]}
            if by_left.keys() != set(lefts) or set(options(after)) != set(options(before)):
                raise _changed()
            question["pairs"] = [by_left[left] for left in lefts]
        case QuestionKind.ORDERING:
            # The order is the key, and answers name the items by their place in it.
            raise QuestionError(
                _("The order cannot be corrected. Give everybody the mark instead.")
            )
        case QuestionKind.GAP_FILL:
            asked, corrected = gaps(before), gaps(after)
            if [gap["kind"] for gap in asked] != [gap["kind"] for gap in corrected]:
                raise _changed()
            for old, new in zip(asked, corrected, strict=True):
                if old["kind"] == QuestionKind.CHOICE:
                    new["choices"] = _in_order(old["choices"], new["choices"])
    validate(question)
    return question


def _in_order(before: list[dict], after: list[dict]) -> list[dict]:
    by_text = {choice["text"]: choice for choice in after}
    if by_text.keys() != {choice["text"] for choice in before}:
        raise _changed()
    return [by_text[choice["text"]] for choice in before]


def _changed() -> QuestionError:
    return QuestionError(
        _("Leave the texts of the options as they were asked; correct only which are right.")
    )
