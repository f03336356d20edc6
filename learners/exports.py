"""Workbooks that open right in Excel: real dates, text numbers, a source line, a total.

Rows are written as they come and never kept: seventy thousand cost the memory of one.
Text is always written as text, so nothing that a person typed can become a formula.
The same sheet as CSV is for machines and for whoever has no Excel.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any

import xlsxwriter
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

FONT = "Times New Roman"

PROVINCE = "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN"
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
DRAWN_UP_BY = "NGƯỜI LẬP BIỂU"
HEAD_OF_UNIT = "THỦ TRƯỞNG ĐƠN VỊ"
SIGN_HERE = "(Ký, ghi rõ họ tên)"
SIGN_AND_SEAL = "(Ký, đóng dấu, ghi rõ họ tên)"
"""What stands on every official paper of the province, in whatever language it is read."""

Cell = str | int | Decimal | date | None


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    """A share of one hundred, as on the page: 76,7."""
    RATIO = "ratio"
    """Between −1 and 1: 0,42."""
    DAY = "day"


@dataclass(frozen=True)
class Column:
    title: str
    width: int
    kind: Kind = Kind.TEXT
    total: int | Decimal | None = None
    """What the page says this column adds up to; the sheet adds for itself beside it."""
    is_sum: bool = True
    """Not of a column that counts each once: there the whole is less than the sum of the rows."""


@dataclass(frozen=True)
class Sheet:
    name: str
    """At most 31 letters, in Vietnamese."""
    title: str
    source: Sequence[str]
    """Period, unit, filters, rule and time, in words, one line each."""
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    total_label: str = ""
    unit: str = ""
    """Who reports. With it the sheet is an official paper: nation, place, day, signatures."""


def place_and_day(day: date) -> str:
    """ "Nghệ An, ngày 03 tháng 01 năm 2026", as the rules on official papers write it."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"Nghệ An, ngày {day.day:02} tháng {month} năm {day.year}"


def stamp() -> str:
    """When the figures were read, in words."""
    return _("Read at %(time)s") % {"time": date_format(localtime(), "DATETIME_FORMAT")}


def workbook(sheet: Sheet, *, dated: bool = True) -> IO[bytes]:
    """The workbook as a temporary file, open at its beginning; closing it removes it.

    Undated, the same rows give the same bytes on any day.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        if not dated:
            book.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001 - no moment
        styles = _styles(book)
        page = book.add_worksheet(sheet.name[:31])
        head = _write_head(page, sheet, styles)
        last = _write_rows(page, sheet, styles, head)
        _write_total(page, sheet, styles, head, last)
        if sheet.unit:
            _write_signatures(page, sheet, styles, last + 3)
        page.freeze_panes(head + 1, 1)
        page.autofilter(head, 0, max(head, last), len(sheet.columns) - 1)
        page.repeat_rows(head)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer("&C&P/&N")
    file.seek(0)
    return file


def _styles(book: xlsxwriter.Workbook) -> dict[str, Format]:
    base: dict[str, Any] = {"font_name": FONT, "font_size": 12, "valign": "top"}
    cell = base | {"border": 1}
    kinds: dict[Kind, dict[str, Any]] = {
        Kind.TEXT: {"num_format": "@", "text_wrap": True},
        Kind.NUMBER: {"num_format": "#,##0"},
        Kind.PERCENT: {"num_format": "0.0"},
        Kind.RATIO: {"num_format": "0.00"},
        Kind.DAY: {"num_format": "dd/mm/yyyy", "align": "center"},
    }
    styles = {kind.value: book.add_format(cell | more) for kind, more in kinds.items()}
    for kind, more in kinds.items():
        styles[f"total-{kind}"] = book.add_format(cell | more | {"bold": True})
    middle = base | {"align": "center"}
    styles["nation"] = book.add_format(middle | {"bold": True})
    styles["place"] = book.add_format(middle | {"italic": True})
    styles["office"] = book.add_format(base | {"bold": True})
    styles["title"] = book.add_format(base | {"bold": True, "font_size": 14})
    styles["source"] = book.add_format(base | {"italic": True})
    styles["head"] = book.add_format(
        cell | {"bold": True, "text_wrap": True, "align": "center", "bg_color": "#E8EEF5"}
    )
    return styles


def _write_head(page: Worksheet, sheet: Sheet, styles: dict[str, Format]) -> int:
    """Office, title, source lines, column titles; returns the row of the column titles."""
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
    page.write_string(0, 0, PROVINCE, styles["office"])
    row = 2
    if sheet.unit:
        _across(page, sheet, 0, NATION, styles["nation"])
        page.write_string(1, 0, sheet.unit.upper(), styles["office"])
        _across(page, sheet, 1, MOTTO, styles["nation"])
        _across(page, sheet, 2, place_and_day(localdate()), styles["place"])
        row = 4
    page.write_string(row, 0, sheet.title, styles["title"])
    row += 1
    for line in sheet.source:
        page.write_string(row, 0, line, styles["source"])
        row += 1
    head = row + 1
    for place, column in enumerate(sheet.columns):
        page.write_string(head, place, column.title, styles["head"])
    return head


def _write_rows(page: Worksheet, sheet: Sheet, styles: dict[str, Format], head: int) -> int:
    """The rows; returns the number of the last one, the head's when there is none."""
    row = head
    for row, cells in enumerate(sheet.rows, start=head + 1):
        for place, (column, value) in enumerate(zip(sheet.columns, cells, strict=True)):
            _write_cell(page, row, place, value, styles[column.kind])
    return row


