"""The register of agencies: right on every day, whole or refused."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from learners.models import Organisation, OrganisationVersion, Succession
from learners.tree import organisation_by_code, successors_on, tree_on

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[3] / "learners" / "data"


@pytest.fixture
def register():
    call_command("import_agencies")


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def spoil(file: Path, was: str, becomes: str) -> None:
    text = file.read_text("utf-8")
    assert was in text
    file.write_text(text.replace(was, becomes, 1), "utf-8")


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
        return sum(node.is_commune for node in tree_on(day).nodes.values())

    assert (communes(date(2025, 6, 30)), communes(date(2025, 7, 1))) == (412, 130)


def test_247_versions_of_agencies_and_412_old_communes_of_which_11_moved(register):
    assert OrganisationVersion.objects.count() == 247 + 412 + 11


@pytest.mark.parametrize(
    ("day", "in_vinh", "in_cua_lo", "in_nghi_loc"),
    [(date(2024, 11, 30), 22, 7, 27), (date(2024, 12, 1), 33, None, 23)],
)
def test_cua_lo_and_four_communes_of_nghi_loc_join_vinh(
    register, day, in_vinh, in_cua_lo, in_nghi_loc
):
    tree = tree_on(day)

    def communes(code):
        district = organisation_by_code(code, day)
        return district and sum(tree[child].is_commune for child in tree.children(district))

    assert (communes("D412"), communes("D413"), communes("D429")) == (
        in_vinh,
        in_cua_lo,
        in_nghi_loc,
    )


def test_a_commune_that_went_on_unchanged_is_one_organisation(register):
    before, after = date(2025, 6, 30), date(2025, 7, 1)
    same = [
        node
        for node in tree_on(before).nodes.values()
        if node.is_commune and node.id in tree_on(after)
    ]
    assert len(same) == 9
    assert [tree_on(after).name(node.id) for node in same] == [node.name for node in same]


def test_one_code_means_another_unit_before_and_after(register):
    before, after = date(2025, 6, 30), date(2025, 7, 1)
    old, new = organisation_by_code("16690", before), organisation_by_code("16690", after)
    assert tree_on(before).name(old) == "Ủy ban nhân dân phường Trường Thi"
    assert tree_on(after).name(new) == "Ủy ban nhân dân phường Trường Vinh"
    assert (old in tree_on(after), new in tree_on(before)) == (False, False)


def test_every_old_commune_leads_to_one_of_the_130(register):
    before, after = date(2025, 6, 30), date(2025, 7, 1)
    old = [node.id for node in tree_on(before).nodes.values() if node.is_commune]
    new = set(successors_on(old, after).values())
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
    assert (done["read"], done["created"], done["updated"]) == (811, 0, 0)
    assert done["unchanged"] == 811


def test_every_row_of_the_three_files_is_reported_once(tmp_path):
    report = tmp_path / "report.json"
    call_command("import_agencies", report=report)
    done = json.loads(report.read_text("utf-8"))
    assert (done["read"], done["created"], done["skipped"]) == (247 + 412 + 152, 811, [])


def test_what_an_older_file_said_is_brought_up_to_date(register, folder, tmp_path):
    key = OrganisationVersion.objects.get(code="X17902", valid_from=date(2020, 1, 1)).organisation
    OrganisationVersion.objects.filter(code="X17902", valid_from=date(2024, 12, 1)).delete()
    OrganisationVersion.objects.filter(code="X17902").update(
        valid_to=date(2025, 6, 30), name="Xã Nghi Phong"
    )
    call_command("import_agencies")
    versions = OrganisationVersion.objects.filter(code="X17902").order_by("valid_from")
    assert [(v.organisation, v.valid_to, v.name) for v in versions] == [
        (key, date(2024, 11, 30), "Ủy ban nhân dân xã Nghi Phong"),
        (key, date(2025, 6, 30), "Ủy ban nhân dân xã Nghi Phong"),
    ]


def test_an_earlier_first_period_leaves_people_at_their_organisation(register, folder):
    stored = OrganisationVersion.objects.get(code="NA-BDVTU").organisation
    row = "NA-BDVTU,Ban Dân vận Tỉnh ủy,province,NA-TU,2020-01-01,2025-02-11"
    earlier = "NA-BDVTU,Ban Dân vận,province,,2019-01-01,2019-12-31"
    spoil(folder / "agencies.csv", row, f"{earlier}\n{row}")
    call_command("import_agencies", folder=folder)
    versions = OrganisationVersion.objects.filter(code="NA-BDVTU")
    assert [version.organisation for version in versions] == [stored, stored]
    assert Organisation.objects.filter(key__startswith="NA-BDVTU@").get() == stored


def test_a_period_that_overlaps_a_stored_one_is_refused(register, folder):
    spoil(
        folder / "agencies.csv",
        "Sở Tư pháp,province,H41,2020-01-01,",
        "Sở Tư pháp,province,H41,2021-01-01,",
    )
    before = list(OrganisationVersion.objects.values())
    with pytest.raises(CommandError) as refusal:
        call_command("import_agencies", folder=folder)
    assert str(refusal.value) == (
        "agencies.csv, line 5: the register already has NA-STP from 2020-01-01;"
        " keep that first day in the file."
    )
    assert list(OrganisationVersion.objects.values()) == before


def test_a_dry_run_stores_nothing():
    call_command("import_agencies", dry_run=True)
    assert Organisation.objects.count() == 0


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


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        (2000, "agencies.csv, line 31: the file ends within a letter; it was cut off"),
        (2020, "agencies.csv, line 31: 2 values where 6 are needed; the file may be cut off"),
    ],
)
def test_a_table_cut_within_a_row_is_refused(folder, size, reason):
    file = folder / "agencies.csv"
    file.write_bytes(file.read_bytes()[:size])
    assert reason in refused(folder)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1258"])
def test_other_encodings_are_refused(folder, encoding):
    file = folder / "agency_successors.csv"
    file.write_bytes(file.read_text("utf-8").encode(encoding, errors="replace"))
    message = refused(folder)
    assert message.startswith("agency_successors.csv, line 1")
    assert message.count(". ") == 0


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("agencies.csv", "no agency X"),
        ("agency_successors.csv", "no succession says who follows"),
        ("communes_legacy.csv", "no old commune became"),
    ],
)
def test_a_table_cut_between_rows_is_refused(folder, table, reason):
    file = folder / table
    rows = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(rows[: len(rows) * 2 // 3]), "utf-8")
    assert reason in refused(folder)


def test_a_table_cut_within_quotes_is_refused(folder):
    file = folder / "agencies.csv"
    text = file.read_text("utf-8")
    file.write_text(text[: text.index('"Sở Văn hóa, Thể thao và Du lịch"') + 9], "utf-8")
    assert "unexpected end of data; the file may be cut off" in refused(folder)


def test_an_unknown_successor_is_refused(folder):
    spoil(folder / "agency_successors.csv", "NA-SNV,NA-SNV-2025", "NA-SNV,NA-SNV-2099")
    assert refused(folder) == (
        "agency_successors.csv, line 2: no agency NA-SNV-2099 around 2025-03-01; add it first."
    )


def test_a_parent_that_becomes_another_unit_is_refused(folder):
    # X16690 covers every day since 2020, but is two wards: an office cannot stand below both.
    spoil(
        folder / "agencies.csv",
        "phường Trường Vinh,commune,X16690,2025-07-01,",
        "phường Trường Vinh,commune,X16690,2020-01-01,",
    )
    assert "from 2025-07-01 on, X16690 is another unit" in refused(folder)


def test_units_that_stand_below_each_other_are_refused(folder):
    spoil(folder / "agencies.csv", "Sở Y tế,province,H41", "Sở Y tế,province,NA-BVSN")
    assert "leads back to" in refused(folder)


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ("NA-STP,Sở Tư pháp", "NA-STP,", "line 5: name_vi is empty; fill it in."),
        ("NA-STP,Sở Tư pháp", f"NA-STP,{'ô' * 201}", "line 5: name_vi has 201 letters; 200 fit."),
        ("Sở Tư pháp,province", "Sở Tư pháp,tỉnh", "line 5: level “tỉnh” is unknown; use"),
    ],
)
def test_a_value_that_cannot_be_stored_is_refused(folder, was, becomes, reason):
    spoil(folder / "agencies.csv", was, becomes)
    assert f"agencies.csv, {reason}" in refused(folder)


def test_a_report_that_cannot_be_written_stops_the_import(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_agencies", report=tmp_path / "nowhere" / "report.json")
    assert Organisation.objects.count() == 0


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
