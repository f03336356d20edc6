"""Minh sends his department's list, decides what is asked, and applies it."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from learners.actions.recounting import differences
from learners.choices import ImportState, Role
from learners.models import Person, Post, StaffImport
from tests.factories.reports import on_23_november, person, recount, viewer, world
from tests.factories.staff_lists import line, workbook

pytestmark = pytest.mark.django_db

LISTS = "/bao-cao/nhap-danh-sach/"


@pytest.fixture(autouse=True)
def _day():
    with on_23_november():
        yield


@pytest.fixture
def province():
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, staff_number="NA900001")
    person("Đinh Văn Tú", found.school, staff_number="NA900009")
    return recount(found)


@pytest.fixture
def minh(province):
    return viewer("minh", unit=province.health)


@pytest.fixture
def minh_client(client, minh):
    client.force_login(minh)
    return client


def row(number: int, **changes: object) -> list:
    return line(number, **{"Mã đơn vị": "NA-BV"} | changes)


def sent(province, *lines: list, **changes: object) -> dict:
    upload = SimpleUploadedFile("danh-sach.xlsx", workbook(*lines))
    return {
        "upload": upload,
        "unit": province.health.pk,
        "effective_on": "2026-11-01",
        "default_kind": "",
    } | changes


def checked(client, province, *lines: list) -> StaffImport:
    """Sent, its columns named as they were recognised, and checked by the job."""
    client.post(LISTS, sent(province, *lines))
    run = StaffImport.objects.latest("pk")
    client.post(f"{LISTS}{run.pk}/", run.places)
    run.refresh_from_db()
    return run


def test_list_is_looked_into_then_applied_once(minh_client, province):
    run = checked(minh_client, province, row(1), row(2))
    assert (run.state, run.counts) == (ImportState.CHECKED, {"created": 2, "missing": 1})
    assert Person.objects.count() == 2
    page = minh_client.get(f"{LISTS}{run.pk}/").content.decode()
    assert "/ap-dung/" in page
    for _click in range(2):
        minh_client.post(f"{LISTS}{run.pk}/ap-dung/")
    run.refresh_from_db()
    assert (run.state, Person.objects.count()) == (ImportState.APPLIED, 4)
    assert differences(province.period) == []
    again = checked(minh_client, province, row(1), row(2))
    assert again.counts == {"unchanged": 2, "missing": 1}


def test_columns_are_named_by_hand_and_remembered(minh_client, province):
    titles = ["STT", "Họ và tên", "Sinh", "Giấy tờ", "Mã", "Đv", "Phân loại", "Việc"]
    book = workbook(row(1), headings=titles)
    minh_client.post(LISTS, sent(province) | {"upload": SimpleUploadedFile("a.xlsx", book)})
    run = StaffImport.objects.get()
    address = f"{LISTS}{run.pk}/"
    assert minh_client.post(address, {"full_name": 1}).status_code == 422
    assert minh_client.post(address, {"full_name": 1, "birth_date": 1}).status_code == 422
    places = {"full_name": 1, "birth_date": 2, "personal_number": 3, "staff_number": 4}
    places |= {"unit_code": 5, "staff_kind": 6, "title": 7}
    minh_client.post(address, places)
    run.refresh_from_db()
    assert run.counts == {"created": 1, "missing": 1}
    minh_client.post(LISTS, sent(province) | {"upload": SimpleUploadedFile("b.xlsx", book)})
    assert StaffImport.objects.latest("pk").places == places


def test_repair_is_accepted_row_by_row(minh_client, province):
    lost = row(1, **{"Số CCCD": 40190000001})
    run = checked(minh_client, province, lost, row(2, **{"Số CCCD": "12"}))
    address = f"{LISTS}{run.pk}/dong/?ket-qua=refused"
    page = minh_client.get(address)
    rows = list(page.context["page"].object_list)
    assert [one.can_be_accepted for one in rows] == [True, False]
    minh_client.post(address, {"row": [one.pk for one in rows], "decision": "accepted"})
    minh_client.post(f"{LISTS}{run.pk}/ap-dung/")
    run.refresh_from_db()
    assert run.counts == {"created": 1, "refused": 1, "missing": 1}
    book = minh_client.get(f"{LISTS}{run.pk}/dong/tai-ve/").getvalue()
    cells = [c.value for r in openpyxl.load_workbook(io.BytesIO(book)).active.rows for c in r]
    assert ("Số định danh cá nhân" in cells, "12" in cells) == (True, True)


def test_namesake_is_the_same_person_or_somebody_else(minh_client, province):
    stored = person("Lê Văn Bình", province.hospital, birth_date=date(1990, 4, 5))
    same = row(1, **{"Họ và tên": "Lê Văn Bình", "Số CCCD": ""})
    run = checked(minh_client, province, same)
    assert run.counts["unsure"] == 1
    address = f"{LISTS}{run.pk}/dong/?ket-qua=unsure"
    (asked,) = minh_client.get(address).context["page"].object_list
    minh_client.post(address, {"row": asked.pk, "decision": "accepted"})
    minh_client.post(f"{LISTS}{run.pk}/ap-dung/")
    assert Person.objects.filter(full_name="Lê Văn Bình").get() == stored


def test_missing_people_leave_when_the_officer_says_so(minh_client, province):
    run = checked(minh_client, province, row(1))
    minh_client.post(f"{LISTS}{run.pk}/ap-dung/")
    hoa = Post.objects.get(person__staff_number="NA900001")
    assert hoa.valid_to is None
    address = f"{LISTS}{run.pk}/dong/?ket-qua=missing"
    (asked,) = minh_client.get(address).context["page"].object_list
    for _press in range(2):
        minh_client.post(address, {"row": asked.pk, "decision": "ended"})
    hoa.refresh_from_db()
    assert hoa.valid_to == date(2026, 10, 31)
    assert differences(province.period) == []


def test_list_of_the_register_comes_back_and_changes_nothing(minh_client, province):
    run = checked(minh_client, province, row(1), row(2, **{"Phân loại": "Không chuyên trách"}))
    minh_client.post(f"{LISTS}{run.pk}/ap-dung/")
    second = Post.objects.get(person__staff_number="CB0001")
    second.pk, second.is_main, second.managing_unit = None, False, province.health
    second.save()
    data = minh_client.get(f"{LISTS}hien-co/").getvalue()
    minh_client.post(LISTS, sent(province) | {"upload": SimpleUploadedFile("a.xlsx", data)})
    again = StaffImport.objects.latest("pk")
    minh_client.post(f"{LISTS}{again.pk}/", again.places)
    again.refresh_from_db()
    assert again.counts == {"unchanged": 4, "missing": 0}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"upload": SimpleUploadedFile("a.xlsx", b"PK\x03\x04x")}, "upload"),
        ({"upload": SimpleUploadedFile("a.csv", b"\n")}, "upload"),
        ({"effective_on": "31/02/2026"}, "effective_on"),
        ({"effective_on": "1990-01-01"}, "effective_on"),
        ({"unit": "999999"}, "unit"),
        ({"unit": ""}, "unit"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_nothing(minh_client, province, changes, said):
    page = minh_client.post(LISTS, sent(province, row(1)) | changes)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [said])
    assert StaffImport.objects.count() == 0


def test_unit_of_another_officer_is_no_choice(minh_client, province):
    page = minh_client.post(LISTS, sent(province, row(1), unit=province.school.pk))
    assert list(page.context["form"].errors) == ["unit"]


def test_list_of_another_officer_is_not_there(minh_client, province, client):
    run = checked(minh_client, province, row(1))
    client.force_login(viewer("lan", unit=province.education))
    for part in ("", "dong/", "dong/tai-ve/"):
        assert client.get(f"{LISTS}{run.pk}/{part}").status_code == 404
    client.force_login(viewer("auditor", Role.AUDITOR, province.province))
    assert client.get(f"{LISTS}{run.pk}/").status_code == 200
    assert client.post(f"{LISTS}{run.pk}/ap-dung/").status_code == 404


def test_list_of_a_former_unit_is_only_read(minh_client, minh, province):
    run = checked(minh_client, province, row(1))
    minh.role_grants.update(organisation=province.education)
    assert minh_client.get(f"{LISTS}{run.pk}/").context["may_change"] is False
    rows = f"{LISTS}{run.pk}/dong/?ket-qua=missing"
    assert minh_client.post(rows, {"decision": "ended"}).status_code == 404
    assert minh_client.post(f"{LISTS}{run.pk}/ap-dung/").status_code == 404
    run.refresh_from_db()
    assert run.state == ImportState.CHECKED


def test_page_of_rows_costs_the_same_at_one_and_three(
    minh_client, province, django_assert_num_queries
):
    run = checked(minh_client, province, row(1))
    address = f"{LISTS}{run.pk}/dong/?ket-qua=created"
    minh_client.get(address)
    with django_assert_num_queries(5):
        minh_client.get(address)
    run = checked(minh_client, province, row(1), row(2), row(3))
    with django_assert_num_queries(5):
        minh_client.get(f"{LISTS}{run.pk}/dong/?ket-qua=created")
