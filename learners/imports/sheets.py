"""Lists as offices keep them: an Excel workbook, or CSV in any of the usual writings.

The table may begin anywhere below title rows, under one row of headings or two, and its columns
may stand in any order. Rows come one after the other and are not kept, so that seventy thousand
cost the memory of the file.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from courses.import_report import ImportRefused
from courses.imports.workbook import marks_of, open_workbook, sheet_of
from courses.text import fold
from learners.imports.cells import Broken, text

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Aliases = Mapping[str, Sequence[str]]
"""What a column may be called; marks, capitals and what stands in brackets aside."""

SEARCHED_ROWS = 30
"""How far down the headings are looked for."""

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OLD_WRITINGS = ("cp1258", "cp1252")
"""Of Windows before Unicode; cp1258 keeps marks apart from their letters."""
_NUMBERING = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?")


@dataclass(frozen=True)
class Headings:
    """The headings of a table, and which of its columns are known."""

    line: int
    """The last row of headings, as Excel numbers it."""
    titles: tuple[str, ...]
    places: Mapping[str, int]
    """Column by name; where two headings mean the same, the first."""

    def known(self) -> set[str]:
        return set(self.places)


@dataclass(frozen=True)
class Sheet:
    """One table in a file. `rows` may be read as often as wanted."""

    lines: Callable[[], Iterator[Any]]
    """All rows of the file from the first on; a workbook's are kept packed."""
    headings: Headings
    warnings: tuple[str, ...] = ()
    broken: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    """Cells that show an error, by line and place: the reader of the file calls them empty."""
    first: int = 0
    """How many empty columns stand before the table: the reader of the file leaves them out, and
    places are counted from behind them."""

    def rows(self, *, after: int = 0) -> Iterator[tuple[int, list[Cell]]]:
        """Filled rows below the headings with their numbers, from behind the row `after` on.

        Passes over the headings repeated on a new page. Raises ImportRefused where the file
        breaks off.
        """
        begin = max(after, self.headings.line)
        titles = self.headings.titles
        first = next((place for place, title in enumerate(titles) if title), 0)
        initial = titles[first][:1].lower() if titles else ""
        for number, cells in enumerate(islice(self.lines(), begin, None), begin + 1):
            if number in self.broken:
                cells = _with_broken(cells, self.broken[number])
            head = cells[first] if first < len(cells) else ""
            if head == "" or head is None:
                if not any(cell not in ("", None) for cell in cells):
                    continue
                if number not in self.broken and not any(map(text, cells)):
                    continue
            elif isinstance(head, str):
                if head.strip()[:1].lower() == initial and self._repeats(cells):
                    continue
                if _NUMBERING.fullmatch(head) and _only_numbers_columns([*map(text, cells)]):
                    continue
            yield number, cells

    def _repeats(self, cells: Sequence[Cell]) -> bool:
        """Whether the headings stand here once more, in whatever letters."""
        said = [heading_key(text(cell)) for cell in cells[: len(self.headings.titles)]]
        titles = [heading_key(title) for title in self.headings.titles]
        # Of two rows of headings the first says "Ngày sinh" where both say "Ngày sinh Nam".
        alike = [
            title == key or title.startswith(f"{key} ")
            for key, title in zip(said, titles, strict=False)
            if key
        ]
        return len(alike) > 1 and all(alike)


def _with_broken(cells: Sequence[Cell], broken: Mapping[int, str]) -> list[Cell]:
    whole = list(cells) + [""] * (max(broken) + 1 - len(cells))
    for place, shown in broken.items():
        whole[place] = Broken(shown)
    return whole


