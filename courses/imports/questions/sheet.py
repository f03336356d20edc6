"""A plain sheet of questions, one a row, as anybody keeps them in Excel."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from courses.import_report import ImportRefused
from courses.imports.questions.parsed import (
    Item,
    NotTaken,
    Parsed,
    Source,
    category_path,
    checked,
)
from courses.imports.questions.texts import number, said
from courses.imports.workbook import open_workbook, rows_of
from courses.text import fold, nfc

COLUMNS = {
    "stem": ("câu hỏi", "nội dung câu hỏi", "nội dung", "question"),
    "answer": ("đáp án", "đáp án đúng", "trả lời đúng", "answer"),
    "explanation": ("giải thích", "explanation"),
    "category": ("danh mục", "chủ đề", "category"),
    "tags": ("thẻ", "tags"),
    "difficulty": ("độ khó", "mức độ", "difficulty"),
    "framework": ("mã khung", "mã năng lực", "framework"),
    "number": ("mã số", "stt", "id"),
}
"""Headings as they are written, the first as our own sheet writes it; marks and case aside."""

_NUMBERS = {letter: str(number) for number, letter in enumerate("ABCDEFGHIJ", 1)}
_OPTION = re.compile(
    r"(?:(?:phuong an|lua chon|dap an|tra loi|option|pa)\s*)?([a-j])"
    r"|(?:phuong an|lua chon|tra loi|option|pa)\s*(10|[1-9])"
)
_DIFFICULTIES = {
    "de": "easy",
    "nhan biet": "easy",
    "trung binh": "medium",
    "thong hieu": "medium",
    "kho": "hard",
    "van dung": "hard",
    "van dung cao": "hard",
}
_SEARCHED_ROWS = 20


def read_sheet(data: bytes) -> Source:
    """Every filled row of the first sheet that has the headings for question and answer; other
    sheets and columns are named in a warning. Raises ImportRefused when it is no workbook, or
    no sheet has such headings."""
    book, source, found = open_workbook(data), Source(), None
    for sheet, name in enumerate(book.sheet_names):
        rows = rows_of(book, sheet)
        headings = None if found else _headings(rows)
        if headings:
            found = rows, *headings
        elif rows:
            source.warnings.append(_("The sheet “%(name)s” was left out.") % {"name": name})
    if found is None:
        raise ImportRefused(
            _("No row has the headings “Câu hỏi” and “Đáp án”. Take the sample sheet and fill it.")
        )
    rows, at, places, options = found
    taken = {*places.values(), *options.values()}
    for place, heading in enumerate(rows[at]):
        if place not in taken and _text(heading):
            source.warnings.append(
                _("The column “%(name)s” is not known here and was left out.")
                % {"name": _text(heading)}
            )
    for line, row in enumerate(rows[at + 1 :], at + 2):
        cells = [_text(cell) for cell in row]
        if any(cells):
            source.items.append(_item(cells, places, options, _("row %(n)s") % {"n": line}))
    return source


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return nfc(str(cell)) if cell not in ("", None) else ""


def _headings(
    rows: Sequence[Sequence[object]],
) -> tuple[int, dict[str, int], dict[str, int]] | None:
    """The row of headings, under whatever title rows: places of columns and of the options."""
    known = {fold(name): column for column, names in COLUMNS.items() for name in names}
    for at, row in enumerate(rows[:_SEARCHED_ROWS]):
        folded = [fold(_text(cell)) for cell in row]
        places = {known[text]: place for place, text in enumerate(folded) if text in known}
        if {"stem", "answer"} <= places.keys():
            options = {
                (found[1] or found[2]).upper(): place
                for place, text in enumerate(folded)
                if (found := _OPTION.fullmatch(text))
            }
            return at, places, options
    return None


def _item(cells: list[str], places: dict[str, int], options: dict[str, int], where: str) -> Item:
    def cell(column: str) -> str:
        place = places.get(column, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    offered = {
        letter: cells[place].strip()
        for letter, place in options.items()
        if place < len(cells) and cells[place].strip()
    }
    try:
        question = _question(cell("answer"), offered)
    except NotTaken as refusal:
        return refusal.at(where, cell("stem"))
    question |= {"stem": cell("stem"), "stem_html": "", "explanation": cell("explanation")}
    item = Parsed(where, question, category=category_path(cell("category")))
    item.external_id = f"sheet:{cell('number')}" if cell("number") else ""
    item.framework = cell("framework")[:60]
    item.difficulty = _DIFFICULTIES.get(fold(cell("difficulty")), "")
    if cell("difficulty") and not item.difficulty:
        item.warnings.append(
            _("“%(written)s” is no difficulty and was left out") % {"written": cell("difficulty")}
        )
    item.take_tags(tag for tag in re.split(r"[,;]", cell("tags")))
    return checked(item)


def _question(answer: str, offered: dict[str, str]) -> dict:
    if not answer:
        raise NotTaken(
            _("The column “Đáp án” is empty."),
            _("Write the letter of the right option, several letters, or the answer itself."),
        )
    if offered:
        return _choices(answer, offered)
    if fold(answer) in {"dung", "sai"}:
        return {"kind": "true_false", "right": fold(answer) == "dung"}
    if (value := number(answer)) is not None:
        accepted = [{"value": said(value), "tolerance": "0", "fraction": "1", "feedback": ""}]
        return {"kind": "numerical", "accepted": accepted}
    texts = [text.strip() for text in answer.split("|") if text.strip()]
    return {
        "kind": "short_answer",
        "accepted": [{"text": text, "fraction": "1", "feedback": ""} for text in texts],
        "fold": True,
    }


def _choices(answer: str, offered: dict[str, str]) -> dict:
    letters = [letter for letter in re.split(r"[\s,;.]+", answer.upper()) if letter]
    if "1" in offered:
        letters = [_NUMBERS.get(letter, letter) for letter in letters]
    if not set(letters) <= set(offered):
        # The right answer may be written out instead of its letter.
        written = answer.casefold()
        letters = [one for one, text in offered.items() if text.casefold() == written] or letters
    unknown = [letter for letter in letters if letter not in offered]
    if unknown:
        raise NotTaken(
            _("The answer %(key)s is none of the options.") % {"key": ", ".join(unknown)},
            _("Write the letters of the right options, for example B or A, C."),
        )
    choices = [
        {"text": text, "right": letter in letters, "feedback": ""}
        for letter, text in offered.items()
    ]
    if len(letters) == 1:
        return {"kind": "choice", "choices": choices}
    return {"kind": "multiple", "choices": choices, "all_or_nothing": False}
