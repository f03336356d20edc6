"""Excel workbooks, measured before they are opened: the reader allots every cell between the
first and the last, so one cell far away would take all the memory there is."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml import etree
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from courses.import_report import ImportRefused
from courses.imports.archives import open_archive, read_entry
from courses.imports.questions.xml import Element, local, parse

MOST_CELLS = 3_000_000
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_BARE_CELL = re.compile(rb"<c[\s/>]")
_EXCELS_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})\d')
_EXCELS_ROW = re.compile(rb'<c r="[A-Z]{1,3}(\d{1,7})"')
_ADDRESS = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""", re.IGNORECASE)
_NEAR = 300
"""How far apart the parts of a cell are looked for, so that no file makes the look long."""
_ERROR = re.compile(rb'<c\s([^>]{0,300}\bt="e"[^>]{0,300})>(.{0,300}?)</c>', re.DOTALL)
_FORMULA = re.compile(
    rb"<c\s([^>]{0,300})><f(?:\s[^>]{0,300})?(?:/>|>[^<]{0,9000}</f>)(?:<v\s*/>|<v></v>)?</c>"
)
_VALUE = re.compile(rb"<v>([^<]{1,20})</v>")
_HIDDEN_ROW = re.compile(rb'<row\s[^>]{0,300}?\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<col\s[^>]{0,300}?\bhidden="(?:1|true)"')
_OLD = b"\xd0\xcf\x11\xe0"


def open_workbook(data: bytes, *, measured: bool = False) -> CalamineWorkbook:
    """An .xlsx or .xls file whose sheets fit into memory. Raises ImportRefused for others.

    `measured` spares the second look at a file that was opened before.
    """
    if not measured and not data.startswith(_OLD):
        _measure(data)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, ValueError) as error:
        raise _damaged() from error


def rows_of(book: CalamineWorkbook, place: int) -> list[list]:
    """One sheet from its first cell on, so that rows have the numbers that Excel shows.

    Raises ImportRefused when it is damaged or too large.
    """
    return list(stream_rows(book, place))


def stream_rows(book: CalamineWorkbook, place: int) -> Iterator[list]:
    """As `rows_of`, one row after the other: the sheet is kept packed, not as objects."""
    return sheet_of(book, place).iter_rows()


def sheet_of(book: CalamineWorkbook, place: int) -> CalamineSheet:
    """One sheet, packed; its rows may be gone through as often as wanted.

    Raises ImportRefused when it is damaged or too large.
    """
    try:
        sheet = book.get_sheet_by_index(place)
    except (CalamineError, ValueError, IndexError) as error:
        raise _damaged() from error
    rows, columns = sheet.end or (0, 0)
    if (rows + 1) * (columns + 1) > MOST_CELLS:
        raise _too_large(_("row %(n)s") % {"n": rows + 1})
    return sheet


@dataclass(frozen=True)
class Marks:
    """What a reader of values does not see of a sheet: line by line, by place from 0 on."""

    broken: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    """The errors shown ("#N/A"); "" for a formula that was never calculated."""
    hidden_rows: int = 0
    hidden_columns: bool = False


def marks_of(data: bytes, name: str) -> Marks:
    """The marks of the sheet of that name; none for an old workbook, or for one that is written
    in an uncommon way. Raises ImportRefused for a damaged one. Looks at the bytes, in a tenth of
    the time of reading the document."""
    if data.startswith(_OLD):
        return Marks()
    archive = open_archive(data)
    path = _path_of(archive, name)
    content = read_entry(archive, path) if path in archive.namelist() else b""
    broken: dict[int, dict[int, str]] = {}
    found = [(cell[1], cell[2]) for cell in _cells(content, b't="e"', _ERROR)]
    found += [
        (cell[1], b"")
        for cell in _cells(content, b"<f", _FORMULA)
        if b't="str"' not in cell[1]  # Text that is empty is a result.
    ]
    for attributes, shown in found:
        if at := _ADDRESS.search(b" " + attributes):
            place = _column(at[1].decode().upper()) - 1
            value = _VALUE.search(shown)
            broken.setdefault(int(at[2]), {})[place] = value[1].decode() if value else ""
    if b"hidden=" not in content:
        return Marks(broken)
    hidden = len(_HIDDEN_ROW.findall(content))
    return Marks(broken, hidden, bool(_HIDDEN_COLUMN.search(content)))


