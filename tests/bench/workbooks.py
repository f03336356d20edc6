"""Lists taken out as XLSX, beside the library's bare row writer with the same cells."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from home.models import ReportFile
from home.report_sources import request_of, source_of
from learners.exports import Column, Kind, Sheet, workbook
from learners.models import User
from tests.bench.pages import largest_unit
from tests.bench.references import bare_writer
from tests.bench.rows import Floor, Row
from tests.bench.world import LEADER

EXPORT = Floor(1.3)
ROWS = 70_000
MOST = 10_000
COLUMNS = [
    Column("Họ và tên", 30),
    Column("Số hiệu", 14),
    Column("Đơn vị", 40),
    Column("Vị trí", 20),
    Column("Loại", 16),
    Column("Ngày sinh", 12, Kind.DAY),
    Column("Trạng thái", 20),
    Column("Lý do", 40),
    Column("Ngày", 12, Kind.DAY),
    Column("Số giờ", 8, Kind.NUMBER, total=0),
    Column("Điện thoại", 14),
    Column("Ghi chú", 20),
]


def long_workbook() -> Iterator[Row]:
    """ROWS rows of twelve columns that are at hand: the writing alone."""
    rows = list(_rows())
    sheet = Sheet("Đo", "Đo", ["Nguồn"], COLUMNS, rows, "Cộng", "Sở Y tế")
    yield Row(
        f"XLSX of {ROWS:,} x {len(COLUMNS)}, a row", lambda: workbook(sheet).close(),
        bare_writer(rows), EXPORT, pieces=ROWS,
    )  # fmt: skip


def _rows() -> Iterator[list]:
    for number in range(ROWS):
        yield [
            f"Nguyễn Thị {number % 997}", f"NA{number:06d}", f"Bệnh viện {number % 300}",
            "Điều dưỡng", "Viên chức", date(1980, 1, 1) + timedelta(days=number % 9000),
            "Đã đạt", f"Kỹ năng số {number % 50}", date(2026, 1, 1), number % 9, "0912000000", "",
        ]  # fmt: skip


def export_of_missing() -> Iterator[Row]:
    """The missing people of the largest unit, the first MOST of them: found, read and written as
    the officer's file is."""
    asked = request_of(
        User.objects.get(username=LEADER), f"trang-thai=missing&don-vi={largest_unit()}"
    )

    def sheet() -> Sheet:
        found = source_of(ReportFile.Kind.PEOPLE, asked).sheet
        return replace(found, rows=islice(found.rows, MOST))

    rows = [list(row) for row in sheet().rows]
    yield Row(
        "people missing of one unit, XLSX, a row", lambda: workbook(sheet()).close(),
        bare_writer(rows), pieces=len(rows),
    )  # fmt: skip
