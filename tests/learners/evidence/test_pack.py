"""An auditor opens a pack alone, on a machine that has never heard of the system."""

import json
import subprocess
import zipfile
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone, translation

from certificates.actions.lists import issue_by_list
from certificates.models import Certificate
from courses.models import ClassGroup
from learners.actions.attendance import check_in, take_back
from learners.choices import CheckInWay
from learners.evidence.making import KEPT, ask_for_pack, forget_files, make
from learners.evidence.pack import make_pack
from learners.models import EvidencePack, PersonalNumber, SignedSheet
from tests.factories.certificates import decided_list, finished_class, keeper
from tests.factories.files import photo
from tests.factories.learning import staff
from tests.factories.reports import on_23_november

pytestmark = pytest.mark.django_db

NUMBER = "040190001234"


@pytest.fixture(autouse=True)
def _fixed_day():
    with on_23_november():
        yield


@pytest.fixture
def group() -> ClassGroup:
    """Papers issued, one sheet kept, one wrong tick taken back, a personal number known."""
    papers = decided_list("Trần Thị Lan Anh", "Nguyễn Văn Đạt")
    papers.refresh_from_db()
    papers.decision.scan_sha256 = sha256(photo()).hexdigest()
    papers.decision.scan.save("decision.jpg", ContentFile(photo()))
    issue_by_list(papers.pk)
    group = papers.class_group
    session = group.sessions.get()
    wrong = staff("Vi Văn Nhầm")
    moment = timezone.now()
    check_in(session=session, person=wrong, way=CheckInWay.TICK, at=moment, by=keeper())
    take_back(session=session, person=wrong, by=keeper())
    PersonalNumber.made(session.attendances.first().person, NUMBER).save()
    sheet = SignedSheet(session=session, content_type="image/jpeg", added_by=keeper())
    sheet.file.save("sheet.jpg", ContentFile(photo()))
    return group


def packed(group: ClassGroup) -> bytes:
    with make_pack(group).file as file:
        return file.read()


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(content: bytes) -> list[list[object]]:
    page = openpyxl.load_workbook(BytesIO(content)).active
    return [[cell for cell in row if cell is not None] for row in page.values]


def test_pack_holds_all_that_proves_the_class(group):
    assert list(files_of(packed(group))) == [
        "1-quyet-dinh/danh-sach-kem-quyet-dinh-1.xlsx",
        "1-quyet-dinh/quyet-dinh-1.jpg",
        "2-danh-sach/danh-sach-hoc-vien.xlsx",
        "3-phieu-ky/buoi-1-to-1.jpg",
        "4-diem-danh/diem-danh.xlsx",
        "5-ket-qua/ket-qua.xlsx",
        "6-giay-chung-nhan/so-hieu.xlsx",
        "README.txt",
        "manifest.json",
        "SHA256SUMS",
    ]


def test_sums_verify_without_the_system_and_show_a_changed_file(group, tmp_path: Path):
    with zipfile.ZipFile(BytesIO(packed(group))) as archive:
        archive.extractall(tmp_path)
    command = ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"]
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 0
    with (tmp_path / "5-ket-qua/ket-qua.xlsx").open("ab") as file:
        file.write(b"x")
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 1


def test_manifest_names_each_file_with_its_checksum_and_the_counts(group):
    files = files_of(packed(group))
    manifest = json.loads(files.pop("manifest.json"))
    del files["README.txt"], files["SHA256SUMS"]
    assert {entry["path"]: entry["sha256"] for entry in manifest["files"]} == {
        path: sha256(content).hexdigest() for path, content in files.items()
    }
    assert manifest["counts"] == {
        "people_listed": 3,
        "attendances": 2,
        "participations": 2,
        "completed": 2,
    }
    assert manifest["missing"] == []


def test_same_state_gives_the_same_bytes_later_and_in_another_language(group):
    first = packed(group)
    with time_machine.travel(timezone.now() + timedelta(days=400)), translation.override("en"):
        assert packed(group) == first
    took_part = group.sessions.get().attendances.filter(revoked_at=None).first().person
    take_back(session=group.sessions.get(), person=took_part, by=keeper())
    assert packed(group) != first


def test_lists_agree_with_the_register(group):
    files = files_of(packed(group))
    scans = rows_of(files["4-diem-danh/diem-danh.xlsx"])
    wrong = next(row for row in scans if "Vi Văn Nhầm" in row)
    assert wrong[-2:] == ["09:00:00 23/11/2026", "Lê Văn Thư"]
    results = rows_of(files["5-ket-qua/ket-qua.xlsx"])
    assert [row[:6] for row in results[-3:]] == [
        [1, "Trần Thị Lan Anh", 1, 1, 1, results[-3][5]],
        [2, "Nguyễn Văn Đạt", 1, 1, 1, results[-2][5]],
        [3, "Vi Văn Nhầm", 0, 1, 1, "Chưa"],
    ]
    serials = {row[0] for row in rows_of(files["6-giay-chung-nhan/so-hieu.xlsx"])[-2:]}
    assert serials == set(Certificate.objects.values_list("serial", flat=True))


def test_personal_numbers_and_phones_are_masked(group):
    person = group.sessions.get().attendances.order_by("pk").first().person
    person.phone = "+84912345678"
    person.save()
    roster = files_of(packed(group))["2-danh-sach/danh-sach-hoc-vien.xlsx"]
    cells = [str(cell) for row in rows_of(roster) for cell in row]
    assert "•••• 1234" in cells
    assert [cell for cell in cells if NUMBER in cell or "912345" in cell] == []


def test_lost_file_is_named_in_the_manifest(group):
    sheet = SignedSheet.objects.get()
    sheet.file.storage.delete(sheet.file.name)
    files = files_of(packed(group))
    assert [entry["path"] for entry in json.loads(files["manifest.json"])["missing"]] == [
        "3-phieu-ky/buoi-1-to-1.jpg"
    ]
    assert "THIẾU" in files["README.txt"].decode()


def test_class_of_which_nothing_is_known_has_a_pack():
    made = make_pack(finished_class())
    made.file.close()
    assert (made.pieces, made.missing) == (4, 0)


class TestMaking:
    def test_pressing_again_while_it_is_made_asks_for_one(self, group):
        first, second = ask_for_pack(group, keeper()), ask_for_pack(group, keeper())
        assert first.pk == second.pk
        make(str(first.pk))
        make(str(first.pk))
        pack = EvidencePack.objects.get()
        assert (
            pack.sha256 == sha256(pack.file.read()).hexdigest() == sha256(packed(group)).hexdigest()
        )
        assert ask_for_pack(group, keeper()).pk != first.pk

    def test_old_file_goes_and_its_checksum_stays(self, group):
        pack = ask_for_pack(group, keeper())
        make(str(pack.pk))
        with time_machine.travel(timezone.now() + KEPT + timedelta(days=1)):
            forget_files()
            forget_files()
        pack.refresh_from_db()
        assert (bool(pack.file), len(pack.sha256)) == (False, 64)
