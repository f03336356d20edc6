"""GIFT, as Moodle reads it: one block of text a question."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from courses.imports.questions import gift_answers, gift_texts
from courses.imports.questions.parsed import (
    Item,
    NotTaken,
    Parsed,
    Source,
    category_path,
    checked,
    decoded,
    line_where,
)
from courses.imports.questions.texts import tidy

_NAME = re.compile(r"\s*::(.*?)::", re.DOTALL)
# Notes of Moodle's and of our own export, in a comment before the question.
_NOTE = re.compile(r"\[(id|tag|case|marking|archived|guidance):((?:\\.|[^\]\\])*)\]")
_CATEGORY = re.compile(r"\s*\$CATEGORY:\s*(.*)")
_BLANK = "_____"
_CLOSING_ONLY = re.compile(r"[\s.,;:!?\"'…]*")


@dataclass
class _Block:
    """The lines of one question, without comments."""

    line: int = 0
    lines: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def add(self, number: int, line: str) -> None:
        self.line = self.line or number
        self.lines.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_open(self) -> bool:
        return self.text.count("{") > self.text.count("}")


def read_gift(data: bytes) -> Source:
    """Every question of the file. Raises ImportRefused when it is no text in UTF-8."""
    source, category = Source(), tuple[str, ...]()
    for block in _blocks(decoded(data)):
        while found := _CATEGORY.match(block.lines[0] if block.lines else ""):
            category = category_path(gift_texts.unescaped(found[1]))
            block.lines.pop(0)
            block.line += 1
        if block.text.strip():
            source.items.append(_item(block, category))
    return source


def _blocks(text: str) -> list[_Block]:
    """Blank lines part questions, except within braces that are closed further on."""
    blocks, block = [], _Block()
    for at, raw in enumerate(text.split("\n"), 1):
        line = gift_texts.set_aside(raw)
        bare = line.strip()
        if bare.startswith("//"):
            if not block.lines:
                block.notes += _NOTE.findall(raw)
        elif not bare:
            if block.is_open:
                block.add(at, "")
            elif block.lines:
                blocks.append(block)
                block = _Block()
        elif block.is_open and "{" in line and block.lines[-1] == "":
            # The braces before were never closed: what begins here is another question.
            blocks.append(block)
            block = _Block()
            block.add(at, line)
        else:
            block.add(at, line)
    return [*blocks, block] if block.lines else blocks


def _item(block: _Block, category: tuple[str, ...]) -> Item:
    text, where = block.text, line_where(block.line)
    name = ""
    if found := _NAME.match(text):
        name, text = (
            tidy(gift_texts.unescaped(found[1])).replace("\n", " ")[:255],
            text[found.end() :],
        )
    item = Parsed(where, {}, name, category)
    try:
        item.question = _question(text, item)
    except NotTaken as refusal:
        return refusal.at(where, name or tidy(gift_texts.unescaped(text)))
    for key, value in block.notes:
        _take_note(item, key, _noted(value))
    return checked(item)


def _noted(written: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], written)


def _take_note(item: Parsed, key: str, value: str) -> None:
    if key == "id":
        item.external_id = value.strip()[:255]
    elif key == "tag":
        item.take_tags([value])
    elif key == "guidance" and item.question["kind"] == "essay":
        item.question["guidance"] = value
    elif key == "archived":
        item.archived = True
    elif key == "case" and item.question["kind"] == "short_answer":
        item.question["fold"] = value != "exact"
    elif key == "marking" and item.question["kind"] == "multiple":
        item.question["all_or_nothing"] = value == "all-or-nothing"


def _question(text: str, item: Parsed) -> dict:
    form, text = gift_texts.take_format(text, "moodle")
    start = text.find("{")
    if start < 0:
        raise NotTaken(
            _("There are no braces with answers: this is a text to read, not a question."),
            _("Put it into the lesson, or add the answers in braces."),
        )
    end = text.find("}", start)
    if end < 0:
        raise NotTaken(
            _("The braces of the answers are not closed."),
            _("Add the closing brace, and “\\” before a brace that is part of the text."),
        )
    if "{" in text[end:]:
        raise NotTaken(
            _("There are two pairs of braces in one question."),
            _("Part the questions by an empty line, and write “\\” before a brace of the text."),
        )
    asked = _joined(text[:start], text[end + 1 :])
    answers, explanation = text[start + 1 : end], ""
    if "####" in answers:
        answers, explanation = answers.split("####", 1)
    stem, stem_html = gift_texts.stem(asked, form, item)
    return {
        **_answers(answers.strip(), form),
        "stem": stem,
        "stem_html": stem_html,
        "explanation": gift_texts.text(explanation, form),
    }


def _joined(before: str, after: str) -> str:
    """The text around the braces, with a line to fill where they stood in a sentence."""
    before, after = before.rstrip(), after.rstrip()
    if not after.strip():
        return before
    if _CLOSING_ONLY.fullmatch(after) and before[-1:] in tuple(".?!:\ue005"):
        return before
    space = " " if before and not before.endswith("(") else ""
    return f"{before}{space}{_BLANK}{after}"


def _answers(answers: str, form: str) -> dict:
    """Which kind is meant, as Moodle decides it."""
    if not answers:
        return {"kind": "essay", "guidance": ""}
    if answers.startswith("#"):
        return gift_answers.numerical(answers[1:], form)
    if "~" in answers:
        return gift_answers.choices(answers, form)
    if answers.startswith("=") and gift_answers.has_pairs(answers):
        return gift_answers.matching(answers, form)
    verdict = answers.split("#", maxsplit=1)[0].strip().upper()
    if verdict in {"T", "TRUE", "F", "FALSE"}:
        return gift_answers.true_false(verdict.startswith("T"), answers, form)
    if answers.startswith("="):
        return gift_answers.short_answer(answers, form)
    raise NotTaken(
        _("The answers begin neither with “=” nor with “~”, “#”, TRUE or FALSE."),
        _("Mark each answer: “=” for right, “~” for wrong."),
    )
