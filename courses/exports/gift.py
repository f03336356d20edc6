"""GIFT. What it has no sign for is kept in notes that our reader understands and others skip."""

import re
from collections.abc import Iterable

from courses.imports.questions.parsed import written_path
from courses.models import Question

_MARKS = re.compile(r"([\\~=#{}:])")
_CANNOT = {"ordering", "gap_fill"}
# What a reader would take for a format of GIFT or for HTML.
_FORMATTED = re.compile(r"\s*\[(html|moodle|plain|markdown)\]|[<&]")
_WEIGHTED = re.compile(r"\s*%\s*-?[\d.,]+\s*%")


def write_gift(questions: Iterable[Question]) -> tuple[str, list[Question]]:
    """The text, and the questions that GIFT has no way to write: they are left out."""
    lines, left_out, place = [], [], None
    for question in questions:
        if _cannot_be_written(question.content):
            left_out.append(question)
            continue
        path = question.category.path() if question.category else ()
        if path != place:
            lines.append(f"$CATEGORY: {_escaped(written_path(path))}\n")
            place = path
        lines.append(_block(question))
    return "\n".join(lines), left_out


def _cannot_be_written(content: dict) -> bool:
    """Kinds that GIFT lacks, pictures, and arrows where they would part a pair."""
    if content["kind"] in _CANNOT or "<img" in content.get("stem_html", ""):
        return True
    if content["kind"] == "matching":
        return any("->" in pair["left"] for pair in content["pairs"])
    return content["kind"] == "short_answer" and any(
        "->" in answer["text"] for answer in content["accepted"]
    )


def _block(question: Question) -> str:
    content = question.content
    answers = _WRITERS[question.kind](content)
    if content.get("explanation"):
        answers += f"\n####{_plain(content['explanation'])}"
    stem = f"[html]{_escaped(content['stem_html'])}" if content.get("stem_html") else ""
    notes = " ".join(f"[{key}:{_noted(value)}]" for key, value in _notes(question))
    head = f"// {notes}\n" if notes else ""
    name = _escaped(question.name)
    return f"{head}::{name}::{stem or _plain(content['stem'])}{{{answers}}}\n"


def _notes(question: Question) -> Iterable[tuple[str, str]]:
    if question.external_id:
        yield "id", question.external_id
    for tagged in question.tagged.all():
        yield "tag", tagged.tag.name
    if question.difficulty:
        yield "tag", f"difficulty:{question.difficulty}"
    if question.framework:
        yield "tag", f"framework:{question.framework}"
    if question.archived:
        yield "archived", "yes"
    if question.kind == "short_answer" and not question.content.get("fold"):
        yield "case", "exact"
    if question.kind == "essay" and question.content.get("guidance"):
        yield "guidance", question.content["guidance"]
    if question.kind == "multiple" and question.content.get("all_or_nothing"):
        yield "marking", "all-or-nothing"


def _noted(text: str) -> str:
    return re.sub(r"([\]\\])", r"\\\1", text).replace("\n", "\\n")


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text).replace("\n", "\\n")


def _plain(text: str) -> str:
    """The text, marked as unformatted where it could be mistaken."""
    return ("[plain]" if _FORMATTED.search(text) else "") + _escaped(text)


def _said(answer: dict) -> str:
    return f"#{_plain(answer['feedback'])}" if answer.get("feedback") else ""


def _weight(answer: dict, *, usual: str = "1") -> str:
    """The share of the mark, where it is not the usual one or the text begins like a share."""
    worth = answer.get("fraction", usual)
    if worth == usual and not _WEIGHTED.match(answer.get("text", "")):
        return ""
    percent = f"{float(worth) * 100:.5f}".rstrip("0").rstrip(".")
    return f"%{percent}%"


_MARK, _USUAL = {True: "=", False: "~"}, {True: "1", False: "0"}


def _choice(content: dict) -> str:
    return "".join(
        f"\n{_MARK[choice['right']]}{_weight(choice, usual=_USUAL[choice['right']])}"
        f"{_plain(choice['text'])}{_said(choice)}"
        for choice in content["choices"]
    )


def _multiple(content: dict) -> str:
    choices = content["choices"]
    share = 100 / (sum(choice["right"] for choice in choices) or 1)
    lines = []
    for choice in choices:
        worth = (
            float(choice["fraction"]) * 100
            if "fraction" in choice
            else (share if choice["right"] else -share)
        )
        percent = f"{worth:.5f}".rstrip("0").rstrip(".")
        lines.append(f"\n~%{percent}%{_plain(choice['text'])}{_said(choice)}")
    return "".join(lines)


def _true_false(content: dict) -> str:
    right = content["right"]
    wrong_said = content.get("feedback_false" if right else "feedback_true", "")
    right_said = content.get("feedback_true" if right else "feedback_false", "")
    said = f"#{_plain(wrong_said)}#{_plain(right_said)}" if wrong_said or right_said else ""
    return f"{'TRUE' if right else 'FALSE'}{said}"


def _short_answer(content: dict) -> str:
    return "".join(
        f"\n={_weight(answer)}{_plain(answer['text'])}{_said(answer)}"
        for answer in content["accepted"]
    )


def _numerical(content: dict) -> str:
    lines = []
    for answer in content["accepted"]:
        if answer["value"] == "*" and answer.get("fraction") == "0":
            lines.append(f"\n~{_said(answer)}")
        else:
            spread = "" if answer["value"] == "*" else f":{answer.get('tolerance') or '0'}"
            lines.append(f"\n={_weight(answer)}{answer['value']}{spread}{_said(answer)}")
    return "#" + "".join(lines)


def _matching(content: dict) -> str:
    pairs = [f"\n={_plain(p['left'])} -> {_escaped(p['right'])}" for p in content["pairs"]]
    return "".join([*pairs, *(f"\n= -> {_escaped(text)}" for text in content.get("extra", []))])


def _essay(content: dict) -> str:
    return ""


_WRITERS = {
    "choice": _choice,
    "multiple": _multiple,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "essay": _essay,
}
