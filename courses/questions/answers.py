"""What a question offers, and answers said in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from courses.choices import QuestionKind
from courses.questions.shape import gaps, kind_of

_INDEXED = {QuestionKind.CHOICE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE}
_TYPED = {QuestionKind.SHORT_ANSWER, QuestionKind.NUMERICAL, QuestionKind.ESSAY}


def options(question: Mapping[str, Any]) -> list[str]:
    """The right texts of a matching question, each once, then what is offered besides.

    "options" in the question fixes their order, when a corrected key would change it.
    """
    if "options" in question:
        return list(question["options"])
    rights = [pair["right"] for pair in question["pairs"]]
    return list(dict.fromkeys([*rights, *question.get("extra", [])]))


def is_answered(question: Mapping[str, Any], answer: Any) -> bool:
    """Whether the answer has the question's form and says something."""
    kind = kind_of(question)
    if kind in _TYPED:
        return isinstance(answer, str) and bool(answer.strip())
    if not isinstance(answer, (list, tuple)) or not answer:
        return False
    if kind in _INDEXED:
        size = 2 if kind == QuestionKind.TRUE_FALSE else len(question["choices"])
        return all(type(place) is int and 0 <= place < size for place in answer)
    return any(
        (type(given) is int and given >= 0) or (isinstance(given, str) and given.strip())
        for given in answer
    )


def answer_lines(question: Mapping[str, Any], answer: Any) -> list[str]:
    """What somebody answered, one line a choice, pair, item or gap; empty when nothing."""
    kind = kind_of(question)
    if not is_answered(question, answer):
        return []
    if kind in _TYPED:
        return [answer]
    if kind == QuestionKind.TRUE_FALSE:
        return [_("True") if answer[0] else _("False")]
    if kind in _INDEXED:
        return [question["choices"][place]["text"] for place in sorted(set(answer))]
    if kind == QuestionKind.MATCHING:
        offered = options(question)
        return [
            f"{pair['left']} → {_at(offered, place)}"
            for pair, place in zip(question["pairs"], answer, strict=False)
        ]
    if kind == QuestionKind.ORDERING:
        return [f"{at}. {_at(question['items'], place)}" for at, place in enumerate(answer, 1)]
    return [
        f"({at}) {_gap_said(gap, given)}"
        for at, (gap, given) in enumerate(zip(gaps(question), answer, strict=False), 1)
    ]


def right_lines(question: Mapping[str, Any]) -> list[str]:
    """The best answer, in the form of `answer_lines`; empty for an essay."""
    kind = kind_of(question)
    if kind == QuestionKind.ESSAY:
        return []
    if kind == QuestionKind.TRUE_FALSE:
        return [_("True") if question["right"] else _("False")]
    if kind in _INDEXED:
        return [choice["text"] for choice in question["choices"] if choice["right"]]
    if kind == QuestionKind.MATCHING:
        return [f"{pair['left']} → {pair['right']}" for pair in question["pairs"]]
    if kind == QuestionKind.ORDERING:
        return [f"{at}. {text}" for at, text in enumerate(question["items"], 1)]
    if kind == QuestionKind.GAP_FILL:
        return [
            f"({at}) {' / '.join(right_lines(gap))}" for at, gap in enumerate(gaps(question), 1)
        ]
    return [
        _accepted(kind, accepted)
        for accepted in question["accepted"]
        if str(accepted.get("fraction", "1")).strip() in {"1", "1.0", "100"}
    ]


def _accepted(kind: str, accepted: Mapping[str, Any]) -> str:
    if kind == QuestionKind.SHORT_ANSWER:
        return str(accepted["text"]).replace(r"\*", "*")
    value = str(accepted["value"]).replace(".", ",")
    tolerance = str(accepted.get("tolerance") or "0").replace(".", ",")
    return value if not tolerance.strip("0,") else f"{value} ± {tolerance}"


def _at(texts: list[str], place: Any) -> str:
    return texts[place] if type(place) is int and 0 <= place < len(texts) else "–"


def _gap_said(gap: Mapping[str, Any], given: Any) -> str:
    if kind_of(gap) == QuestionKind.CHOICE:
        return _at([choice["text"] for choice in gap["choices"]], given)
    return given if isinstance(given, str) and given else "–"
