"""Lists of people as offices send them, beside a plain COPY of the rows that they leave."""

import io
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import xlsxwriter
from django.utils import timezone

from learners.choices import Mode
from learners.imports.outside import bring, process
from learners.imports.staff import apply_list, check_list, open_list
from learners.models import (
    OutsideFile,
    OutsideSource,
    Person,
    Post,
    StaffImport,
    TrainingRecord,
    User,
)
from tests.bench.references import plain_copy
from tests.bench.rows import Floor, Row
from tests.bench.world import rolled_back
from tests.factories.lists import csv_of
from tests.factories.reports import organisation
from tests.factories.staff_lists import DAY

NEW = Floor(5_000, by_second=True)
AGAIN = Floor(20_000, by_second=True)
ROWS = 10_000
UNITS = 50
HEADINGS = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Mã cán bộ", "Mã đơn vị", "Tên đơn vị",
            "Phân loại", "Chức vụ", "Số điện thoại", "Kiêm nhiệm", "Cán bộ CNTT"]  # fmt: skip
FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ"]
MIDDLES = ["Thị", "Văn", "Đức", "Thanh", "Minh", "Ngọc", "Hữu", "Quang", "Thu", "Xuân", "Đình"]
GIVEN = ["Hoa", "Minh", "Lan", "Hòa", "Tuấn", "Hùng", "Dũng", "Hương", "Thảo", "Trang", "Linh",
         "Nam", "Sơn", "Hải", "Thủy", "Vân", "Yến", "Nga", "Cường", "Phúc", "Bình", "An", "Chi",
         "Diệp", "Giang", "Khoa", "Mai", "Oanh", "Phương"]  # fmt: skip
KINDS = ["Cán bộ", "Công chức", "Viên chức", "Hợp đồng lao động"]
TITLES = ["Giáo viên", "Chuyên viên", "Văn thư", "Kế toán", "Phó trưởng phòng", "Bác sĩ hạng III"]


def the_list(rows: int, units: list[tuple[str, str]]) -> bytes:
    """The same list each time, in the order of its units; dates as text, one in ten as Excel's."""
    dice = random.Random(26)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": False, "default_date_format": "dd/mm/yy"})
    sheet = book.add_worksheet("Danh sách")
    sheet.write_row(0, 0, ["DANH SÁCH CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC"])
    sheet.write_row(2, 0, HEADINGS)
    for number in range(rows):
        code, unit = units[number * len(units) // rows]
        born = date(1964, 1, 1) + timedelta(days=dice.randrange(14_000))
        name = " ".join(dice.choice(words) for words in (FAMILIES, MIDDLES, MIDDLES, GIVEN))
        sheet.write_row(
            number + 3,
            0,
            [
                number + 1,
                name.upper() if dice.random() < 0.2 else name,
                born if dice.random() < 0.1 else f"{born:%d/%m/%Y}",
                f"040{dice.randrange(2)}{born:%y}{number:06}",
                f"DO{number:06}",
                code,
                unit,
                dice.choice(KINDS),
                dice.choice(TITLES),
                f"09{number:08}",
                "",
                "x" if number % 200 == 0 else "",
            ],
        )
    book.close()
    return file.getvalue()


def staff_list() -> Iterator[Row]:
    """The list of an office that the register does not know yet, and the same list again, which
    has nothing to write. Nobody is missing from it, however many people there are elsewhere."""
    with rolled_back():
        office = organisation("DO00", "Cơ quan để đo")
        units = [("DO00", "Cơ quan để đo")]
        for number in range(1, UNITS):
            units.append((f"DO{number:02}", f"Phòng để đo {number}"))
            organisation(*units[-1], parent=office)
        brought = _StaffList(office.pk, the_list(ROWS, units))
        plain = plain_copy(brought.take, Person, Post, pieces=ROWS)
        yield Row("list of staff, new, a row", brought.take_undone, plain, NEW, pieces=ROWS)
        brought.take()
        brought.require("created")
        name = "list of staff, again"
        yield Row(f"{name}, a row", brought.take, plain, AGAIN, pieces=ROWS, once=True)
        brought.require("unchanged")
        brought.open()
        yield Row(f"{name}, only checked", brought.check, plain, pieces=ROWS, once=True)
        yield Row(f"{name}, only applied", brought.apply, plain, pieces=ROWS, once=True)


class _StaffList:
    """One list on its way, as an officer of the unit takes it."""

    def __init__(self, unit: int, data: bytes) -> None:
        self.unit, self.data = unit, data

    def open(self) -> None:
        self.run, self.sheet = open_list(
            self.data, name="do.xlsx", unit=self.unit, effective_on=DAY
        )

    def check(self) -> None:
        StaffImport.objects.filter(pk=self.run.pk).update(state="checking")
        check_list(self.run, self.sheet)

    def apply(self) -> None:
        StaffImport.objects.filter(pk=self.run.pk).update(state="applying", read=0)
        apply_list(self.run, self.sheet)

    def take(self) -> None:
        self.open()
        self.check()
        self.apply()

    def take_undone(self) -> None:
        with rolled_back():
            self.take()

    def require(self, outcome: str) -> None:
        self.run.refresh_from_db()
        if self.run.counts.get(outcome) != ROWS:
            raise SystemExit(f"list of staff: {self.run.counts}")


def results_from_elsewhere() -> Iterator[Row]:
    """A list of results of known people: tried, recorded, and brought once more."""
    people = Person.objects.exclude(staff_number=None).order_by("pk")
    found = list(people.values_list("full_name", "staff_number")[:ROWS])
    heads = ["Họ và tên", "Số hiệu", "Khóa học", "Số giờ", "Ngày hoàn thành"]
    day = f"{timezone.localdate():%d/%m/%Y}"
    data = csv_of([heads, *([name, number, "Đo", 4, day] for name, number in found)])
    with rolled_back():
        source, _created = OutsideSource.objects.get_or_create(
            name="OneTouch (đo)", defaults={"mode": Mode.OUTSIDE, "valid_from": date(2024, 1, 1)}
        )
        with _file(source, data) as warm:
            plain = plain_copy(lambda: _process(warm), TrainingRecord, pieces=len(found))
        with _file(source, data) as first, _file(source, data) as again:
            steps: dict[str, Callable[[], None]] = {
                "tried": lambda: _process(first, dry_run=True),
                "a row": lambda: _process(first),
                "again, a row": lambda: _process(again),
            }
            for name, step in steps.items():
                name = f"results from elsewhere, {name}"
                yield Row(name, step, plain, pieces=len(found), once=True)
            taken, repeated = first.report.get("matched", 0), again.report.get("unchanged", 0)
            if (taken, repeated) != (len(found), len(found)):
                raise SystemExit(f"results from elsewhere: {first.report} {again.report}")


def _process(file: OutsideFile, *, dry_run: bool = False) -> None:
    process(file, Person.objects.all(), dry_run=dry_run)


@contextmanager
def _file(source: OutsideSource, data: bytes) -> Iterator[OutsideFile]:
    """Its row is rolled back with the rest, what lies on the disk is not."""
    by = User.objects.get(username="quantri")
    file = bring(OutsideFile(source=source, brought_by=by, name="do.csv", hours=4), data)
    yield file
    file.file.delete(save=False)