def _write_cell(page: Worksheet, row: int, place: int, value: Cell, style: Format) -> None:
    if value is None:
        page.write_blank(row, place, None, style)
    elif isinstance(value, str):
        page.write_string(row, place, value, style)
    elif isinstance(value, date):
        page.write_datetime(row, place, value, style)
    else:
        page.write_number(row, place, value, style)


def _write_total(
    page: Worksheet, sheet: Sheet, styles: dict[str, Format], head: int, last: int
) -> None:
    """A line of sums under the rows; each formula carries the figure of the page as its value."""
    if not sheet.total_label:
        return
    row = last + 1
    page.write_string(row, 0, sheet.total_label, styles["total-text"])
    for place, column in enumerate(sheet.columns[1:], start=1):
        style = styles[f"total-{column.kind}"]
        if column.total is None:
            page.write_blank(row, place, None, style)
        elif column.kind == Kind.NUMBER and column.is_sum and last > head:
            cells = xlsxwriter.utility.xl_range(head + 1, place, last, place)
            page.write_formula(row, place, f"=SUM({cells})", style, column.total)
        else:
            page.write_number(row, place, column.total, style)


def _write_signatures(page: Worksheet, sheet: Sheet, styles: dict[str, Format], row: int) -> None:
    page.write_string(row, 0, DRAWN_UP_BY, styles["nation"])
    _across(page, sheet, row, HEAD_OF_UNIT, styles["nation"])
    page.write_string(row + 1, 0, SIGN_HERE, styles["place"])
    _across(page, sheet, row + 1, SIGN_AND_SEAL, styles["place"])


def _across(page: Worksheet, sheet: Sheet, row: int, text: str, style: Format) -> None:
    """In the right half of the sheet."""
    last = len(sheet.columns) - 1
    first = max(1, (last + 1) // 2)
    if first < last:
        page.merge_range(row, first, row, last, text, style)
    else:
        page.write_string(row, first, text, style)


# ------------------------------------------------------------------ CSV

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(sheet: Sheet) -> IO[bytes]:
    """The rows as CSV in a temporary file, with the mark by which Excel knows UTF-8.

    Titles first, then the rows, without heading and total: a machine reads it. Days are
    2026-11-23. What looks like a formula gets an apostrophe in front, and a number written as
    text with a zero in front, or longer than Excel's fifteen digits, a tab.
    """
    file = tempfile.TemporaryFile(suffix=".csv")  # noqa: SIM115 - the response closes it
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([column.title for column in sheet.columns])
    for cells in sheet.rows:
        writer.writerow([_csv_cell(value) for value in cells])
    text.detach()
    file.seek(0)
    return file


def _csv_cell(value: Cell) -> str | int | Decimal:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    if value.startswith(FORMULA_STARTS):
        return f"'{value}"
    is_number = value.isascii() and value.isdigit()
    return f"\t{value}" if is_number and (value[0] == "0" or len(value) > 15) else value
