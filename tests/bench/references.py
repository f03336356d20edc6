"""The least that could be done for the same: what every row is measured against."""

import io
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import xlsxwriter
from django.db import connection, models
from django.db.models import Max
from django.template.loader import render_to_string
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from certificates.art.draw_background import draw
from certificates.layout import FONTS, HERE, arranged
from certificates.pdf import TEMPLATE
from certificates.qr import FIRST
from courses.models import LessonPage
from tests.bench.rows import Reference
from tests.bench.world import COURSE, LEARNER, rolled_back, seen, signed_in
from tests.certificates.test_pdf import PAPER

Table = tuple[str, list[str], list[tuple]]
"""Its name, its columns, and rows as the database gives them."""


def bare_page() -> Reference:
    """A lesson as Wagtail serves any page, to somebody signed in: nothing of ours in its way."""
    learner = signed_in(LEARNER)
    lesson = LessonPage.objects.filter(url_path__contains=f"/{COURSE}/").order_by("path")[0]
    address = f"/bare/{lesson.url_path.removeprefix('/trang-chu/')}"
    return Reference("bare page", lambda: seen(learner, address))


@contextmanager
def naive_paper() -> Iterator[Reference]:
    """A paper as the guide of xhtml2pdf would have it: the artwork drawn as a page of its own,
    the QR by the library's barcode tag, the library's own style sheet. `work` returns the PDF."""
    with tempfile.TemporaryDirectory() as folder:
        art = Path(folder) / "plain.pdf"
        art.write_bytes(draw())
        yield Reference("naive pisa", lambda: _naive(art))


def _naive(art: Path) -> bytes:
    """The page without what the house knows about the renderer."""
    paper = replace(PAPER, serial="NA-2026-000001")
    facts = arranged(paper) | {"qr": "", "dress": FIRST, "background": art}
    # Faces of its own: those that the product has registered in the process are leaner.
    html = render_to_string(TEMPLATE, facts).replace("font-family: Cert", "font-family: Plain")
    code = f'<pdf:barcode value="{paper.verify_url}" type="qr" barwidth="78" barheight="78">'
    html = re.sub(r"<img [^>]*>", code, html)
    policy = ResourceAccessPolicy.server(art.parent, extra_roots=(FONTS,), allow_remote=False)
    result = pisa.CreatePDF(
        html, dest=io.BytesIO(), path=str(HERE / "paper.html"), resource_policy=policy
    )
    return result.dest.getvalue()


def bare_writer(rows: Sequence[Sequence[object]]) -> Reference:
    """The library's row writer, cell by cell, with no heading, width or colour."""
    return Reference("bare writer", lambda: _written_plainly(rows), len(rows))


def _written_plainly(rows: Sequence[Sequence[object]]) -> None:
    with (
        tempfile.TemporaryFile() as file,
        xlsxwriter.Workbook(file, {"constant_memory": True}) as book,
    ):
        page, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        for place, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(place, at, value)
                elif isinstance(value, date):
                    page.write_datetime(place, at, value, day)
                elif value is not None:
                    page.write_number(place, at, value)


def plain_copy(work: Callable[[], object], *kept: type[models.Model], pieces: int) -> Reference:
    """The rows that the work adds to these tables, put there as they are: COPY on PostgreSQL,
    `executemany` of INSERT on SQLite. The work is done once for it, and rolled back."""
    with rolled_back():
        last = {model: model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in kept}
        work()
        tables = [_added(model, key) for model, key in last.items()]
    name = "plain COPY" if connection.vendor == "postgresql" else "plain INSERT"
    return Reference(name, lambda: _copy(tables), pieces)


def _added(model: type[models.Model], last: int) -> Table:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE id > %s', [last])
        rows = cursor.fetchall()
        if not rows:
            raise SystemExit(f"nothing was added to {table}")
        return table, [f'"{column[0]}"' for column in cursor.description], rows


def _copy(tables: list[Table]) -> None:
    with rolled_back(), connection.cursor() as cursor:
        for table, columns, rows in tables:
            into = f'"{table}" ({", ".join(columns)})'
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)


def bare_select(statement: str, values: Sequence[object]) -> Reference:
    """One statement, and its rows fetched."""

    def select() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.fetchall()

    return Reference("bare SELECT", select)