def column_letters(place: int) -> str:
    """How Excel calls a column: A, B ... Z, AA."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def open_sheet(data: bytes, aliases: Aliases, *, measured: bool = False) -> Sheet:
    """The table with the most known headings. Raises ImportRefused for what is no table, and
    for one in which fewer than two columns are known; the sentence names those looked for.

    `measured` spares the look for far-away cells in a workbook that was opened before.
    """
    if data.startswith(_WORKBOOKS):
        found = _in_workbook(data, aliases, measured=measured)
    else:
        found = _in_csv(data, aliases)
    if found is None or len(found.headings.places) < 2:
        wanted = ", ".join(f"“{names[0]}”" for names in list(aliases.values())[:4])
        raise ImportRefused(
            _(
                "No row with headings was found among the first %(n)d. Write the headings above"
                " the table, for example %(wanted)s."
            )
            % {"n": SEARCHED_ROWS, "wanted": wanted}
        )
    return found


def heading_key(title: str) -> str:
    """What a heading is recognised by: letters and digits without marks, nothing in brackets."""
    bare = re.sub(r"\([^)]*\)", " ", fold(title))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


# ------------------------------------------------------------------ files


def _in_workbook(data: bytes, aliases: Aliases, *, measured: bool) -> Sheet | None:
    book = open_workbook(data, measured=measured)
    found: tuple[str, Sheet] | None = None
    left_out = []
    for place, name in enumerate(book.sheet_names):
        sheet = sheet_of(book, place)
        lines, first = sheet.iter_rows, (sheet.start or (0, 0))[1]
        headings = find_headings(_texts(lines()), aliases)
        if headings is None or (found and len(headings.places) <= len(found[1].headings.places)):
            left_out.append(name)
            continue
        if found:
            left_out.append(found[0])
        found = name, Sheet(lines, headings, first=first)
    if found is None:
        return None
    warnings = [_("The sheet “%(name)s” was left out.") % {"name": name} for name in left_out]
    marks = marks_of(data, found[0])
    if marks.hidden_rows:
        warnings.append(
            _("The sheet hides %(n)d rows; they are read like the others.")
            % {"n": marks.hidden_rows}
        )
    if marks.hidden_columns:
        warnings.append(_("The sheet hides columns; they are read like the others."))
    first = found[1].first
    broken = {
        line: {place - first: shown for place, shown in cells.items() if place >= first}
        for line, cells in marks.broken.items()
        if max(cells) >= first
    }
    return replace(found[1], warnings=tuple(warnings), broken=broken)


def _in_csv(data: bytes, aliases: Aliases) -> Sheet | None:
    """The writing and the delimiter under which the most headings are known."""
    found: Sheet | None = None
    for encoding in _writings(data):
        for delimiter in (";", ",", "\t"):
            lines = partial(_lines_of_csv, data, encoding, delimiter)
            headings = find_headings(_texts(lines()), aliases)
            if headings and (not found or len(headings.places) > len(found.headings.places)):
                found = Sheet(lines, headings)
    return found


def _writings(data: bytes) -> Sequence[str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    sample = data[:2000]
    if sample.count(0) > len(sample) // 4:
        return ["utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"]
    try:
        for piece in codecs.iterdecode(io.BytesIO(data), "utf-8"):
            del piece
    except UnicodeDecodeError:
        return _OLD_WRITINGS
    return ["utf-8-sig"]


def _lines_of_csv(data: bytes, encoding: str, delimiter: str) -> Iterator[list[Cell]]:
    file = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="replace", newline="")
    try:
        yield from csv.reader(file, delimiter=delimiter)
    except csv.Error as error:
        raise ImportRefused(
            _("The file breaks off or is no table: %(error)s.") % {"error": error}
        ) from None


# ------------------------------------------------------------------ headings


def _texts(rows: Iterator[Any]) -> list[list[str]]:
    return [[text(cell) for cell in row] for row in islice(rows, SEARCHED_ROWS + 2)]


def find_headings(rows: Sequence[Sequence[str]], aliases: Aliases) -> Headings | None:
    """The row that holds the most known headings, with a second row of headings below it
    joined to the first ("Ngày sinh" over "Nam" and "Nữ"); None where none is known."""
    best: Headings | None = None
    for at in range(min(len(rows), SEARCHED_ROWS)):
        titles = tuple(rows[at])
        places = places_of(titles, aliases)
        if not places or (best and len(places) <= len(best.places)):
            continue
        last = at
        if at + 1 < len(rows) and _divides(titles, rows[at + 1]):
            titles = _joined(titles, rows[at + 1])
            places = places_of(titles, aliases)
            last += 1
        if last + 1 < len(rows) and _only_numbers_columns(rows[last + 1]):
            last += 1
        best = Headings(last + 1, titles, places)
    return best


def places_of(titles: Sequence[str], aliases: Aliases) -> dict[str, int]:
    """Where each known column stands; of two headings that mean the same, the first."""
    names = _names(tuple((column, tuple(known)) for column, known in aliases.items()))
    places: dict[str, int] = {}
    for place, title in enumerate(titles):
        column = names.get(heading_key(title)) if title else None
        if column is not None:
            places.setdefault(column, place)
    return places


@cache
def _names(aliases: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    return {heading_key(name): column for column, known in aliases for name in known}


def _divides(titles: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the row below only divides some of the titles, each into two or more."""
    filled = [place for place, title in enumerate(below) if title]
    if len(filled) < 2 or any(re.search(r"\d", below[place]) for place in filled):
        return False
    groups: dict[int, int] = {}
    for place in filled:
        head = _head(titles, place)
        if head < 0:
            return False
        groups[head] = groups.get(head, 0) + 1
    return all(count > 1 for count in groups.values())


def _head(titles: Sequence[str], place: int) -> int:
    """The title over a place: its own, or the nearest to the left; -1 for none."""
    place = min(place, len(titles) - 1)
    while place >= 0 and not titles[place]:
        place -= 1
    return place


def _joined(titles: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    width = max(len(titles), len(below))
    joined = []
    for place in range(width):
        title = titles[place] if place < len(titles) else ""
        part = below[place] if place < len(below) else ""
        head = _head(titles, place)
        joined.append(f"{titles[head]} {part}" if part and head >= 0 else title)
    return tuple(joined)


def _only_numbers_columns(row: Sequence[str]) -> bool:
    """ "(1) (2) (3)" or "A B 1 2" under the headings."""
    filled = [title for title in row if title]
    return len(filled) > 2 and all(_NUMBERING.fullmatch(title) for title in filled)
