"""Reports on official paper: nation, unit, place and day, table, signatures. Drawn as PDF.

Built straight on ReportLab: a table of hundreds of rows over many pages is its trade. Fonts
are those of the certificates, embedded. Nothing is fetched.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import IO, Any

from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from certificates.layout import BODY_FONT, STRONG_FONT
from learners.exports import (
    DRAWN_UP_BY,
    HEAD_OF_UNIT,
    MOTTO,
    NATION,
    PROVINCE,
    SIGN_AND_SEAL,
    SIGN_HERE,
    Cell,
    Kind,
    Sheet,
    place_and_day,
)

MARGIN = 15 * mm
HEAD_COLOUR = colors.HexColor("#E8EEF5")
NUMBERS = (Kind.NUMBER, Kind.PERCENT, Kind.RATIO)


@cache
def styles() -> dict[str, ParagraphStyle]:
    pdfmetrics.registerFont(TTFont("Report", BODY_FONT, asciiReadable=0))
    pdfmetrics.registerFont(TTFont("Report-Bold", STRONG_FONT, asciiReadable=0))
    pdfmetrics.registerFontFamily("Report", normal="Report", bold="Report-Bold")
    body = ParagraphStyle("body", fontName="Report", fontSize=8.5, leading=11)
    bold = ParagraphStyle("bold", body, fontName="Report-Bold")
    return {
        "body": body,
        "bold": bold,
        "right": ParagraphStyle("right", body, alignment=TA_RIGHT),
        "right-bold": ParagraphStyle("right-bold", bold, alignment=TA_RIGHT),
        "middle": ParagraphStyle("middle", body, alignment=TA_CENTER),
        "middle-bold": ParagraphStyle("middle-bold", bold, alignment=TA_CENTER),
        "title": ParagraphStyle(
            "title", bold, alignment=TA_CENTER, fontSize=13, leading=17, spaceBefore=4, spaceAfter=2
        ),
        "heading": ParagraphStyle(
            "heading", bold, fontSize=10, leading=13, spaceBefore=5, spaceAfter=2
        ),
        "source": ParagraphStyle("source", body, fontSize=7.5, leading=10, alignment=TA_CENTER),
        "small": ParagraphStyle("small", body, fontSize=6.8, leading=8.6),
        "big": ParagraphStyle("big", bold, fontSize=22, leading=27),
    }


def say(text: object, style: str = "body") -> Paragraph:
    """Words as they are: nothing that a person typed is markup."""
    return Paragraph(escape(str(text)), styles()[style])


def sheet_pdf(sheet: Sheet) -> IO[bytes]:
    """The rows of a workbook on A4, with their total; lying when there are many columns."""
    is_wide = len(sheet.columns) > 5
    page = landscape(A4) if is_wide else A4
    return official_pdf(
        title=sheet.title,
        unit=sheet.unit,
        source=sheet.source,
        story=[_table(sheet, page[0] - 2 * MARGIN)],
        page=page,
    )


def official_pdf(
    *,
    title: str,
    unit: str,
    source: Iterable[str],
    story: Sequence[Flowable],
    page: tuple[float, float] = A4,
    margin: float = MARGIN,
) -> IO[bytes]:
    """A report with everything that an official paper of the province carries."""
    made = io.BytesIO()
    document = SimpleDocTemplate(
        made,
        pagesize=page,
        leftMargin=margin,
        rightMargin=margin,
        topMargin=margin * 0.8,
        bottomMargin=margin,
        title=title,
        author=unit,
        lang="vi",
    )
    width = page[0] - 2 * margin
    document.build(
        [
            _nation(unit, width),
            say(title, "title"),
            *(say(line, "source") for line in source),
            Spacer(0, 2 * mm),
            *story,
            _signatures(width),
        ],
        onFirstPage=_number,
        onLaterPages=_number,
    )
    made.seek(0)
    return made


def _nation(unit: str, width: float) -> Table:
    left = [say(PROVINCE, "middle"), say(unit.upper(), "middle-bold")]
    right = [
        say(NATION, "middle-bold"),
        say(MOTTO, "middle-bold"),
        say(place_and_day(localdate()), "middle"),
    ]
    return Table([[left, right]], colWidths=[width * 0.42, width * 0.58], style=PLAIN)


PLAIN = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]


def _signatures(width: float) -> Flowable:
    cells = [
        [say(DRAWN_UP_BY, "middle-bold"), say(HEAD_OF_UNIT, "middle-bold")],
        [say(SIGN_HERE, "middle"), say(SIGN_AND_SEAL, "middle")],
    ]
    return KeepTogether(
        [
            Spacer(0, 5 * mm),
            Table(cells, colWidths=[width / 2] * 2, style=PLAIN),
            Spacer(0, 16 * mm),
        ]
    )


def _number(canvas: Any, document: Any) -> None:
    styles()
    canvas.setFont("Report", 7.5)
    canvas.drawCentredString(
        document.pagesize[0] / 2, 7 * mm, _("Page %(n)d") % {"n": canvas.getPageNumber()}
    )


# ------------------------------------------------------------------ tables


def _table(sheet: Sheet, width: float) -> LongTable:
    # A day must not be broken, however little room the workbook gives it.
    widths = [max(column.width, 10 if column.kind != Kind.DAY else 18) for column in sheet.columns]
    rows: list[list[Paragraph]] = [[say(column.title, "middle-bold") for column in sheet.columns]]
    kinds = [column.kind for column in sheet.columns]
    rows += (
        [_cell(value, kind) for kind, value in zip(kinds, cells, strict=True)]
        for cells in sheet.rows
    )
    style = [*GRID, ("BACKGROUND", (0, 0), (-1, 0), HEAD_COLOUR)]
    if sheet.total_label:
        figures = (_cell(column.total, column.kind, bold=True) for column in sheet.columns[1:])
        rows.append([say(sheet.total_label, "bold"), *figures])
    return LongTable(
        rows,
        colWidths=[width * one / sum(widths) for one in widths],
        repeatRows=1,
        style=style,
    )


def small_table(
    titles: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[float]
) -> Table:
    """The first column are names, the others are figures."""
    found = [[say(title, "small") for title in titles]]
    found += [
        [say(row[0], "small"), *(say(written(value), "small") for value in row[1:])] for row in rows
    ]
    style = [
        *GRID,
        ("BACKGROUND", (0, 0), (-1, 0), HEAD_COLOUR),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
    ]
    return Table(found, colWidths=widths, style=[*style, ("BOTTOMPADDING", (0, 0), (-1, -1), 1)])


GRID = [
    ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#888888")),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
]


def _cell(value: Cell, kind: Kind, bold: bool = False) -> Paragraph:
    place = "right" if kind in NUMBERS else "body"
    if bold:
        place = "right-bold" if kind in NUMBERS else "bold"
    return say(written(value), place)


def written(value: Cell) -> str:
    """As the page writes it: 1.234 and 76,7 and 23/11/2026."""
    if value is None:
        return ""
    if isinstance(value, date):
        return date_format(value, "d/m/Y")
    if isinstance(value, int | Decimal):
        return str(number_format(value, use_l10n=True, force_grouping=True))
    return value
