"""Minh brings a list from another platform, takes it in, and settles what is left."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from learners.choices import FileState, Role, RowState
from learners.models import OutsideFile, OutsideRow, OutsideSource, TrainingRecord
from tests.factories.lists import workbook_of
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db

RESULTS = "/bao-cao/nhap-ket-qua/"
TITLES = ["Họ và tên", "Số hiệu", "Khóa học", "Ngày hoàn thành"]


@pytest.fixture(autouse=True)
def _day():
    with on_23_november():
        yield


@pytest.fixture
def province():
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, staff_number="NA900001")
    person("Võ Thị An", found.hospital)
    person("Đinh Văn Tú", found.school, staff_number="NA900009")
    return recount(found)


@pytest.fixture
def minh_client(client, province):
    client.force_login(viewer("minh", unit=province.health))
    return client


def sent(*rows: list, **changes: object) -> dict:
    upload = SimpleUploadedFile("onetouch.xlsx", workbook_of([TITLES, *rows]))
    source = OutsideSource.objects.get(name="OneTouch").pk
    return {"source": source, "upload": upload, "title": "", "hours": "8"} | changes


HOA = ["Nguyễn Thị Hoa", "NA900001", "An toàn số", "20/10/2026"]
AN = ["Võ Thị An", "", "An toàn số", "20/10/2026"]
TU = ["Đinh Văn Tú", "NA900009", "An toàn số", "20/10/2026"]


def test_a_list_is_looked_into_then_taken_in(minh_client):
    page = minh_client.post(RESULTS, sent(HOA, AN), follow=True)
    file = OutsideFile.objects.get()
    assert (file.state, TrainingRecord.objects.count()) == (FileState.TRIED, 0)
    assert "Chưa ghi nhận" in page.content.decode()
    minh_client.post(f"{RESULTS}{file.pk}/nhap/")
    minh_client.post(f"{RESULTS}{file.pk}/nhap/")
    file.refresh_from_db()
    assert (file.state, TrainingRecord.objects.count()) == (FileState.DONE, 1)
    assert minh_client.get(f"{RESULTS}{file.pk}/").context["figures"] == [
        (RowState.MATCHED.label, 1),
        (RowState.OPEN.label, 1),
    ]


def test_what_is_left_is_settled_one_by_one(minh_client):
    minh_client.post(RESULTS, sent(HOA, AN))
    file = OutsideFile.objects.get()
    minh_client.post(f"{RESULTS}{file.pk}/nhap/")
    left = OutsideRow.objects.get(state=RowState.OPEN)
    address = f"{RESULTS}{file.pk}/dong/{left.pk}/"
    (candidate, _unit), *others = minh_client.get(address).context["candidates"]
    assert (candidate.full_name, others) == ("Võ Thị An", [])
    assert minh_client.post(address, {"person": ""}).status_code == 200
    minh_client.post(address, {"person": candidate.pk})
    left.refresh_from_db()
    assert (left.state, left.record.person) == (RowState.MATCHED, candidate)


def test_a_row_that_means_nobody_is_set_aside_with_a_reason(minh_client):
    minh_client.post(RESULTS, sent(["Ai Đó", "", "An toàn số", "20/10/2026"]))
    file = OutsideFile.objects.get()
    minh_client.post(f"{RESULTS}{file.pk}/nhap/")
    left = OutsideRow.objects.get()
    address = f"{RESULTS}{file.pk}/dong/{left.pk}/"
    assert minh_client.post(address, {"set_aside": "1", "reason": ""}).status_code == 422
    minh_client.post(address, {"set_aside": "1", "reason": "Không thuộc tỉnh"})
    left.refresh_from_db()
    assert (left.state, left.why) == (RowState.SET_ASIDE, "Không thuộc tỉnh")
    download = minh_client.get(f"{RESULTS}{file.pk}/dong/tai-ve/")
    assert download["Content-Type"].endswith("sheet")


def test_an_officer_records_nobody_outside_of_his_scope(minh_client):
    minh_client.post(RESULTS, sent(TU))
    file = OutsideFile.objects.get()
    minh_client.post(f"{RESULTS}{file.pk}/nhap/")
    left = OutsideRow.objects.get()
    assert left.state == RowState.OPEN
    stranger = {"person": TrainingRecord.objects.count() + 3}
    minh_client.post(f"{RESULTS}{file.pk}/dong/{left.pk}/", stranger)
    assert TrainingRecord.objects.count() == 0


def test_hours_are_asked_for_the_file_only_where_rows_give_none(minh_client):
    rows = [[*TITLES, "Số giờ"], [*HOA, "6,5"], [*AN, ""]]
    upload = SimpleUploadedFile("onetouch.xlsx", workbook_of(rows))
    minh_client.post(RESULTS, sent(hours="") | {"upload": upload})
    file = OutsideFile.objects.get()
    minh_client.post(f"{RESULTS}{file.pk}/nhap/")
    assert [record.hours for record in TrainingRecord.objects.all()] == [Decimal("6.5")]
    refused = OutsideRow.objects.get(state=RowState.REFUSED)
    assert refused.cells["full_name"] == "Võ Thị An"
    assert refused.why.startswith("Dòng không ghi số giờ.")


@pytest.mark.parametrize("wrong", [{"source": ""}, {"hours": "0"}, {"hours": "x"}, {"upload": ""}])
def test_what_is_missing_is_said_and_nothing_is_kept(minh_client, wrong):
    page = minh_client.post(RESULTS, sent(HOA) | wrong)
    assert (page.status_code, OutsideFile.objects.count()) == (422, 0)


def test_lan_sees_nothing_of_what_minh_brought(minh_client, province, client):
    minh_client.post(RESULTS, sent(HOA))
    file = OutsideFile.objects.get()
    client.force_login(viewer("lan", unit=province.education))
    assert list(client.get(RESULTS).context["page"].object_list) == []
    for address in ("", "dong/", "dong/tai-ve/"):
        assert client.get(f"{RESULTS}{file.pk}/{address}").status_code == 404
    assert client.post(f"{RESULTS}{file.pk}/nhap/").status_code == 404


def test_an_auditor_reads_and_changes_nothing(minh_client, province, client):
    minh_client.post(RESULTS, sent(HOA))
    file = OutsideFile.objects.get()
    client.force_login(viewer("viet", Role.AUDITOR, province.province))
    assert client.get(f"{RESULTS}{file.pk}/").status_code == 200
    assert client.post(f"{RESULTS}{file.pk}/nhap/").status_code == 404
    client.post(RESULTS, sent(TU))
    assert OutsideFile.objects.count() == 1


@pytest.mark.parametrize("lists", [1, 3])
def test_queries_do_not_grow_with_the_lists(minh_client, lists, django_assert_max_num_queries):
    for n in range(lists):
        minh_client.post(RESULTS, sent([f"Ai Đó {'ABC'[n]}", "", "x", "20/10/2026"]))
    with django_assert_max_num_queries(12):
        minh_client.get(RESULTS)
