"""The whole record of one person."""

import io
import json
import zipfile

import pytest

from learners.actions.audit import first_broken, note
from learners.choices import Act
from learners.models import AuditEntry, Consent
from learners.personal_data.making import all_sources, take_out
from tests.factories.everything import NUMBER, PHONE, everything
from tests.factories.reports import on_23_november

pytestmark = pytest.mark.django_db


@pytest.fixture
def things():
    with on_23_november():
        yield everything()


def unpacked(file):
    with zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def record_in(files):
    return json.loads(files["du-lieu-ca-nhan.json"])["record"]


def test_record_of_oneself_holds_everything_and_the_number_in_full(things):
    hoa, account = things.hoa, things.accounts["hoa"]
    Consent.objects.create(account=account, notice="2026-01")
    note(Act.NUMBER_SHOWN, f"person {hoa.pk}", by=things.accounts["minh"], why="Đối chiếu")
    files = unpacked(take_out(hoa, by=account))
    record = record_in(files)
    assert record["identity"][0]["full_name"] == "Nguyễn Thị Hoa"
    assert record["identity"][0]["phone"] == PHONE
    assert record["personal_numbers"] == [{"digits": 12, "number": NUMBER}]
    assert [row["notice"] for row in record["consents"]] == ["2026-01"]
    told = [(row["by"], row["reason"]) for row in record["log_about_you"]]
    assert told == [("hoa", ""), ("minh", "Đối chiếu")]  # Her own request, and the look.
    held = {name for name, rows in record.items() if rows}
    assert held >= {"posts", "enrolments", "lessons", "attempts", "records", "proofs", "reminders"}
    assert held >= {"certificates", "rechecks", "standings", "account", "claim_steps"}
    answers = [answer for row in record["attempts"] for answer in row["answers"]]
    assert "2. Hỏi lại người gửi" in answers


def test_record_holds_the_files_that_were_handed_in(things):
    files = unpacked(take_out(things.hoa, by=things.accounts["hoa"]))
    named = [row["file"] for row in record_in(files)["proofs"]]
    assert named == [name for name in files if name.startswith("minh-chung/")]
    with things.proof.file.open("rb") as kept:
        assert files[named[0]] == kept.read()


def test_a_lost_file_is_named_and_the_rest_is_there(things):
    things.proof.file.storage.delete(things.proof.file.name)
    files = unpacked(take_out(things.hoa, by=things.accounts["hoa"]))
    assert sorted(files) == ["du-lieu-ca-nhan.html", "du-lieu-ca-nhan.json"]
    assert record_in(files)["proofs"][0]["file"] in files["du-lieu-ca-nhan.html"].decode()


def test_an_officer_gets_the_number_masked(things):
    files = unpacked(take_out(things.hoa, by=things.accounts["minh"], why="Người học đề nghị"))
    assert NUMBER not in b"".join(files.values()).decode(errors="ignore")
    assert record_in(files)["personal_numbers"] == [{"digits": 12, "number": "•••• 1234"}]


def test_each_time_is_noted(things):
    take_out(things.hoa, by=things.accounts["minh"], why="Người học đề nghị").close()
    entry = AuditEntry.objects.first()
    assert (entry.act, entry.about, entry.by, entry.why) == (
        Act.DATA_TAKEN_OUT,
        f"person {things.hoa.pk}",
        things.accounts["minh"],
        "Người học đề nghị",
    )
    assert first_broken() is None


def test_what_somebody_typed_is_no_markup(things):
    things.hoa.full_name = "<script>alert(1)</script>"
    things.hoa.save()
    page = unpacked(take_out(things.hoa, by=things.accounts["hoa"]))["du-lieu-ca-nhan.html"]
    assert b"<script" not in page


def test_nobody_elses_rows_are_in_it(things):
    """Bình has done nothing: whatever is told of him would be somebody else's."""
    binh = things.attending.__class__.objects.get(full_name="Lê Văn Bình")
    record = record_in(unpacked(take_out(binh, by=things.accounts["binh"])))
    held = {name for name, rows in record.items() if rows}
    assert held == {"identity", "posts", "standings", "account"}
    assert set(record) == {source.name for source in all_sources()}


def test_a_person_without_an_account_has_a_record(things):
    record = record_in(unpacked(take_out(things.attending, by=things.accounts["root"])))
    assert record["identity"][0]["full_name"] == things.attending.full_name
    assert (record["account"], record["log_by_you"], record["report_files"]) == ([], [], [])
    assert len(record["attendances"]) == 1


def test_what_was_merged_into_the_record_is_told_with_it(things):
    kept = things.merger.kept
    record = record_in(unpacked(take_out(kept, by=things.accounts["root"])))
    assert len(record["identity"]) == 2
    assert [row["reason"] for row in record["mergers"]] == ["Nhập hai lần"]