def _cells(
    content: bytes, mark: bytes, pattern: "re.Pattern[bytes]"
) -> Iterator["re.Match[bytes]"]:
    """The cells around each mark that are written like the pattern."""
    at = content.find(mark)
    while at >= 0:
        cell = pattern.match(content, content.rfind(b"<c ", max(0, at - _NEAR), at))
        if cell:
            yield cell
        at = content.find(mark, at + len(mark))


def _path_of(archive: zipfile.ZipFile, name: str) -> str:
    """Where the sheet of that name lies; "" where the workbook does not say."""
    book, links = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if not {book, links} <= set(archive.namelist()):
        return ""
    sheets = {
        node.get("name"): next((v for k, v in node.attrib.items() if k.endswith("}id")), "")
        for node in parse(read_entry(archive, book), book).iter("{*}sheet")
    }
    targets = {
        node.get("Id"): node.get("Target", "")
        for node in parse(read_entry(archive, links), links).iter("{*}Relationship")
    }
    target = targets.get(sheets.get(name, ""), "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _measure(data: bytes) -> None:
    archive = open_archive(data)
    if "xl/workbook.xml" not in archive.namelist():
        raise _damaged()
    for entry in archive.namelist():
        _measure_sheet(archive, entry)


def _measure_sheet(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a sheet with a filled cell too far from the first, wherever the sheet is kept."""
    content = read_entry(archive, name)
    if b"sheetData" not in content or _is_plainly_small(content):
        return
    rows = columns = 0
    try:
        nodes = etree.iterparse(
            io.BytesIO(content), resolve_entities=False, no_network=True, load_dtd=False
        )
        for _event, node in nodes:
            if local(node) != "row":
                continue
            for place, cell in enumerate(node, 1):
                # Cells may leave their place to be counted; empty ones take none.
                if len(cell):
                    row, column = _place(cell, node, place)
                    rows, columns = max(rows, row), max(columns, column)
            if rows * columns > MOST_CELLS:
                raise _too_large(_("row %(n)s") % {"n": rows})
            node.clear()
    except (etree.LxmlError, ValueError) as error:
        raise _damaged() from error


def _is_plainly_small(content: bytes) -> bool:
    """Whether every cell says where it stands, and none stands too far. A twentieth of the
    time of reading the document, which remains for whatever is written in another way."""
    rows = columns = cells = written = 0
    for piece in _pieces(content):
        if b":c" not in piece:
            # As Excel writes: half the time of what allows for every other writing.
            numbers = _EXCELS_ROW.findall(piece)
            if len(numbers) == len(_BARE_CELL.findall(piece)):
                seen = set(_EXCELS_COLUMN.findall(piece))
                columns = max([columns, *(_column(found.decode()) for found in seen)])
                rows = max([rows, *map(int, set(numbers))])
                continue
        addresses = _ADDRESS.findall(piece)
        letters = [found for found, _row in addresses if found]
        cells += len(letters)
        written += len(_CELL.findall(piece))
        columns = max([columns, *(_column(found.decode().upper()) for found in set(letters))])
        rows = max([rows, *(int(row) for row in {row for _letters, row in addresses})])
    return written == cells and rows * columns <= MOST_CELLS


def _pieces(content: bytes) -> Iterator[bytes]:
    """The document in pieces of a megabyte, each ending before a tag begins."""
    start = 0
    while start < len(content):
        end = content.find(b"<", start + 2**20)
        end = len(content) if end < 0 else end
        yield content[start:end]
        start = end


def _place(cell: Element, row: Element, place: int) -> tuple[int, int]:
    """Row and column of a cell. Raises ValueError for a place that is none."""
    if "r" not in cell.attrib:
        return int(row.get("r", 1)), place
    at = _PLACE.fullmatch(cell.get("r").upper())
    if at is None:
        raise ValueError
    return int(at[2]), _column(at[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _damaged() -> ImportRefused:
    return ImportRefused(_("The file is no Excel workbook, or it is damaged."))


def _too_large(where: str) -> ImportRefused:
    return ImportRefused(
        _("The sheet reaches as far as %(where)s. Delete what stands far from the table.")
        % {"where": where}
    )
