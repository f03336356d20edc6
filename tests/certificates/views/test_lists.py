"""The officer's way from a finished class to papers in hands, on pages."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from certificates.models import Certificate, Decision, HandOver, IssueList
from learners.choices import Act
from learners.models import AuditEntry, User
from tests.factories.certificates import decided_list, finished_class, keeper
from tests.factories.classes import class_of
from tests.factories.files import pdf

SCAN = pdf()

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(keeper())
    return client


def decision(**changes):
    day = timezone.localdate()
    return {
        "kind": "completion",
        "number": "45/QĐ-ĐHV",
        "signed_on": f"{day:%d/%m/%Y}",
        "governing_body": "BỘ GIÁO DỤC VÀ ĐÀO TẠO",
        "issuing_body": "TRƯỜNG ĐẠI HỌC VINH",
        "place": "Nghệ An",
        "signer_title": "HIỆU TRƯỞNG",
        "signer_name": "Trần Thị Mẫu",
        "scan": SimpleUploadedFile("qd.pdf", SCAN, "application/pdf"),
    } | changes


def drawn(office, *names):
    group = finished_class(*names or ("Nguyễn Thị Hoa",))
    office.post(f"/cap-giay/lop/{group.pk}/")
    return IssueList.objects.get(class_group=group)


def test_from_class_to_hand_over(office, django_capture_on_commit_callbacks):
    group = finished_class("Nguyễn Thị Hoa", absent=("Lê Văn Vắng",))
    for words in ("", "luat thuong mai", "HỘ KINH DOANH", group.code):
        assert group.title in office.get("/cap-giay/", {"q": words}).content.decode()
    assert group.title not in office.get("/cap-giay/", {"q": "lop khac"}).content.decode()
    page = office.get(f"/cap-giay/lop/{group.pk}/").content.decode()
    assert "Có chỗ trong lớp nhưng không dự buổi nào." in page
    office.post(f"/cap-giay/lop/{group.pk}/")
    found = IssueList.objects.get()
    address = f"/cap-giay/danh-sach/{found.pk}/"
    with django_capture_on_commit_callbacks(execute=True):
        assert office.post(address, decision()).status_code == 302
    paper = Certificate.objects.get()
    assert paper.serial in office.get(address).content.decode()
    assert office.get(f"{address}quyet-dinh/").getvalue() == SCAN
    office.post(
        f"{address}giao/",
        {"hand_over": "1", "paper": [paper.serial], "handed_on": "01/01/2026", "way": "by_post"},
    )
    assert HandOver.objects.get().received_by == "Nguyễn Thị Hoa"
    assert "01/01/2026" in office.get(f"{address}giao/").content.decode()
    office.post(f"{address}giao/", {"undo": paper.serial})
    assert HandOver.objects.filter(revoked_at__isnull=True).count() == 0


def test_running_list_shows_how_far_it_is_and_looks_again(office):
    found = decided_list("Nguyễn Thị Hoa", "Phan Thị Lan")
    page = office.get(f"/cap-giay/danh-sach/{found.pk}/")
    assert ("Đã lập 0/2 giấy" in page.content.decode(), page["Refresh"]) == (True, "3")


@pytest.mark.parametrize(
    ("field", "value", "answer"),
    [
        ("scan", "", "Bản quét quyết định đã ký"),
        ("signed_on", "01/01/2020", "trước ngày lập danh sách"),
        ("signed_on", f"{timezone.localdate() + timedelta(days=2):%d/%m/%Y}", "chưa đến"),
        ("kind", "certificate", "Loại giấy"),
        ("signer_name", "សុខា", "không in được"),
        ("issuing_body", "TRƯỜNG " * 25, "quá dài"),
    ],
)
def test_decision_with_a_fault_is_refused_and_nothing_kept(office, field, value, answer):
    found = drawn(office)
    page = office.post(f"/cap-giay/danh-sach/{found.pk}/", decision(**{field: value}))
    assert (page.status_code, answer in page.content.decode()) == (422, True)
    assert (Decision.objects.count(), Certificate.objects.count()) == (0, 0)


def test_class_that_has_not_ended_has_no_list(office):
    group = class_of(sessions=3)
    page = office.post(f"/cap-giay/lop/{group.pk}/")
    assert "Danh sách được lập sau ngày đó" in page.content.decode()
    assert IssueList.objects.count() == 0


def test_discarded_list_makes_room_for_another(office):
    found = drawn(office)
    office.post(f"/cap-giay/danh-sach/{found.pk}/bo/")
    office.post(f"/cap-giay/lop/{found.class_group_id}/")
    assert sorted(IssueList.objects.values_list("state", flat=True)) == ["discarded", "draft"]


def test_nobody_else_comes_near(office, client):
    found = drawn(office)
    client.force_login(User.objects.create_user("ai"))
    for address in ("", "quyet-dinh/", "giao/"):
        assert client.get(f"/cap-giay/danh-sach/{found.pk}/{address}").status_code == 404
    assert client.post(f"/cap-giay/danh-sach/{found.pk}/bo/").status_code == 404
    for address in ("/cap-giay/", f"/cap-giay/lop/{found.class_group_id}/", "/so-cap/bao-cao/"):
        assert client.get(address).status_code == 404


def issued(*names):
    from certificates.actions.lists import issue_by_list

    found = decided_list(*names)
    issue_by_list(found.pk)
    return found


@pytest.mark.parametrize("names", [("Vi Văn Một",), ("Vi Văn Một", "Vi Văn Hai", "Vi Văn Ba")])
def test_queries_do_not_grow_with_rows(office, names, django_assert_max_num_queries):
    found = issued(*names)
    for address in (
        f"/cap-giay/danh-sach/{found.pk}/",
        f"/cap-giay/danh-sach/{found.pk}/giao/",
        "/cap-giay/",
        f"/cap-giay/lop/{found.class_group_id}/",
        "/so-cap/bao-cao/",
    ):
        with django_assert_max_num_queries(12):
            assert office.get(address).status_code == 200


class TestBook:
    def test_page_and_workbook_say_the_same(self, office):
        issued("Nguyễn Thị Hoa", "Phan Thị Lan")
        page = office.get("/so-cap/bao-cao/").content.decode()
        assert "2 giấy: 2 có giá trị, 0 bị thu hồi, 0 được thay." in page
        file = io.BytesIO(office.get("/so-cap/bao-cao.xlsx").getvalue())
        assert AuditEntry.objects.get(act=Act.LIST_TAKEN_OUT).about.startswith("so-cap-")
        rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
        serials = [row[1] for row in rows if row[1] and str(row[1]).startswith("NA-")]
        assert serials == list(
            Certificate.objects.order_by("number").values_list("serial", flat=True)
        )

    @pytest.mark.parametrize("query", ["tu=x&den=&loai=no", "tu=02/01/2026&den=01/01/2026"])
    def test_span_that_makes_no_sense_is_refused(self, office, query):
        assert office.get(f"/so-cap/bao-cao/?{query}").status_code == 422
        assert office.get(f"/so-cap/bao-cao.xlsx?{query}").status_code == 404


def test_owner_finds_the_paper_of_a_class_and_the_word_of_it(client):
    found = issued("Nguyễn Thị Hoa")
    paper = Certificate.objects.get()
    owner = User.objects.create_user("NA77")
    paper.person.user = owner
    paper.person.save()
    client.force_login(owner)
    page = client.get("/hoc-tap/").content.decode()
    assert ("Bạn có 1 giấy chứng nhận mới" in page, paper.serial in page) == (True, True)
    assert client.get(f"/giay-chung-nhan/{paper.code}.pdf").status_code == 200
    page = client.get("/hoc-tap/").content.decode()
    assert ("giấy chứng nhận mới" in page, paper.serial in page) == (False, True)
    assert found.lines.count() == 1
