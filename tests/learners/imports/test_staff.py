"""Lists of staff: matched, dated, never doubled."""

import json
import re
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.import_report import ImportRefused
from learners.actions.recounting import differences
from learners.imports.staff import apply_list, name_columns, open_list, sheet_of
from learners.models import (
    OrganisationVersion,
    Person,
    PersonalNumber,
    Post,
    StaffImport,
    StaffImportRow,
    Standing,
    Succession,
)
from tests.factories.learning import staff, this_period, unit
from tests.factories.staff_lists import (
    DAY,
    HEADINGS,
    applied,
    checked,
    line,
    opened,
    workbook,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def units():
    return unit("Trường THPT Huỳnh Thúc Kháng", "U1"), unit("Trường THPT Hà Huy Tập", "U2")


def rows_of(run, outcome=None):
    rows = run.rows.exclude(outcome="missing")
    return list(rows.filter(outcome=outcome) if outcome else rows)


def faults_of(run):
    return [(row.line, row.faults[0]["column"], row.can_be_accepted) for row in rows_of(run)]


def test_a_list_creates_people_with_posts_and_sealed_numbers(units):
    period = this_period()
    run = applied(line(1, **{"Họ và tên": "NGUYỄN THỊ HÒA"}), line(2))
    assert run.counts == {"created": 2, "missing": 0}
    hoa = Person.objects.get(staff_number="CB0001")
    assert (hoa.full_name, hoa.birth_date) == ("Nguyễn Thị Hòa", date(1990, 4, 5))
    post = hoa.posts.get()
    assert (post.managing_unit, post.staff_kind, post.title) == (
        units[0],
        "public_employee",
        "Giáo viên",
    )
    assert (post.valid_from, post.valid_to) == (DAY, None)
    assert PersonalNumber.objects.of(["040190000001"]).get().person == hoa
    assert Standing.objects.filter(period=period).count() == 2
    assert differences(period) == []


def test_the_same_list_again_changes_nothing():
    lines = [line(number) for number in range(1, 6)]
    applied(*lines)
    run = applied(*lines)
    assert run.counts == {"unchanged": 5, "missing": 0}
    assert rows_of(run) == []
    assert (Person.objects.count(), Post.objects.count()) == (5, 5)


BARE = {"Số CCCD": "", "Mã cán bộ": "", "Ngày sinh": ""}
"""Somebody of whom the list says nothing but the name and the unit."""


def test_a_list_that_says_what_the_register_says_is_not_read_again():
    lines = [line(number) for number in range(3)]
    applied(*lines)
    run = checked(*lines)
    with CaptureQueriesContext(connection) as captured:
        apply_list(run)
    assert not any("learners_person" in query["sql"] for query in captured)
    run.refresh_from_db()
    assert (run.state, run.counts) == ("applied", {"unchanged": 3, "missing": 0})


def test_a_list_of_names_alone_changes_nothing_the_second_time():
    lines = [line(1, **BARE), line(2)]
    applied(*lines)
    run = applied(*lines)
    assert run.counts == {"unchanged": 2, "missing": 0}
    assert Person.objects.count() == 2


def test_a_bare_name_that_the_unit_has_is_asked_about(units):
    applied(line(1))
    run = checked(line(1, **BARE))
    assert faults_of(run) == [(3, "full_name", True)]
    elsewhere = checked(line(1, **BARE | {"Mã đơn vị": "U2"}))
    assert elsewhere.counts == {"created": 1, "missing": 1}


def test_numbers_that_come_later_do_not_make_a_second_person():
    applied(line(1, **BARE))
    run = checked(line(1))
    assert faults_of(run) == [(3, "full_name", True)]
    applied(line(1), accept_all=True)
    person = Person.objects.get()
    assert (person.staff_number, person.birth_date) == ("CB0001", date(1990, 4, 5))


def test_namesakes_with_other_numbers_in_one_unit_are_two_people():
    applied(line(1, **{"Ngày sinh": ""}))
    run = applied(line(2, **{"Họ và tên": "Nguyễn Thị Hoa AB"}))
    assert run.counts["created"] == 1


def test_a_check_writes_nothing():
    run = checked(line(1), line(2, **{"Mã đơn vị": "U9"}))
    assert run.counts == {"created": 1, "refused": 1, "missing": 0}
    assert (run.state, Person.objects.count(), Post.objects.count()) == ("checked", 0, 0)


def test_matching_by_personal_number_before_staff_number():
    applied(line(1))
    run = applied(line(1, **{"Mã cán bộ": "MOI1", "Chức vụ": "Tổ trưởng"}))
    assert run.counts == {"changed": 1, "missing": 0}
    person = Person.objects.get()
    assert (person.staff_number, person.posts.get().title) == ("MOI1", "Tổ trưởng")


def test_numbers_of_two_people_in_one_row_are_refused():
    applied(line(1), line(2))
    run = checked(line(1, **{"Mã cán bộ": "CB0002"}))
    assert faults_of(run) == [(3, "staff_number", False)]


def test_a_number_of_somebody_else_is_refused():
    applied(line(1))
    run = checked(line(1, **{"Họ và tên": "Trần Văn Minh", "Ngày sinh": "01/01/1980"}))
    assert faults_of(run) == [(3, "personal_number", False)]


def test_a_move_closes_the_post_and_opens_another(units):
    period = this_period()
    applied(line(1))
    day = date(2026, 9, 1)
    run = applied(line(1, **{"Mã đơn vị": "U2"}), effective_on=day)
    assert run.counts["moved"] == 1
    old, new = Post.objects.order_by("valid_from")
    assert (old.managing_unit, old.valid_to) == (units[0], date(2026, 8, 31))
    assert (new.managing_unit, new.valid_from) == (units[1], day)
    assert differences(period) == []


def test_another_kind_of_staff_is_a_dated_fact():
    applied(line(1))
    applied(line(1, **{"Phân loại": "Công chức"}), effective_on=date(2026, 9, 1))
    kinds = Post.objects.order_by("valid_from").values_list("staff_kind", "title")
    assert list(kinds) == [("public_employee", "Giáo viên"), ("civil_servant", "Giáo viên")]


def test_a_move_before_the_present_post_began_is_refused():
    applied(line(1))
    run = checked(line(1, **{"Mã đơn vị": "U2"}), effective_on=date(2026, 1, 1))
    assert faults_of(run) == [(3, "since", False)]


def test_a_namesake_born_on_the_same_day_is_proposed_and_never_merged(units):
    known = staff("Nguyễn Thị Hoa AB", at=units[0])
    run = checked(line(1))
    assert faults_of(run) == [(3, "full_name", True)]
    row = run.rows.get(outcome="unsure")
    assert row.person == known
    row.decision = "accepted"
    row.save()
    apply_list(run)
    known.refresh_from_db()
    assert (known.staff_number, Person.objects.count()) == ("CB0001", 1)
    assert run.rows.get().outcome == "changed"


def test_a_namesake_may_be_another_person(units):
    staff("Nguyễn Thị Hoa AB", at=units[0])
    run = checked(line(1))
    run.rows.update(decision="other")
    apply_list(run)
    assert Person.objects.count() == 2


def test_somebody_without_any_number_is_the_same_in_the_same_unit():
    lines = [line(1, **{"Số CCCD": None, "Mã cán bộ": None})]
    applied(*lines)
    assert applied(*lines).counts == {"unchanged": 1, "missing": 0}


def test_two_rows_about_one_person_are_refused():
    run = checked(line(1), line(1), line(1, **{"Mã cán bộ": None}), line(2))
    assert [(row.line, row.outcome) for row in rows_of(run)] == [
        (3, "created"),
        (4, "refused"),
        (5, "refused"),
        (6, "created"),
    ]


def test_lost_noughts_and_exchanged_days_are_proposed_and_accepted():
    lines = [
        line(1, **{"Số CCCD": 40190000001}),
        line(2, **{"Ngày sinh": "04/25/1990"}),
        line(3, **{"Ngày sinh": "1990"}),
        line(4, **{"Số CCCD": "12345"}),
    ]
    run = checked(*lines)
    assert faults_of(run) == [
        (3, "personal_number", True),
        (4, "birth_date", True),
        (5, "birth_date", True),
        (6, "personal_number", False),
    ]
    run = applied(*lines, accept_all=True)
    assert run.counts == {"created": 3, "refused": 1, "missing": 0}
    assert PersonalNumber.objects.of(["040190000001"]).exists()
    births = Person.objects.order_by("staff_number").values_list("birth_date", flat=True)
    assert list(births) == [date(1990, 4, 5), date(1990, 4, 25), None]


def test_numbers_of_refused_rows_lie_nowhere_in_the_clear(units):
    checked(line(1, **{"Số CCCD": "40190123456"}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM learners_staffimportrow")
        assert "40190123456" not in str(cursor.fetchall())
    assert StaffImportRow.objects.get().cells()[3] == "40190123456"


def test_the_file_is_kept_sealed_and_forgotten_once_applied(settings):
    run = opened(line(1))
    assert run.data().startswith(b"PK")
    kept = settings.DATA_DIR / "private" / run.file
    assert b"PK" not in kept.read_bytes()[:10]
    apply_list(run)
    assert not kept.exists()


def test_units_outside_the_list_are_refused_and_found_by_old_names(units):
    old = unit("Trường THPT Vinh", "U0")
    OrganisationVersion.objects.filter(organisation=old).update(valid_to=date(2025, 6, 30))
    Succession.objects.create(
        predecessor=old, successor=units[0], kind="merge", effective_from=date(2025, 7, 1)
    )
    run = checked(
        line(1, **{"Mã đơn vị": "U0"}),
        line(2, **{"Mã đơn vị": "Trường THPT Vinh"}),
        line(3, **{"Mã đơn vị": "TRUONG THPT HUYNH THUC KHANG"}),
        line(4, **{"Mã đơn vị": "U2"}),
        line(5, **{"Mã đơn vị": None}),
        unit=units[0],
    )
    assert run.counts == {"created": 4, "refused": 1, "missing": 0}
    by_line = {row.line: row for row in rows_of(run)}
    assert {by_line[n].unit for n in (3, 4, 5, 7)} == {"Trường THPT Huỳnh Thúc Kháng"}
    assert "U0" in by_line[3].what
    assert by_line[6].outcome == "refused"


def test_a_misspelt_unit_is_proposed():
    run = checked(line(1, **{"Mã đơn vị": "Trường THPT Hà Huy Tạpp"}))
    assert faults_of(run) == [(3, "unit", True)]


def test_somebody_of_another_unit_needs_more_than_a_staff_number(units):
    staff("Trần Văn Minh", at=units[1], sign_in="CB0001")
    short = {"Họ và tên": "Trần Văn Minh", "Số CCCD": None, "Ngày sinh": None}
    run = checked(line(1, **short), unit=units[0])
    assert faults_of(run) == [(3, "staff_number", False)]
    run = checked(line(1, **short | {"Ngày sinh": "05/04/1990"}), unit=units[0])
    assert [row.outcome for row in rows_of(run)] == ["moved"]


def test_people_who_are_not_in_the_list_are_named_and_kept(units):
    absent = staff("Trần Văn Minh", at=units[0])
    staff("Lê Thị Lan", at=units[1])
    run = applied(line(1), unit=units[0])
    assert [row.person for row in run.rows.filter(outcome="missing")] == [absent]
    assert absent.posts.get().valid_to is None


def test_headings_totals_and_signatures_are_no_people():
    run = checked(
        ["I. Ban Giám hiệu"],
        line(1),
        [None, "Tổng cộng: 1 người"],
        [None, "NGƯỜI LẬP BIỂU", None, None, None, None, None, "HIỆU TRƯỞNG"],
    )
    assert run.counts == {"created": 1, "missing": 0}


def test_a_personal_number_in_the_column_for_staff_numbers_is_sealed():
    applied(line(1, **{"Số CCCD": None, "Mã cán bộ": "040190000001"}))
    assert Person.objects.get().staff_number is None
    assert PersonalNumber.objects.of(["040190000001"]).exists()


def test_a_list_without_rows_is_refused():
    with pytest.raises(ImportRefused):
        open_list(workbook(), name="x", unit=None, effective_on=DAY)
    assert StaffImport.objects.count() == 0


def test_columns_that_were_named_once_are_remembered():
    headings = [*HEADINGS[:1], "Người", *HEADINGS[2:]]
    run = opened(line(1), headings=headings)
    assert "full_name" not in run.places
    name_columns(run, sheet_of(run), {**run.places, "full_name": 1})
    assert opened(line(2), headings=headings).places["full_name"] == 1


def test_the_number_of_queries_hangs_on_the_batches_alone(django_assert_max_num_queries):
    applied(*[line(number) for number in range(1, 40)])
    run = opened(*[line(number) for number in range(1, 80)])
    with django_assert_max_num_queries(45):
        apply_list(run)


def test_people_are_changed_in_the_order_of_their_keys_whatever_the_order_of_the_list():
    """A list of check-ins locks them so: in another order the two could wait for each other."""
    applied(*[line(number) for number in (1, 2, 3)])
    with CaptureQueriesContext(connection) as asked:
        applied(*[line(number, **{"Ngày sinh": "06/04/1990"}) for number in (3, 1, 2)])
    changed = [
        int(found[1])
        for one in asked
        if (found := re.search(r'^UPDATE "learners_person" .* IN \((\d+)\)$', one["sql"]))
    ]
    assert changed == sorted(Person.objects.values_list("pk", flat=True))


def test_the_command_reports_and_a_dry_run_leaves_nothing(tmp_path):
    file, report = tmp_path / "danh-sach.xlsx", tmp_path / "report.json"
    file.write_bytes(workbook(line(1), line(2, **{"Số CCCD": "1"})))
    call_command("import_staff", file, "--on=2026-06-01", dry_run=True, report=report)
    assert (Person.objects.count(), StaffImport.objects.count()) == (0, 0)
    said = json.loads(report.read_text())
    assert (said["read"], said["created"], len(said["skipped"])) == (2, 1, 1)
    assert said["skipped"][0]["where"] == "danh-sach.xlsx, 4"
    call_command("import_staff", file, unit="U1")
    assert Person.objects.get().posts.get().valid_from == timezone.localdate()


def test_the_command_refuses_what_is_no_list(tmp_path):
    file = tmp_path / "anh.xlsx"
    file.write_bytes(b"PK\x03\x04")
    with pytest.raises(CommandError):
        call_command("import_staff", file)
    with pytest.raises(CommandError, match="No unit"):
        call_command("import_staff", file, unit="U77")
    assert StaffImport.objects.count() == 0
