"""One form for questions that mean the same, so that a file read again changes nothing."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from courses.imports.questions.texts import tidy
from courses.questions import fraction
from courses.questions.shape import decimal


def canonical(question: Mapping[str, Any]) -> dict:
    """The question with everything stated that a reader or an export leaves to be understood."""
    kind = question["kind"]
    same = {
        "kind": kind,
        "stem": question.get("stem", ""),
        "stem_html": question.get("stem_html") or "",
        "explanation": question.get("explanation", ""),
    }
    if kind in {"choice", "multiple"}:
        exact = bool(question.get("all_or_nothing"))
        same |= {"all_or_nothing": exact, "choices": _choices(question, exact=exact)}
    elif kind == "true_false":
        said = ("feedback_true", "feedback_false")
        same |= {"right": question["right"], **{name: question.get(name, "") for name in said}}
    elif kind in {"short_answer", "numerical"}:
        same |= {
            "fold": bool(question.get("fold")) if kind == "short_answer" else None,
            "accepted": [_accepted(answer) for answer in question["accepted"]],
        }
    elif kind == "matching":
        same |= {"pairs": question["pairs"], "extra": list(question.get("extra", []))}
    elif kind == "gap_fill":
        parts = question["parts"]
        same["parts"] = [part if isinstance(part, str) else _gap(part) for part in parts]
    else:
        same |= {name: question[name] for name in ("items", "guidance") if name in question}
    return _tidied(same)


def _tidied(value: Any) -> Any:
    """Spaces that no reader sees make no difference."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, dict):
        return {key: _tidied(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_tidied(part) for part in value]
    return value


def _gap(gap: Mapping[str, Any]) -> list:
    return [canonical(gap), gap.get("weight", 1)]


def _choices(question: Mapping[str, Any], *, exact: bool) -> list[tuple]:
    choices = question["choices"]
    share = Fraction(1, sum(bool(choice["right"]) for choice in choices) or 1)
    found = []
    for choice in choices:
        if exact:
            worth = Fraction(bool(choice["right"]))
        elif question["kind"] == "choice":
            worth = Fraction(1) if choice["right"] else _worth(choice, Fraction(0))
        else:
            worth = _worth(choice, share if choice["right"] else -share)
        found.append((choice["text"], bool(choice["right"]), worth, choice.get("feedback", "")))
    return found


def _worth(choice: Mapping[str, Any], otherwise: Fraction) -> Fraction:
    stated = fraction(choice["fraction"]) if "fraction" in choice else None
    return otherwise if stated is None else stated


def _accepted(answer: Mapping[str, Any]) -> tuple:
    value = answer.get("value", answer.get("text"))
    number = decimal(value) if "value" in answer and value != "*" else None
    return (
        value if number is None else number,
        decimal(answer.get("tolerance") or "0"),
        fraction(answer.get("fraction", "1")),
        answer.get("feedback", ""),
    )
