"""The reorganisations of 2025, from the project's own tables, by way of documents."""

import json
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import override

from learners.actions.reorganisations import undo_reorganisation
from learners.imports.agencies import import_agencies
from learners.imports.reorganisations import read_lines
from learners.models import Organisation, Reorganisation
from learners.plan import seed_plan
from learners.tree import organisation_by_code, tree_on
from tests.factories.lists import workbook_of
from tests.factories.reorganisations import register
from tests.factories.reports import on_23_november, person, world

pytestmark = pytest.mark.django_db

DATA = settings.BASE_DIR / "learners" / "data"
NEW_YEARS_EVE = date(2024, 12, 31)
DAYS = ["2025-02-12", "2025-03-01", "2025-07-01", "2026-02-28"]


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("en"):
        yield


def put_into_effect(day: str, **options: object) -> None:
    file = DATA / "reorganisations" / f"{day}.csv"
    call_command(
        "apply_reorganisation",
        str(file),
        number=f"Sắp xếp {day}",
        effective=date.fromisoformat(day),
        leave_people=True,
        stdout=StringIO(),
        **options,
    )


def trees() -> dict[date, dict]:
    days = [date.fromisoformat(day) for day in DAYS] + [date(2024, 6, 30), date(2026, 11, 23)]
    return {day: tree_on(day).nodes for day in days}


def counts(day: date) -> tuple[int, int, int]:
    """Districts, communes, specialised agencies."""
    nodes = tree_on(day).nodes.values()
    return (
        sum(node.code.startswith("D") for node in nodes),
        sum(node.is_commune for node in nodes),
        sum(node.is_specialised for node in nodes),
    )


def unit(code: str) -> Organisation:
    return Organisation.objects.get(pk=organisation_by_code(code, NEW_YEARS_EVE))


def staff_of_2024() -> None:
    """Somebody in each department, each district, and each tenth of the other units."""
    for number, node in enumerate(tree_on(NEW_YEARS_EVE).nodes.values()):
        if number % 10 == 0 or node.level == "district" or node.is_specialised:
            person(f"Người {number}", Organisation.objects.get(pk=node.id))


def figures_are_right() -> bool:
    out = StringIO()
    call_command("recount_targets", check=True, stdout=out)
    return all(line.endswith(": 0 differences") for line in out.getvalue().splitlines())


def test_the_tree_of_2024_becomes_that_of_today_and_back_again():
    seed_plan()
    import_agencies(DATA, until=NEW_YEARS_EVE)
    staff_of_2024()
    call_command("recount_targets", stdout=StringIO())
    assert counts(date(2026, 11, 23)) == (20, 412, 20)
    before = register()
    after = []
    for day in DAYS:
        put_into_effect(day)
        after.append(counts(date.fromisoformat(day)))
        assert figures_are_right()
    assert after == [(20, 412, 20), (20, 412, 14), (0, 130, 14), (0, 130, 14)]

    applied = trees()
    report = import_agencies(DATA)
    assert (report.created, report.updated, report.unchanged) == (0, 0, report.read)
    assert trees() == applied

    for made in Reorganisation.objects.order_by("-effective_on"):
        undo_reorganisation(document=made)
        assert figures_are_right()
    assert register() == before


def test_the_same_decision_again_changes_nothing(tmp_path):
    import_agencies(DATA, until=NEW_YEARS_EVE)
    put_into_effect("2025-03-01")
    before = register()
    put_into_effect("2025-03-01", report=tmp_path / "report.json")
    assert register() == before
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["read"], report["unchanged"], report["created"]) == (19, 19, 0)


def test_a_dry_run_reports_who_goes_where_and_changes_nothing(tmp_path):
    import_agencies(DATA, until=NEW_YEARS_EVE)
    person("Nguyễn Thị Hoa", unit("D412"))
    person("Trần Bình", unit("X16690"))
    before = register()
    put_into_effect("2025-07-01", dry_run=True, report=tmp_path / "report.json")
    assert (register(), Reorganisation.objects.count()) == (before, 0)
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["left"] == [{"unit": "Ủy ban nhân dân thành phố Vinh", "people": 1}]
    (moving,) = [line for line in report["lines"] if line["people"]]
    assert (moving["from"], moving["to"]) == (
        "Ủy ban nhân dân phường Trường Thi",
        "Ủy ban nhân dân phường Trường Vinh",
    )


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        (("Hợp nhất,NA-SNV,", "Trộn,NA-SNV,"), "“Trộn” in the column “Hình thức sắp xếp” is not"),
        (("NA-STTTT,Sở Thông", "NA-KHONG,Sở Thong"), "NA-KHONG"),
        (("NA-SNV-2025,Sở", "!!!,Sở"), "“!!!” is no code of a unit."),
        (("Tỉnh,H41", "Trung ương,H41"), "“Trung ương” in the column “Cấp của đơn vị mới”"),
    ],
)
def test_a_row_that_is_not_understood_refuses_the_file_with_the_place(tmp_path, spoilt, sentence):
    import_agencies(DATA, until=NEW_YEARS_EVE)
    text = (DATA / "reorganisations" / "2025-03-01.csv").read_text("utf-8")
    assert spoilt[0] in text
    file = tmp_path / "lines.csv"
    file.write_text(text.replace(*spoilt, 1), "utf-8")
    before = register()
    with pytest.raises(CommandError) as refusal:
        call_command("apply_reorganisation", str(file), number="1", effective=date(2025, 3, 1))
    assert sentence in str(refusal.value)
    assert "row " in str(refusal.value)
    assert (register(), Reorganisation.objects.count()) == (before, 0)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04nothing", b"a;b\n1;2\n"])
def test_a_file_that_is_no_table_is_refused(tmp_path, content):
    file = tmp_path / "lines.xlsx"
    file.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("apply_reorganisation", str(file), number="1", effective=date(2025, 3, 1))


def test_lines_come_from_a_workbook_by_name_as_well():
    world()
    data = workbook_of(
        [
            ["Phụ lục kèm theo Nghị quyết 12/NQ-HĐND"],
            ["Hình thức sắp xếp", "Tên đơn vị cũ", "Mã đơn vị mới", "Tên đơn vị mới", "Số hiệu"],
            ["Hợp nhất", "Sở Y tế", "na-sytgd", "Sở Y tế và Giáo dục", ""],
            ["Chuyển chức năng", "sở y tế", "NA-SGDDT", "", "na1, na2"],
        ]
    )
    lines, skipped = read_lines(data, date(2026, 7, 1))
    assert skipped == []
    assert [(found.kind, found.from_code, found.to_code, found.people) for found in lines] == [
        ("merge", "NA-SYT", "NA-SYTGD", "all"),
        ("function-transfer", "NA-SYT", "NA-SGDDT", "named"),
    ]
    assert lines[1].named() == ["na1", "na2"]
