"""Workbooks that open right in Excel: real dates, text numbers, a source line, a total.

Rows are written as they come and never kept: seventy thousand cost the memory of one.
Text is always written as text, so nothing that a person typed can become a formula.
"""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any

import xlsxwriter
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

FONT = "Times New Roman"

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


def stamp() -> str:
    """When the figures were read, in words."""
    return _("Read at %(time)s") % {"time": date_format(localtime(), "DATETIME_FORMAT")}


def workbook(sheet: Sheet) -> IO[bytes]:
    """The workbook as a temporary file, open at its beginning; closing it removes it."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        styles = _styles(book)
        page = book.add_worksheet(sheet.name[:31])
        head = _write_head(page, sheet, styles)
        last = _write_rows(page, sheet, styles, head)
        _write_total(page, sheet, styles, head, last)
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
    page.write_string(0, 0, "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN", styles["office"])
    page.write_string(2, 0, sheet.title, styles["title"])
    row = 3
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
        elif column.kind == Kind.NUMBER and last > head:
            cells = xlsxwriter.utility.xl_range(head + 1, place, last, place)
            page.write_formula(row, place, f"=SUM({cells})", style, column.total)
        else:
            page.write_number(row, place, column.total, style)
