"""The pages of lists of businesses: brought, columns named, looked into, decided, applied."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from learners.choices import Level
from learners.models import Business, BusinessList, RoleGrant
from tests.factories.lists import workbook_of
from tests.factories.reports import on_23_november, organisation, viewer, world

pytestmark = pytest.mark.django_db

TAX, HEAD = "0100109106", "040190001234"
HEADINGS = ["Tên cơ sở", "Loại hình", "MST", "Số CCCD chủ hộ", "Xã"]
ROWS = [
    ["Công ty An", "Doanh nghiệp", TAX, "", "Kim Liên"],
    ["Tạp hóa Mai", "Hộ kinh doanh", "", HEAD, "Kim Liên"],
    ["Công ty Bình", "Doanh nghiệp", "0100109107", "", "Kim Liên"],
    ["Công ty Cúc", "Doanh nghiệp", "", "", "Kim Liên"],
]
INDEX = "/bao-cao/co-so/nhap/"


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("vi"):
        yield


@pytest.fixture
def place():
    found = world()
    found.officer = viewer("can-bo-xa", unit=found.commune)
    return found


@pytest.fixture
def office(client, place):
    client.force_login(place.officer)
    return client


def bring(client, *rows, headings=HEADINGS, **more):
    upload = SimpleUploadedFile("co-so.xlsx", workbook_of([headings, *rows]))
    return client.post(INDEX, {"upload": upload, **more})


def named(client, execute, *rows):
    """A list with its columns named as they were recognised, and checked."""
    bring(client, *(rows or ROWS))
    run = BusinessList.objects.latest("pk")
    with execute(execute=True):
        client.post(f"{INDEX}{run.pk}/", run.places)
    run.refresh_from_db()
    return run


def test_list_is_brought_tried_mended_and_applied(office, django_capture_on_commit_callbacks):
    assert INDEX in office.get("/bao-cao/co-so/").content.decode()
    answer = bring(office, *ROWS)
    run = BusinessList.objects.get()
    assert answer["Location"] == f"{INDEX}{run.pk}/"
    text = office.get(answer["Location"]).content.decode()
    assert (HEAD in text, "•••• 1234" in text) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):
        office.post(answer["Location"], run.places)
    text = office.get(answer["Location"]).content.decode()
    assert "Chưa có gì thay đổi" in text
    assert Business.objects.count() == 0
    rows = office.get(f"{INDEX}{run.pk}/dong/?ket-qua=refused").content.decode()
    assert "không khớp chữ số kiểm tra" in rows
    able = run.rows.get(name="Công ty Cúc")
    office.post(f"{INDEX}{run.pk}/dong/?ket-qua=refused", {"row": able.pk, "decision": "accepted"})
    with django_capture_on_commit_callbacks(execute=True):
        office.post(f"{INDEX}{run.pk}/ap-dung/")
        office.post(f"{INDEX}{run.pk}/ap-dung/")
    assert set(Business.objects.values_list("name", "tax_code")) == {
        ("Công ty An", TAX),
        ("Tạp hóa Mai", None),
        ("Công ty Cúc", None),
    }
    text = office.get(f"{INDEX}{run.pk}/").content.decode()
    assert "Áp dụng lúc" in text or "áp dụng lúc" in text


def test_rows_not_taken_come_back_as_excel_mended_they_are_taken(
    office, django_capture_on_commit_callbacks
):
    run = named(office, django_capture_on_commit_callbacks)
    answer = office.get(f"{INDEX}{run.pk}/dong/tai-ve/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    lines = [[cell or "" for cell in line] for line in book.active.iter_rows(values_only=True)]
    at = next(n for n, line in enumerate(lines) if "Tên cơ sở" in line)
    left = [line for line in lines[at + 1 :] if "Công ty" in str(line[0])]
    assert [line[0] for line in left] == ["Công ty Bình", "Công ty Cúc"]
    assert any("chữ số kiểm tra" in str(cell) for cell in left[0])
    # The same file, its numbers corrected, is itself a list that is read.
    place_of = lines[at].index("Mã số thuế")
    left[0][place_of], left[1][place_of] = TAX, "2900325526"
    bring(office, *left, headings=lines[at])
    again = BusinessList.objects.latest("pk")
    with django_capture_on_commit_callbacks(execute=True):
        office.post(f"{INDEX}{again.pk}/", again.places)
    again.refresh_from_db()
    assert again.counts == {"created": 2}


def test_file_that_is_no_list_is_refused_with_a_sentence(office):
    upload = SimpleUploadedFile("anh.png", b"\x89PNG\r\n")
    answer = office.post(INDEX, {"upload": upload})
    assert answer.status_code == 422
    assert "Tên cơ sở" in answer.content.decode()
    assert not BusinessList.objects.exists()


def test_columns_are_named_by_hand_and_remembered(office, django_capture_on_commit_callbacks):
    headings = ["Tên cơ sở", "Loại hình", "Ký hiệu", "Số CCCD chủ hộ", "Nơi đóng"]
    bring(office, *ROWS, headings=headings)
    run = BusinessList.objects.get()
    assert "number" not in run.places
    said = run.places | {"number": 2, "commune": 4}
    office.post(f"{INDEX}{run.pk}/", said)
    bring(office, *ROWS, headings=headings)
    assert BusinessList.objects.latest("pk").places == said


def test_a_list_without_a_column_of_names_is_not_checked(office):
    bring(office, *ROWS)
    run = BusinessList.objects.get()
    places = {name: place for name, place in run.places.items() if name != "name"}
    answer = office.post(f"{INDEX}{run.pk}/", places)
    assert answer.status_code == 422
    assert "cột nào ghi tên cơ sở" in answer.content.decode()


def test_officer_of_no_commune_and_officer_of_another_find_nothing(office, client, place):
    bring(office, *ROWS)
    run = BusinessList.objects.get()
    client.force_login(viewer("y-te", unit=place.health))
    assert client.get(INDEX).status_code == 404
    other = organisation("X16690", "Ủy ban nhân dân phường Trường Vinh", level=Level.COMMUNE)
    client.force_login(viewer("xa-khac", unit=other))
    assert client.get(INDEX).status_code == 200
    for address in ("", "dong/", "dong/tai-ve/"):
        assert client.get(f"{INDEX}{run.pk}/{address}").status_code == 404
    assert client.post(f"{INDEX}{run.pk}/ap-dung/").status_code == 404


def test_whoever_lost_the_right_applies_nothing(office, place, django_capture_on_commit_callbacks):
    run = named(office, django_capture_on_commit_callbacks)
    RoleGrant.objects.filter(user=place.officer).update(valid_to="2026-01-01")
    assert office.post(f"{INDEX}{run.pk}/ap-dung/").status_code == 404
    assert not Business.objects.exists()


def test_rows_of_other_communes_are_refused_for_a_communes_officer(
    office, place, django_capture_on_commit_callbacks
):
    organisation("X16690", "Ủy ban nhân dân phường Trường Vinh", place.province, Level.COMMUNE)
    run = named(
        office,
        django_capture_on_commit_callbacks,
        ["Công ty An", "Doanh nghiệp", TAX, "", "Trường Vinh"],
    )
    assert run.counts == {"refused": 1}
    assert "không thuộc địa bàn" in run.rows.get().faults[0]["why"]


@pytest.mark.parametrize("address", ["", "{pk}/", "{pk}/dong/?ket-qua=created"])
def test_pages_cost_the_same_for_three_rows_as_for_one(
    office, address, django_capture_on_commit_callbacks, django_assert_max_num_queries
):
    def rows(n):
        return [["HTX " + "ABC"[at], "HTX", "", "", "Kim Liên"] for at in range(n)]

    first = named(office, django_capture_on_commit_callbacks, *rows(1))
    office.get(INDEX + address.format(pk=first.pk))
    with django_assert_max_num_queries(12) as one:
        office.get(INDEX + address.format(pk=first.pk))
    for _list in range(2):
        last = named(office, django_capture_on_commit_callbacks, *rows(3))
    with django_assert_max_num_queries(12) as three:
        assert office.get(INDEX + address.format(pk=last.pk)).status_code == 200
    assert len(one) == len(three)
