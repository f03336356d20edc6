"""The trainer brings a list, reads what it would do, and has it entered."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from learners.choices import SeatState
from learners.models import Attendance, AttendanceFile, ClassKeeper, Seat
from tests.factories.classes import class_of
from tests.factories.lists import workbook_of
from tests.factories.reports import person, recount, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]


@pytest.fixture
def group(province):
    group = class_of(sessions=1)
    for name in ("Nguyễn Thị Hoa", "Lê Văn Bình", "Vi Văn Nam"):
        Seat.objects.create(
            person=person(name, province.hospital),
            class_group=group,
            state=SeatState.SEATED,
            queued_at=timezone.now(),
        )
    recount(province)
    return group


@pytest.fixture
def trainer(group, client):
    trainer = viewer("giangvien")
    ClassKeeper.objects.create(class_group=group, account=trainer)
    client.force_login(trainer)
    return client


def upload(rows) -> SimpleUploadedFile:
    return SimpleUploadedFile("diem-danh.xlsx", workbook_of(rows))


def test_list_is_looked_into_and_then_entered(trainer, group):
    address = f"/lop/phu-trach/{group.pk}/nhap-diem-danh/"
    rows = [["STT", "Họ và tên", "Có mặt"], ["1", "Nguyễn Thị Hoa", "x"], ["2", "Ai Đó", "x"]]
    page = trainer.post(address, {"upload": upload(rows)}, follow=True)
    assert page.status_code == 200
    assert "Chưa ghi nhận gì" in page.content.decode()
    assert "Trong lớp không có ai tên này." in page.content.decode()
    assert Attendance.objects.count() == 0
    file = AttendanceFile.objects.get()
    page = trainer.post(f"/lop/phu-trach/diem-danh/{file.pk}/", follow=True)
    assert Attendance.objects.get().person.full_name == "Nguyễn Thị Hoa"
    assert "Danh sách không có gì mới" in page.content.decode()


def test_filled_in_form_of_the_class_comes_back_as_it_went(trainer, group):
    address = f"/lop/phu-trach/{group.pk}/nhap-diem-danh/"
    book = openpyxl.load_workbook(io.BytesIO(trainer.get(address + "mau/").getvalue()))
    page = book.active
    head = next(row[0].row for row in page.rows if row[0].value == "STT")
    for row in range(head + 1, head + 4):
        page.cell(row, 5).value = "x"
    filled = io.BytesIO()
    book.save(filled)
    file = SimpleUploadedFile("lop.xlsx", filled.getvalue())
    trainer.post(address, {"upload": file})
    trainer.post(f"/lop/phu-trach/diem-danh/{AttendanceFile.objects.get().pk}/")
    assert Attendance.objects.count() == 3


def test_bad_upload_says_what_to_mend(trainer, group):
    address = f"/lop/phu-trach/{group.pk}/nhap-diem-danh/"
    bad = SimpleUploadedFile("anh.png", b"\x89PNG")
    response = trainer.post(address, {"upload": bad})
    assert (response.status_code, AttendanceFile.objects.count()) == (422, 0)
    assert trainer.post(address).status_code == 422


def test_session_of_another_class_cannot_be_chosen(trainer, group):
    other = class_of().sessions.get()
    rows = [["STT", "Họ và tên"], ["1", "Nguyễn Thị Hoa"]]
    response = trainer.post(
        f"/lop/phu-trach/{group.pk}/nhap-diem-danh/", {"upload": upload(rows), "session": other.pk}
    )
    assert (response.status_code, AttendanceFile.objects.count()) == (422, 0)


def test_keeper_of_another_class_finds_nothing(trainer, group, client):
    rows = [["STT", "Họ và tên"], ["1", "Nguyễn Thị Hoa"]]
    trainer.post(f"/lop/phu-trach/{group.pk}/nhap-diem-danh/", {"upload": upload(rows)})
    other = viewer("khac")
    ClassKeeper.objects.create(class_group=class_of(), account=other)
    client.force_login(other)
    for part in (f"{group.pk}/nhap-diem-danh/", f"diem-danh/{AttendanceFile.objects.get().pk}/"):
        assert client.get(f"/lop/phu-trach/{part}").status_code == 404
