"""Questions as an author types them, and back.

One thing a line. `[50]` before an answer gives half the mark, `# ` on the next line is what is
said to whoever gave it, `> ` begins the explanation:

    choice, multiple  * a right choice / - or nothing before a wrong one
    true_false        True or False (or Đúng, Sai)
    short_answer      one accepted answer a line
    numerical         3,14 ± 0,01
    matching          left => right, and => for a wrong option
    ordering          the items in the right order
    gap_fill          Thủ phủ là {Vinh|thành phố Vinh}, lập năm {#1788}, bởi {*Quang Trung/Gia Long}
    essay             guidance for the marker
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from courses.choices import QuestionKind
from courses.questions.errors import QuestionError
from courses.questions.shape import decimal
from courses.questions.texts import numbers_in
from courses.questions.validation import validate
from courses.text import fold, nfc

_SHARE = re.compile(r"\[\s*(-?\d{1,3}(?:[.,]\d+)?)\s*%?\s*\]\s*(.*)")
_GAP = re.compile(r"\{([^{}]+)\}")
_TRUE, _FALSE = {"true", "dung"}, {"false", "sai"}


def parse_typed(
    kind: str,
    stem: str,
    typed: str,
    *,
    fold_answers: bool = True,
    all_or_nothing: bool = False,
) -> dict:
    """The frozen question. Raises QuestionError with one sentence on what to mend."""
    lines, explanation = _lines(typed, joined=kind in {QuestionKind.GAP_FILL, QuestionKind.ESSAY})
    question: dict[str, Any] = {
        "kind": kind,
        "stem": nfc(stem),
        "stem_html": "",
        "explanation": explanation,
    }
    match kind:
        case QuestionKind.CHOICE:
            question["choices"] = _choices(lines)
        case QuestionKind.MULTIPLE:
            question |= {"choices": _choices(lines), "all_or_nothing": all_or_nothing}
        case QuestionKind.TRUE_FALSE:
            question |= _true_false(lines)
        case QuestionKind.SHORT_ANSWER:
            question |= {"accepted": _accepted(lines, _text), "fold": fold_answers}
        case QuestionKind.NUMERICAL:
            question["accepted"] = _accepted(lines, _number)
        case QuestionKind.MATCHING:
            question |= _matching(lines)
        case QuestionKind.ORDERING:
            question["items"] = lines
        case QuestionKind.GAP_FILL:
            question["parts"] = _parts("\n".join(lines), fold_answers=fold_answers)
        case QuestionKind.ESSAY:
            question["guidance"] = "\n".join(lines)
    validate(question)
    return question


def _lines(typed: str, *, joined: bool) -> tuple[list[str], str]:
    """The lines that say something, and the explanation; paragraphs are kept when joined."""
    lines, explanation = [], []
    for raw in typed.splitlines():
        line = nfc(raw)
        if line.startswith(">"):
            explanation.append(line[1:].strip())
        elif line or joined:
            lines.append(line)
    text = "\n".join(lines).strip()
    return text.split("\n") if text else [], " ".join(explanation)


def _with_feedback(lines: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in lines:
        if line.startswith("# ") and found:
            text, said = found[-1]
            found[-1] = text, f"{said} {line[2:]}".strip()
        else:
            found.append((line, ""))
    return found


def _share(text: str) -> tuple[str | None, str]:
    """The share before an answer, as a decimal string, and the answer."""
    if not (found := _SHARE.fullmatch(text)):
        return None, text
    percent = decimal(found[1].replace(",", ".")) or 0
    return f"{percent / 100:f}", found[2]


def _choices(lines: list[str]) -> list[dict]:
    choices = []
    for line, said in _with_feedback(lines):
        right = line.startswith("* ")
        share, text = _share(line[2:].strip() if right or line.startswith("- ") else line)
        choice: dict[str, Any] = {"text": text, "right": right, "feedback": said}
        if share is not None:
            choice["fraction"] = share
        choices.append(choice)
    return choices


def _true_false(lines: list[str]) -> dict:
    """`True` or `False`, then what is said to those who chose either, if anything."""
    said = _with_feedback(lines)
    word = fold(said[0][0].removeprefix("* ")) if said else ""
    if word not in _TRUE | _FALSE:
        raise QuestionError(_("Write “True” or “False” on the first line."))
    right = word in _TRUE
    feedback = {right: said[0][1]}
    for other, text in said[1:]:
        if fold(other) in _TRUE | _FALSE:
            feedback[fold(other) in _TRUE] = text
    return {
        "right": right,
        "feedback_true": feedback.get(True, ""),
        "feedback_false": feedback.get(False, ""),
    }


def _accepted(lines: list[str], read: Callable[[str], dict]) -> list[dict]:
    accepted = []
    for line, said in _with_feedback(lines):
        share, text = _share(line)
        accepted.append({**read(text), "fraction": share or "1", "feedback": said})
    return accepted


def _text(text: str) -> dict:
    return {"text": text}


def _number(text: str) -> dict:
    value, _mark, tolerance = text.replace("+-", "±").partition("±")
    return {"value": _plain(value), "tolerance": _plain(tolerance or "0")}


def _plain(text: str) -> str:
    """A number in the frozen notation; what is none stays for validation to refuse."""
    if decimal(text) is not None:
        return text.strip()
    read = numbers_in(text)
    return f"{read[0]:f}" if read else text.strip()


def _matching(lines: list[str]) -> dict:
    pairs, extra = [], []
    for line in lines:
        left, arrow, right = (part.strip() for part in line.partition("=>"))
        if not arrow:
            raise QuestionError(
                _("Write each pair on its own line, with => between left and right.")
            )
        if left:
            pairs.append({"left": left, "right": right})
        else:
            extra.append(right)
    return {"pairs": pairs, "extra": extra}


def _parts(text: str, *, fold_answers: bool) -> list[str | dict]:
    parts: list[str | dict] = []
    for place, piece in enumerate(_GAP.split(text)):
        if place % 2:
            parts.append(_gap(piece.strip(), fold_answers=fold_answers))
        elif piece:
            parts.append(piece)
    return parts


def _gap(inside: str, *, fold_answers: bool) -> dict:
    weight, colon, rest = inside.partition(":")
    if colon and weight.strip().isdigit():
        inside, worth = rest.strip(), int(weight)
    else:
        worth = 1
    if inside.startswith("#"):
        numbers = [part.strip() for part in inside[1:].split("|")]
        return {
            "kind": QuestionKind.NUMERICAL.value,
            "accepted": _accepted(numbers, _number),
            "weight": worth,
        }
    texts = [part.strip() for part in inside.split("/" if inside.startswith("*") else "|")]
    if inside.startswith("*"):
        choices = [
            {"text": text.removeprefix("*").strip(), "right": text.startswith("*"), "feedback": ""}
            for text in texts
        ]
        return {"kind": QuestionKind.CHOICE.value, "choices": choices, "weight": worth}
    return {
        "kind": QuestionKind.SHORT_ANSWER.value,
        "accepted": _accepted(texts, _text),
        "fold": fold_answers,
        "weight": worth,
    }


# ------------------------------------------------------------------ and back


def write_typed(question: Mapping[str, Any]) -> str:
    """The lines an author would type for the question's answers, without the explanation.

    What braces cannot say (shares and feedback within a gap) is left out: compare before
    replacing a question by what was read back.
    """
    match question["kind"]:
        case QuestionKind.CHOICE | QuestionKind.MULTIPLE:
            lines = [
                line
                for choice in question["choices"]
                for line in _said(
                    ("* " if choice["right"] else "- ")
                    + _percent(choice.get("fraction"))
                    + choice["text"],
                    choice,
                )
            ]
        case QuestionKind.TRUE_FALSE:
            right = bool(question["right"])
            lines = []
            for truth in (right, not right):
                said = question.get("feedback_true" if truth else "feedback_false", "")
                if truth == right or said:
                    lines += _said(_("True") if truth else _("False"), {"feedback": said})
        case QuestionKind.SHORT_ANSWER | QuestionKind.NUMERICAL:
            lines = [
                line
                for accepted in question["accepted"]
                for line in _said(_accepted_line(accepted), accepted)
            ]
        case QuestionKind.MATCHING:
            lines = [f"{pair['left']} => {pair['right']}" for pair in question["pairs"]]
            lines += [f"=> {text}" for text in question.get("extra", [])]
        case QuestionKind.ORDERING:
            lines = list(question["items"])
        case QuestionKind.GAP_FILL:
            lines = [
                "".join(
                    part if isinstance(part, str) else "{" + _gap_line(part) + "}"
                    for part in question["parts"]
                )
            ]
        case _:
            lines = [question.get("guidance", "")]
    return "\n".join(lines)


def _said(line: str, answer: Mapping[str, Any]) -> list[str]:
    said = answer.get("feedback", "")
    return [line, f"# {said}"] if said else [line]


def _percent(share: Any) -> str:
    number = decimal(share) if share is not None else None
    return "" if number is None else f"[{(number * 100).normalize():f}] "


def _accepted_line(accepted: Mapping[str, Any]) -> str:
    share = "" if decimal(accepted.get("fraction", "1")) == 1 else _percent(accepted["fraction"])
    if "text" in accepted:
        return share + accepted["text"]
    tolerance = str(accepted.get("tolerance") or "0")
    spread = f" ± {tolerance}" if decimal(tolerance) else ""
    return f"{share}{accepted['value']}{spread}"


def _gap_line(gap: Mapping[str, Any]) -> str:
    weight = f"{gap['weight']}:" if gap.get("weight", 1) != 1 else ""
    if gap["kind"] == QuestionKind.CHOICE:
        ordered = sorted(gap["choices"], key=lambda choice: not choice["right"])
        texts = [("*" if choice["right"] else "") + choice["text"] for choice in ordered]
        return weight + "/".join(texts)
    mark = "#" if gap["kind"] == QuestionKind.NUMERICAL else ""
    return weight + mark + "|".join(_accepted_line(accepted) for accepted in gap["accepted"])
