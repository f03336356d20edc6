"""The register of agencies: right on every day, whole or refused."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from learners.models import Organisation, OrganisationVersion, Succession
from learners.tree import organisation_by_code, successor_on, tree_on

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[3] / "learners" / "data"


@pytest.fixture
def register():
    call_command("import_agencies")


@pytest.mark.parametrize(
    ("day", "districts", "specialised"),
    [
        (date(2024, 6, 30), 21, 20),
        (date(2024, 12, 15), 20, 20),
        (date(2025, 2, 28), 20, 20),
        (date(2025, 3, 1), 20, 14),
        (date(2025, 7, 1), 0, 14),
        (date(2026, 11, 23), 0, 14),
    ],
)
def test_the_tree_is_right_on_any_day(register, day, districts, specialised):
    nodes = tree_on(day).nodes.values()
    assert sum(node.code.startswith("D") for node in nodes) == districts
    assert sum(node.is_specialised for node in nodes) == specialised


def test_communes_before_and_after_july_2025(register):
    def communes(day):
        # An office within a commune has a longer code than its five digits.
        return sum(len(n.code) == 6 and n.code[0] == "X" for n in tree_on(day).nodes.values())

    assert (communes(date(2025, 6, 30)), communes(date(2025, 7, 1))) == (412, 130)


def test_247_versions_of_agencies_and_412_old_communes(register):
    assert OrganisationVersion.objects.count() == 247 + 412


def test_one_code_means_another_unit_before_and_after(register):
    names = {
        day: tree_on(day).name(organisation_by_code("16690", day))
        for day in (date(2025, 6, 30), date(2025, 7, 1))
    }
    assert "Trường Thi" in names[date(2025, 6, 30)]
    assert "Trường Vinh" in names[date(2025, 7, 1)]
    assert len(set(names)) == 2


def test_every_old_commune_leads_to_one_of_the_130(register):
    before, after = date(2025, 6, 30), date(2025, 7, 1)
    old = [n.id for n in tree_on(before).nodes.values() if len(n.code) == 6 and n.code[0] == "X"]
    new = {successor_on(organisation, after) for organisation in old}
    assert len(new) == 130
    assert all(organisation in tree_on(after) for organisation in new)


def test_every_parent_is_in_force(register):
    for day in (date(2024, 6, 30), date(2025, 7, 1)):
        tree = tree_on(day)
        nodes = tree.nodes.values()
        assert [n.name for n in nodes if n.parent_id and n.parent_id not in tree] == []


def test_a_function_that_left_the_register_keeps_its_line(register):
    line = Succession.objects.get(successor=None)
    assert line.note.startswith("Công an tỉnh Nghệ An")


def test_loading_twice_changes_nothing(register, tmp_path):
    report = tmp_path / "report.json"
    call_command("import_agencies", report=report)
    done = json.loads(report.read_text("utf-8"))
    assert (done["created"], done["updated"], done["unchanged"]) == (0, 0, 1214)


def test_a_dry_run_stores_nothing():
    call_command("import_agencies", dry_run=True)
    assert Organisation.objects.count() == 0


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def spoil(file: Path, was: str, becomes: str) -> None:
    text = file.read_text("utf-8")
    assert was in text
    file.write_text(text.replace(was, becomes, 1), "utf-8")


def refused(folder: Path) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("import_agencies", folder=folder)
    assert Organisation.objects.count() == 0
    return str(refusal.value)


def test_wrong_encoding_is_refused(folder):
    file = folder / "agencies.csv"
    file.write_bytes(file.read_text("utf-8").encode("utf-16"))
    assert refused(folder).startswith("agencies.csv, line 1: not UTF-8")


def test_a_missing_column_is_refused(folder):
    spoil(folder / "agencies.csv", "parent_code", "parent")
    assert refused(folder) == "agencies.csv, line 1: column parent_code is missing; add it."


def test_an_unknown_parent_is_refused(folder):
    spoil(folder / "agencies.csv", "Sở Tư pháp,province,H41", "Sở Tư pháp,province,H99")
    assert "the parent H99 is not in force" in refused(folder)


def test_a_bad_date_is_refused(folder):
    spoil(folder / "agencies.csv", "2025-02-28", "28/02/2025")
    assert "“28/02/2025” in valid_to is no date" in refused(folder)


def test_a_truncated_file_is_refused(folder):
    file = folder / "agencies.csv"
    file.write_bytes(file.read_bytes()[:2000])
    assert "agencies.csv" in refused(folder) or "add it first" in refused(folder)


def test_overlapping_periods_are_refused(folder):
    spoil(
        folder / "agencies.csv",
        "Trường Đại học Kinh tế Nghệ An,province,H41,2020-01-01,2024-12-25",
        "Trường Đại học Kinh tế Nghệ An,province,H41,2020-01-01,2024-12-31",
    )
    assert "NA-DHNA is already in force" in refused(folder)


def test_a_missing_file_is_refused(folder):
    (folder / "communes_legacy.csv").unlink()
    assert "communes_legacy.csv is missing" in refused(folder)
