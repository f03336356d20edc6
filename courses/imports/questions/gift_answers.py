"""What stands between the braces of GIFT, kind by kind."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from courses.imports.questions import gift_texts
from courses.imports.questions.parsed import NotTaken
from courses.imports.questions.texts import middle, number, said, share

_WEIGHT = re.compile(r"\s*%\s*(-?[\d.,]+)\s*%")
_RANGE = re.compile(r"\s*(.+?)\s*\.\.\s*(.+?)\s*")


@dataclass
class _Answer:
    is_right: bool
    raw: str
    fraction: str | None
    feedback: str


def _split(answers: str, form: str, *, is_weighted: bool = True) -> list[_Answer]:
    """Answers at their marks, with weight and feedback taken off."""
    found = []
    for mark, written in re.findall(r"([=~])([^=~]*)", answers):
        weight = None
        if is_weighted and (match := _WEIGHT.match(written)):
            percent = number(match[1])
            if percent is None:
                raise NotTaken(
                    _("%(weight)s is no percentage.") % {"weight": match[0].strip()},
                    _("Write the weight as %%50%% or %%-33.333%%."),
                )
            weight, written = share(percent), written[match.end() :]
        raw, _hash, feedback = written.partition("#")
        found.append(_Answer(mark == "=", raw, weight, gift_texts.text(feedback, form)))
    return found


def choices(answers: str, form: str) -> dict:
    """One right where an answer is marked “=”; several where there are weights only."""
    split = _split(answers, form)
    is_single = any(answer.is_right for answer in split)
    is_weighted = any(answer.fraction for answer in split)
    result = []
    for answer in split:
        worth = Decimal(answer.fraction or "0")
        right = worth == 1 if is_single else worth > 0
        choice: dict = {
            "text": gift_texts.line(answer.raw, form),
            "right": right or (answer.is_right and answer.fraction is None),
            "feedback": answer.feedback,
        }
        if (is_single and not choice["right"] and worth) or (not is_single and is_weighted):
            choice["fraction"] = said(worth)
        result.append(choice)
    if is_single:
        return {"kind": "choice", "choices": result}
    return {"kind": "multiple", "choices": result, "all_or_nothing": False}


def short_answer(answers: str, form: str) -> dict:
    accepted = [
        {
            "text": gift_texts.line(answer.raw, form),
            "fraction": answer.fraction or "1",
            "feedback": answer.feedback,
        }
        for answer in _split(answers, form)
    ]
    return {"kind": "short_answer", "accepted": accepted, "fold": True}


def has_pairs(answers: str) -> bool:
    """Whether an answer has an arrow; in what is said to the learner it is a piece of text."""
    return any("->" in raw.partition("#")[0] for raw in re.split("[=~]", answers))


def matching(answers: str, form: str) -> dict:
    pairs, extra = [], []
    for answer in _split(answers, form, is_weighted=False):
        left, arrow, right = answer.raw.partition("->")
        if not arrow:
            raise NotTaken(
                _("A pair of a matching question has no “->”."),
                _("Write every pair as “=left -> right”."),
            )
        if left := gift_texts.line(left, form):
            pairs.append({"left": left, "right": gift_texts.literal(right)})
        else:
            extra.append(gift_texts.literal(right))
    return {"kind": "matching", "pairs": pairs, "extra": extra}


def true_false(right: bool, answers: str, form: str) -> dict:
    """The first feedback is for whoever answers wrongly, the second for the right answer."""
    parts = [gift_texts.text(part, form) for part in answers.split("#")[1:]]
    wrong, good = ([*parts, "", ""])[:2]
    return {
        "kind": "true_false",
        "right": right,
        "feedback_true": good if right else wrong,
        "feedback_false": wrong if right else good,
    }


def numerical(answers: str, form: str) -> dict:
    """Values with tolerances and ranges; "~#…" is what everybody else is told."""
    written, wild, feedback = answers.partition("~")
    if not written.strip().startswith("="):
        written = f"={written}"
    accepted = []
    for answer in _split(written, form):
        value, tolerance = _range(gift_texts.line(answer.raw, "plain"))
        accepted.append(
            {
                "value": value,
                "tolerance": tolerance,
                "fraction": answer.fraction or "1",
                "feedback": answer.feedback,
            }
        )
    if wild:
        said_to_others = gift_texts.text(feedback.partition("#")[2], form)
        accepted.append(
            {"value": "*", "tolerance": "0", "fraction": "0", "feedback": said_to_others}
        )
    return {"kind": "numerical", "accepted": accepted}


def _range(written: str) -> tuple[str, str]:
    if written == "*":
        return "*", "0"
    if found := _RANGE.fullmatch(written):
        low, high = number(found[1]), number(found[2])
        if low is not None and high is not None:
            return middle(low, high)
    value, _colon, tolerance = written.partition(":")
    read, spread = number(value), number(tolerance or "0")
    if read is None or spread is None:
        raise NotTaken(
            _("“%(written)s” is no number.") % {"written": written},
            _("Write a number, a number with a tolerance (3.14:0.01) or a range (1..5)."),
        )
    return said(read), said(abs(spread))
