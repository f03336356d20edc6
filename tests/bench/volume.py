"""What is done by the ten thousand, beside the least that could be done for it.

A workbook beside the bare writer of the library, results from elsewhere beside plain inserts of
their records, and check-ins from PHONES phones at once, which are really taken.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import xlsxwriter
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.fast_rows import insert_objects
from learners.actions.standing import refresh_people
from learners.choices import Mode, RecordState, SeatState
from learners.exports import Column, Kind, Sheet, workbook
from learners.imports.outside import bring, process
from learners.models import (
    Attendance,
    ClassKeeper,
    OutsideFile,
    OutsideSource,
    Person,
    Seat,
    TrainingRecord,
    User,
)
from learners.person_codes import CHECK_IN, code_of
from tests.factories.classes import class_of
from tests.factories.lists import csv_of

PEOPLE = 70_000
RESULTS = 45_200
PHONES = 16
SCANS = 40
AT_A_TIME = 5
TRIES = 5


def volume() -> None:
    """Print the table: rows, CPU seconds, rows a CPU second, and times the reference."""
    heads = f"{'rows':>9}{'CPU s':>8}{'rows/CPU s':>12}{'of the least':>14}"
    sys.stdout.write(f"\n{'by the ten thousand':<46}{heads}\n")
    rows = list(_rows())
    least = _line("XLSX, the library's writer alone", PEOPLE, lambda: bare_workbook(rows))
    _line("XLSX of 12 columns, as exported", PEOPLE, lambda: own_workbook(rows), least)
    outside()
    check_ins()


def _line(name: str, count: int, work: Callable[[], object], least: float = 0) -> float:
    begun = time.process_time()
    work()
    spent = time.process_time() - begun
    share = f"{spent / least:>14.2f}" if least else f"{1:>14}"
    sys.stdout.write(f"{name:<46}{count:>9,}{spent:>8.1f}{count / spent:>12,.0f}{share}\n")
    sys.stdout.flush()
    return spent


# ------------------------------------------------------------------ workbooks

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


def _rows() -> Iterator[list]:
    for number in range(PEOPLE):
        yield [
            f"Nguyễn Thị {number % 997}", f"NA{number:06d}", f"Bệnh viện {number % 300}",
            "Điều dưỡng", "Viên chức", date(1980, 1, 1) + timedelta(days=number % 9000),
            "Đã đạt", f"Kỹ năng số {number % 50}", date(2026, 1, 1), number % 9, "0912000000", "",
        ]  # fmt: skip


def bare_workbook(rows: list[list]) -> None:
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
                else:
                    page.write_number(place, at, value)


def own_workbook(rows: list[list]) -> None:
    workbook(Sheet("Đo", "Đo", ["Nguồn"], COLUMNS, rows, "Cộng", "Sở Y tế")).close()


# ------------------------------------------------------------------ results from elsewhere


def outside() -> None:
    """A list of results, all of them of known people; taken in twice and rolled back."""
    today = timezone.localdate()
    people = Person.objects.exclude(staff_number=None).order_by("pk")
    found = list(people.values_list("pk", "full_name", "staff_number")[:RESULTS])
    heads = ["Họ và tên", "Số hiệu", "Khóa học", "Số giờ", "Ngày hoàn thành"]
    day = f"{today:%d/%m/%Y}"
    data = csv_of([heads, *([name, number, "Đo", 4, day] for _pk, name, number in found)])
    least = _line("results: their records and standings alone", len(found), lambda: plainly(found))
    with transaction.atomic():
        first, again = _file(data), _file(data)
        everybody = Person.objects.all()
        _line("results from elsewhere, tried", len(found),
              lambda: process(first, everybody, dry_run=True), least)  # fmt: skip
        _line("results from elsewhere, first load", len(found),
              lambda: process(first, everybody, dry_run=False), least)  # fmt: skip
        _line("results from elsewhere, the same again", len(found),
              lambda: process(again, everybody, dry_run=False), least)  # fmt: skip
        taken, repeated = first.report.get("matched", 0), again.report.get("unchanged", 0)
        if (taken, repeated) != (len(found), len(found)):
            raise SystemExit(f"results from elsewhere: {first.report} {again.report}")
        first.file.delete(save=False)
        again.file.delete(save=False)
        transaction.set_rollback(True)


def plainly(found: list[tuple]) -> None:
    """What has to be written, without reading or matching anything."""
    today = timezone.localdate()
    from tests.factories.learning import this_period

    with transaction.atomic():
        insert_objects(
            TrainingRecord,
            [
                TrainingRecord(
                    person_id=pk, mode=Mode.OUTSIDE, state=RecordState.APPROVED, title="Đo",
                    hours=4, completed_on=today, source="Đo",
                )
                for pk, _name, _number in found
            ],
        )  # fmt: skip
        for start in range(0, len(found), 1000):
            refresh_people([pk for pk, _n, _s in found[start : start + 1000]], this_period())
        transaction.set_rollback(True)


def _file(data: bytes) -> OutsideFile:
    source, _created = OutsideSource.objects.get_or_create(
        name="OneTouch (đo)", defaults={"mode": Mode.OUTSIDE, "valid_from": date(2024, 1, 1)}
    )
    by = User.objects.get(username="quantri")
    return bring(OutsideFile(source=source, brought_by=by, name="do.csv", hours=4), data)


# ------------------------------------------------------------------ check-ins


def check_ins() -> None:
    """PHONES trainers' phones send what they scanned, each of its own class, AT_A_TIME people a
    time, and the last part twice. Taken for good: the world gains some presences each run."""
    people = list(Person.objects.filter(audience="", merged_into=None).order_by("-pk")[:SCANS])
    account = User.objects.get(username="quantri")
    phones = [_phone(account, people, number) for number in range(PHONES)]
    before = Attendance.objects.count()
    begun, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(PHONES) as pool:
        list(pool.map(_send, phones))
    wall, spent = time.perf_counter() - begun, time.process_time() - cpu
    taken = Attendance.objects.count() - before
    if taken != PHONES * SCANS:
        raise SystemExit(f"check-ins: {taken} of {PHONES * SCANS}")
    sys.stdout.write(
        f"{f'check-ins from {PHONES} phones, {taken / wall:,.0f} a second':<46}{taken:>9,}"
        f"{spent:>8.1f}{taken / spent:>12,.0f}{'':>14}\n"
    )


def _phone(account: User, people: list[Person], number: int) -> tuple[Client, str, list[str]]:
    group = class_of()
    group.code = f"DO-{number}-{time.time_ns()}"
    group.save(update_fields=["code"])
    ClassKeeper.objects.get_or_create(class_group=group, account=account)
    now = timezone.now()
    Seat.objects.bulk_create(
        Seat(person=person, class_group=group, state=SeatState.SEATED, queued_at=now)
        for person in people
    )
    client = Client(raise_request_exception=False)
    client.force_login(account)
    address = reverse("learners:synchronise", args=[group.sessions.get().pk])
    return client, address, [code_of(person.pk, CHECK_IN) for person in people]


def _send(phone: tuple[Client, str, list[str]]) -> None:
    client, address, codes = phone
    parts = [codes[n : n + AT_A_TIME] for n in range(0, len(codes), AT_A_TIME)]
    for part in [*parts, parts[-1]]:
        at = datetime.now(UTC).isoformat()
        seen = [{"code": code, "at": at, "way": "scan"} for code in part]
        # A phone keeps what was not taken, and sends it again.
        for _try in range(TRIES):
            response = client.post(address, {"seen": seen}, content_type="application/json")
            if response.status_code == 200:
                break
        else:
            raise SystemExit(f"check-in: {response.status_code} {response.content[:200]!r}")
    connection.close()
