"""Lists as people bring them: a workbook or CSV from rows of plain values."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter


def workbook_of(rows: Iterable[Sequence[object]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Danh sách")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, [str(cell) for cell in row])
    return file.getvalue()


def csv_of(rows: Iterable[Sequence[object]]) -> bytes:
    return "\n".join(";".join(str(cell) for cell in row) for row in rows).encode()
