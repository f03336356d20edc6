"""Results from other platforms: each recorded once, or kept until the person is known."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from courses.fast_rows import insert_objects
from learners.actions.recounting import differences
from learners.choices import FileState, Mode, RecordState, RowState
from learners.imports.outside import RowIsSettled, bring, process, set_aside, settle
from learners.models import (
    OutsideFile,
    OutsideRow,
    OutsideSource,
    Person,
    PersonalNumber,
    Standing,
    TrainingRecord,
)
from tests.factories.lists import csv_of, workbook_of
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db

TITLES = [
    "STT",
    "Họ và tên",
    "Số hiệu",
    "Ngày sinh",
    "Đơn vị công tác",
    "Khóa học",
    "Ngày hoàn thành",
]
CCCD = "040185001234"


@pytest.fixture(autouse=True)
def _day():
    with on_23_november():
        yield


@pytest.fixture
def province():
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, staff_number="NA900001")
    person("Lê Văn Bình", found.hospital, birth_date=date(1985, 4, 5))
    person("Lê Văn Bình", found.school, birth_date=date(1990, 1, 1))
    person("Võ Thị An", found.education)
    return recount(found)


def row(name: str, number="", born="", unit="", title="An toàn số", day="20/10/2026") -> list:
    return [1, name, number, born, unit, title, day]


def brought(
    rows: list[list], *, dry_run: bool = False, people=None, **fields: object
) -> OutsideFile:
    source = OutsideSource.objects.get(name="OneTouch")
    file = OutsideFile(source=source, name="onetouch.xlsx", hours=Decimal(8), **fields)
    bring(file, workbook_of([["DANH SÁCH HỌC VIÊN"], [], TITLES, *rows]))
    process(file, people if people is not None else Person.objects.all(), dry_run=dry_run)
    return file


def fates() -> list[tuple[str, str]]:
    return list(OutsideRow.objects.order_by("line").values_list("cells__full_name", "state"))


class TestMatching:
    def test_by_staff_number(self, province):
        brought([row("NGUYỄN THỊ HOA", "na900001")])
        record = TrainingRecord.objects.get(person__staff_number="NA900001")
        assert (record.mode, record.state, record.title, record.hours, record.source) == (
            Mode.OUTSIDE,
            RecordState.APPROVED,
            "An toàn số",
            8,
            "OneTouch",
        )

    def test_by_the_staff_number_of_a_record_that_was_merged(self, province):
        hoa = Person.objects.get(staff_number="NA900001")
        person("Nguyễn Hoa", province.hospital, staff_number="NA7", merged_into=hoa)

        brought([row("Nguyễn Thị Hoa", "NA7"), row("Nguyễn Hoa", "NA7", title="Khóa khác")])

        assert fates() == [("Nguyễn Thị Hoa", "matched"), ("Nguyễn Hoa", "open")]
        assert TrainingRecord.objects.get().person == hoa

    def test_by_name_and_birth_date_among_namesakes(self, province):
        brought([row("Lê Văn Bình", born="05/04/1985")])
        assert TrainingRecord.objects.get().person.birth_date == date(1985, 4, 5)

    def test_by_name_and_unit_among_namesakes(self, province):
        brought([row("lê văn bình", unit="Trường THPT Phan Bội Châu")])
        assert TrainingRecord.objects.get().person.birth_date == date(1990, 1, 1)

    def test_by_personal_number_whatever_the_name_is_written_like(self, province):
        an = Person.objects.get(full_name="Võ Thị An")
        PersonalNumber.made(an, CCCD).save()
        file = OutsideFile(
            source=OutsideSource.objects.get(name="OneTouch"), name="a.csv", hours=4, title="Lớp"
        )
        rows = [["Họ tên", "Số CCCD", "Ngày cấp"], ["Vo Thi An", CCCD[1:], "1/9/2026"]]
        bring(file, csv_of(rows))
        process(file, Person.objects.all(), dry_run=False)
        assert TrainingRecord.objects.get().person == an
        assert CCCD[1:] not in str(OutsideRow.objects.get().cells)

    @pytest.mark.parametrize(
        "unknown",
        [
            row("Lê Văn Bình"),
            row("Lê Văn Bình", born="01/02/1970"),
            row("Võ Thị An"),
            row("Trần Không Ai", "NA123456"),
            row("Võ Thị An", "NA900001"),
            row("Đinh Thị Lạ", unit="Sở Y tế"),
        ],
    )
    def test_nobody_is_guessed(self, province, unknown):
        brought([unknown])
        assert (fates(), TrainingRecord.objects.count()) == ([(unknown[1], "open")], 0)

    def test_who_lies_outside_of_the_scope_is_kept_open(self, province):
        people = Person.objects.filter(posts__managing_unit=province.school)
        brought([row("Nguyễn Thị Hoa", "NA900001")], people=people)
        assert fates() == [("Nguyễn Thị Hoa", "open")]


class TestCounting:
    def test_targets_move_with_the_records(self, province):
        brought([row("Nguyễn Thị Hoa", "NA900001")])
        standing = Standing.objects.get(person__staff_number="NA900001", period=province.period)
        assert (standing.status, standing.reached_on) == ("outside", date(2026, 10, 20))
        assert differences(province.period) == []

    def test_the_same_list_again_adds_nothing(self, province):
        rows = [row("Nguyễn Thị Hoa", "NA900001"), row("Võ Thị An"), row("")]
        brought(rows)
        again = brought(rows)
        assert (again.report["read"], again.report["unchanged"]) == (3, 3)
        assert (TrainingRecord.objects.count(), OutsideRow.objects.count()) == (1, 3)

    def test_a_result_twice_in_one_list_counts_once(self, province):
        brought([row("Nguyễn Thị Hoa", "NA900001"), row("NGUYỄN THỊ HOA", "NA900001")])
        assert TrainingRecord.objects.count() == 1

    def test_whoever_enters_the_register_later_is_found_by_the_same_list(self, province):
        rows = [row("Hồ Thị Mới", unit="Bệnh viện Hữu nghị Đa khoa")]
        brought(rows)
        person("Hồ Thị Mới", province.hospital)
        recount(province)
        brought(rows)
        assert fates() == [("Hồ Thị Mới", "matched")]
        assert differences(province.period) == []

    def test_a_trial_records_nothing(self, province):
        file = brought([row("Nguyễn Thị Hoa", "NA900001"), row("Võ Thị An")], dry_run=True)
        assert (file.state, file.report["matched"], file.report["open"]) == (FileState.TRIED, 1, 1)
        assert (TrainingRecord.objects.count(), OutsideRow.objects.count()) == (0, 0)

    def test_killed_in_the_middle_and_begun_anew_doubles_nothing(self, province, monkeypatch):
        """The second batch dies; the first is committed and passed over the next time."""
        monkeypatch.setattr("learners.imports.outside.BATCH", 1)
        rows = [row("Nguyễn Thị Hoa", "NA900001"), row("Lê Văn Bình", born="05/04/1985")]
        file = OutsideFile(
            source=OutsideSource.objects.get(name="OneTouch"), name="a.xlsx", hours=Decimal(8)
        )
        bring(file, workbook_of([TITLES, *rows]))

        class Killed(BaseException):
            pass

        def die(*args: object, **kwargs: object) -> None:
            raise Killed

        with monkeypatch.context() as context:
            # Records and rows of the first batch, then the records of the second.
            calls = iter([insert_objects, insert_objects, insert_objects, die])

            def next_call(model: type, objects: list) -> object:
                return next(calls)(model, objects)

            context.setattr("learners.imports.outside.insert_objects", next_call)
            with pytest.raises(Killed):
                process(file, Person.objects.all(), dry_run=False)
        # The second batch had its record already when it died; it was taken back.
        assert (TrainingRecord.objects.count(), OutsideRow.objects.count()) == (1, 1)
        process(file, Person.objects.all(), dry_run=False)
        assert (TrainingRecord.objects.count(), file.state) == (2, FileState.DONE)

    def test_the_database_holds_a_result_once(self, province):
        brought([row("Võ Thị An")])
        twin = OutsideRow.objects.get()
        twin.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)


class TestFaults:
    @pytest.mark.parametrize(
        ("faulty", "said"),
        [
            (row("Nguyễn Thị Hoa", day=""), "Ngày hoàn thành"),
            (row("Nguyễn Thị Hoa", day="31/02/2026"), "31/02/2026"),
            (row("Nguyễn Thị Hoa", day="20/10/2036"), "20/10/2036"),
            (row(""), "họ tên"),
            (row("Nguyễn Thị Hoa", title=""), "khóa học"),
        ],
    )
    def test_a_faulty_row_is_kept_with_the_reason(self, province, faulty, said):
        brought([faulty])
        kept = OutsideRow.objects.get()
        assert kept.state == RowState.REFUSED
        assert said.lower() in kept.why.lower()

    def test_a_file_that_is_no_list_is_refused_with_a_sentence(self, province):
        file = OutsideFile(
            source=OutsideSource.objects.get(name="OneTouch"), name="a.pdf", hours=Decimal(8)
        )
        bring(file, b"%PDF-1.4 nothing here")
        process(file, Person.objects.all(), dry_run=True)
        assert file.state == FileState.REFUSED
        assert "Họ và tên" in file.report["sentence"]


class TestSettling:
    def test_the_row_is_recorded_for_the_person_chosen(self, province):
        brought([row("Võ Thị An", day="5/9/2026")])
        minh = viewer("minh", unit=province.health)
        an = Person.objects.get(full_name="Võ Thị An")
        record = settle(OutsideRow.objects.get(), person=an, by=minh)
        assert (record.person, record.completed_on, record.created_by) == (
            an,
            date(2026, 9, 5),
            minh,
        )
        assert differences(province.period) == []

    def test_two_officers_settle_it_once(self, province):
        brought([row("Võ Thị An")])
        minh = viewer("minh", unit=province.health)
        an = Person.objects.get(full_name="Võ Thị An")
        kept = OutsideRow.objects.get()
        settle(kept, person=an, by=minh)
        with pytest.raises(RowIsSettled):
            settle(kept, person=an, by=minh)
        with pytest.raises(RowIsSettled):
            set_aside(kept, reason="x", by=minh)
        assert TrainingRecord.objects.count() == 1


class TestCommand:
    def test_says_what_became_of_each_row(self, province, tmp_path, capsys):
        list_file = tmp_path / "onetouch.csv"
        list_file.write_bytes(csv_of([TITLES, row("Nguyễn Thị Hoa", "NA900001"), row("Ai Đó")]))
        call_command("import_records", str(list_file), source="onetouch")
        assert "2 read: 1 created, 0 updated, 0 unchanged, 1 skipped" in capsys.readouterr().out
        call_command("import_records", str(list_file), source="onetouch")
        assert "2 read: 0 created, 0 updated, 2 unchanged, 0 skipped" in capsys.readouterr().out

    def test_an_unknown_source_is_refused_with_those_known(self, province, tmp_path):
        list_file = tmp_path / "a.csv"
        list_file.write_bytes(csv_of([TITLES]))
        with pytest.raises(CommandError, match="OneTouch"):
            call_command("import_records", str(list_file), source="x")
        assert OutsideFile.objects.count() == 0
