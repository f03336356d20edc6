"""Lists of attendance as trainers keep them: columns in any order, namesakes, strangers."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from courses.import_report import ImportRefused
from learners.actions.attendance import check_in, take_back
from learners.choices import CheckInWay, SeatState
from learners.imports.attendance import enter, plan_of, planned
from learners.models import Attendance, AttendanceFile, Participation, Person, Seat
from tests.factories.classes import class_of
from tests.factories.lists import csv_of, workbook_of
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db

HEAD = ["STT", "Họ và tên", "Mã cán bộ", "Số điện thoại", "Buổi 1", "Buổi 2"]


@pytest.fixture(autouse=True)
def _fixed_day():
    with on_23_november():
        yield


@pytest.fixture
def province():
    return world()


@pytest.fixture
def group(province):
    return class_of(sessions=2, starts_on=timezone.localdate() - timedelta(days=3))


@pytest.fixture
def hoa(province, group):
    hoa = person("Nguyễn Thị Hoa", province.hospital, phone="+84912345678")
    seat(hoa, group)
    recount(province)
    return hoa


@pytest.fixture
def trainer():
    return viewer("giangvien")


def seat(who, group):
    Seat.objects.create(
        person=who, class_group=group, state=SeatState.SEATED, queued_at=timezone.now()
    )


def brought(group, trainer, rows, **fields) -> AttendanceFile:
    file = AttendanceFile(class_group=group, name="lop.xlsx", brought_by=trainer, **fields)
    file.file.save("list", ContentFile(workbook_of(rows)))
    return file


def faults(file) -> list[tuple[int, str]]:
    return [(row.line, row.why) for row in plan_of(file).faults]


def test_columns_in_any_order_under_a_title_are_entered_once(hoa, group, trainer):
    rows = [
        ["TRƯỜNG ĐẠI HỌC VINH"],
        [],
        ["Buổi 2", "Họ tên", "TT", "Buổi 1 (20/11)"],
        ["", "NGUYỄN THỊ HOA", "1", "x"],
    ]
    file = brought(group, trainer, rows)
    plan = plan_of(file)
    assert (plan.new, plan.known, len(plan.faults)) == (1, 0, 0)
    assert Attendance.objects.count() == 0
    enter(file, [], trainer)
    seen = Attendance.objects.get()
    assert (seen.person, seen.session, seen.way, seen.by) == (
        hoa,
        group.sessions.first(),
        CheckInWay.SHEET,
        trainer,
    )
    assert Participation.objects.get().completed is False
    again = brought(group, trainer, rows)
    assert (plan_of(again).new, plan_of(again).known) == (0, 1)
    enter(again, [], trainer)
    again.refresh_from_db()
    assert (again.added, Attendance.objects.count()) == (0, 1)


def test_list_of_one_session_needs_no_ticks(hoa, group, trainer):
    rows = [["STT", "Họ và tên"], ["1", "Nguyễn Thị Hoa"]]
    with pytest.raises(ImportRefused, match="buổi nào"):
        plan_of(brought(group, trainer, rows))
    file = brought(group, trainer, rows, session=group.sessions.last())
    enter(file, [], trainer)
    assert Attendance.objects.get().session == group.sessions.last()


def test_staff_number_finds_an_official_who_did_not_sign_up(hoa, province, group, trainer):
    binh = person("Lê Văn Bình", province.school)
    Person.objects.filter(pk=binh.pk).update(staff_number="NA77")
    rows = [
        HEAD,
        ["1", "lê văn bình", "na 77", "", "x", "x"],
        ["2", "Trần Khác", "NA77", "", "x", ""],
        ["3", "Ai Đó", "NA00", "", "x", ""],
    ]
    file = brought(group, trainer, rows)
    assert faults(file) == [
        (3, "Mã cán bộ NA77 thuộc về người tên khác."),
        (4, "Không ai có mã cán bộ NA00."),
    ]
    enter(file, [], trainer)
    assert Participation.objects.get(person=binh).completed is True


def test_namesakes_of_the_class_are_told_apart_by_phone_only(hoa, province, group, trainer):
    other = person("Nguyễn Thị Hoa", province.school, phone="+84987654321")
    seat(other, group)
    rows = [
        HEAD,
        ["1", "Nguyễn Thị Hoa", "", "", "x", ""],
        ["2", "Nguyễn Thị Hoa", "", "0987 654 321", "x", ""],
    ]
    file = brought(group, trainer, rows)
    assert faults(file) == [(2, "Lớp có 2 người cùng tên này.")]
    enter(file, [], trainer)
    assert Attendance.objects.get().person == other


def test_walk_ins_are_proposed_and_entered_only_when_chosen(hoa, province, group, trainer):
    rows = [
        [*HEAD, "Nhóm đối tượng", "Xã, phường"],
        ["1", "Vi Thị Mai", "", "0981 111 222", "x", "x", "Hộ kinh doanh", "Xã Kim Liên"],
        ["2", "Lô Văn Tú", "", "0981111333", "x", "", "", ""],
        ["3", "Kha Văn Nam", "", "", "x", "", "", ""],
    ]
    audience = "household_business"
    file = brought(group, trainer, rows, audience=audience, commune=province.commune)
    plan = plan_of(file)
    assert [row.name for row in plan.walk_ins] == ["Vi Thị Mai", "Lô Văn Tú"]
    assert [row.line for row in plan.faults] == [4]
    enter(file, [3], trainer)
    assert Attendance.objects.get().person.full_name == "Lô Văn Tú"
    enter(file, [2, 3], trainer)
    people = Person.objects.count()
    assert Attendance.objects.count() == 3
    enter(file, [2, 3], trainer)
    file.refresh_from_db()
    assert (file.added, Person.objects.count()) == (0, people)


@pytest.mark.parametrize(
    ("cell", "why"),
    [("đến muộn", "không cho biết có mặt hay vắng mặt"), ("v", "“v” không cho biết")],
)
def test_cell_that_is_no_tick_is_refused(hoa, group, trainer, cell, why):
    file = brought(group, trainer, [HEAD, ["1", "Nguyễn Thị Hoa", "", "", cell, ""]])
    [(line, said)] = faults(file)
    assert (line, why in said) == (2, True)


@pytest.mark.parametrize("cell", ["Vắng", "nghỉ", "P", "0", ""])
def test_absent_is_written_in_many_ways(hoa, group, trainer, cell):
    file = brought(group, trainer, [HEAD, ["1", "Nguyễn Thị Hoa", "", "", "x", cell]])
    assert (plan_of(file).new, faults(file)) == (1, [])


def test_a_tick_without_a_name_is_said_and_empty_lines_of_the_form_are_not(hoa, group, trainer):
    rows = [
        HEAD,
        ["1", "Nguyễn Thị Hoa", "", "", "x", ""],
        ["2", "", "", "", "x", ""],
        ["3", "", "", "0912 000 111", "", ""],
        ["4", "", "", "", "", ""],
        ["", "", "", "", "25", "24"],
    ]
    file = brought(group, trainer, rows)
    assert faults(file) == [(3, "Dòng không có họ tên."), (4, "Dòng không có họ tên.")]


def test_session_that_has_not_begun_cannot_be_entered(province, trainer):
    group = class_of(sessions=1, starts_on=timezone.localdate() + timedelta(days=1))
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    seat(hoa, group)
    file = brought(group, trainer, [["STT", "Họ và tên"], ["1", hoa.full_name]])
    assert [line for line, _why in faults(file)] == [2]


def test_twice_in_the_list_counts_once_and_a_tick_taken_back_may_return(hoa, group, trainer):
    session = group.sessions.first()
    moment = timezone.now()
    check_in(session=session, person=hoa, way=CheckInWay.TICK, at=moment, by=trainer)
    take_back(session=session, person=hoa, by=trainer)
    row = ["1", "Nguyễn Thị Hoa", "", "", "x", ""]
    file = brought(group, trainer, [HEAD, row, row])
    assert [line for line, _why in faults(file)] == [3]
    enter(file, [], trainer)
    assert Attendance.objects.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG",
        b"PK\x03\x04broken",
        csv_of([["STT", "Điện thoại"], ["1", "2"]]),
        csv_of([["STT", "Họ và tên"], *([str(n), f"Lê Thị {n}"] for n in range(3001))]),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(group, trainer, data):
    file = AttendanceFile(class_group=group, session=group.sessions.first(), brought_by=trainer)
    with pytest.raises(ImportRefused):
        planned(data, file)


def test_number_of_queries_does_not_grow_with_the_list(
    hoa, group, trainer, django_assert_max_num_queries
):
    rows = [HEAD, *([str(n), f"Lê Thị {n}", "", "", "x", ""] for n in range(40))]
    file = brought(group, trainer, rows)
    with django_assert_max_num_queries(8):
        plan_of(file)
