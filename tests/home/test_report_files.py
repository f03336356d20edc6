"""Reports on official paper, and long lists that a job draws up."""

from collections.abc import Iterator
from datetime import date

import pypdfium2
import pytest
from django.http import Http404
from django.test import Client

from courses import work
from home import report_files, report_tasks
from home.models import ReportFile
from home.report_tasks import forget_report_files, make_report_file
from learners.choices import Role, Status
from learners.models import RoleGrant
from tests.factories.reports import World, on_23_november, person, recount, viewer, world

LIST = "/bao-cao/danh-sach/tai-ve/"


@pytest.fixture(autouse=True)
def fixed_day() -> Iterator[None]:
    with on_23_november():
        yield


@pytest.fixture
def province(db: None) -> World:
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, Status.ONLINE)
    person("Trần <b>Bình</b>", found.hospital, Status.WAITING, date(2026, 10, 3))
    person("Vi Văn Nam", found.commune)
    return recount(found)


@pytest.fixture
def leader(province: World, client: Client) -> Client:
    client.force_login(viewer("thinh", Role.LEADER, province.province))
    return client


def pages_of(response) -> list[str]:
    assert response["content-type"] == "application/pdf"
    with pypdfium2.PdfDocument(response.getvalue()) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_files_are_named_in_words_that_any_system_keeps(leader: Client):
    names = {
        "missing": "danh-sach-chua-dat-2026.csv",
        "all": "danh-sach-tat-ca-2026.csv",
        "online": "danh-sach-hoc-truc-tuyen-tai-day-2026.csv",
    }
    for status, name in names.items():
        file = leader.get(LIST, {"dang": "csv", "trang-thai": status})
        assert file["Content-Disposition"] == f'attachment; filename="{name}"'


def test_pdf_of_the_list_is_an_official_paper_with_its_rows(leader: Client):
    [text] = pages_of(leader.get(LIST, {"dang": "pdf"}))

    for part in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Nghệ An, ngày 23 tháng 11 năm 2026",
        "Nguyễn Thị Hoa",
        "Trần <b>Bình</b>",
        "03/10/2026",
        "THỦ TRƯỞNG ĐƠN VỊ",
    ]:
        assert part in text


def test_pdf_of_units_prints_the_totals_of_the_page(leader: Client):
    [text] = pages_of(leader.get("/bao-cao/don-vi/tai-ve/", {"dang": "pdf"}))

    assert "Tổng cộng 3 1 2 33,3" in text


def test_overview_fits_one_sheet_and_prints_the_figures_of_the_screen(leader: Client):
    screen = leader.get("/bao-cao/tong-quan/").context["overview"]

    [text] = pages_of(leader.get("/bao-cao/tong-quan/pdf/"))

    assert (screen.counts.reached, screen.counts.headcount) == (1, 3)
    for part in ["33,3%", "1/3", "Xã Kim Liên", "NGƯỜI LẬP BIỂU"]:
        assert part in text


def test_long_list_is_offered_to_be_drawn_up(leader: Client, monkeypatch):
    monkeypatch.setattr(report_files, "AT_ONCE", 2)

    response = leader.get(LIST, {"trang-thai": "all"})

    assert response.templates[0].name == "home/report_files/long.html"
    assert response.context["rows"] == 3
    assert response.context["query"] == "trang-thai=all"


def ask(client: Client, **fields: str) -> ReportFile:
    data = {"kind": "people", "form": "csv", "query": "trang-thai=missing"} | fields
    response = client.post("/bao-cao/tep/moi/", data)
    assert response.status_code == 302
    return ReportFile.objects.get()


def test_drawn_up_list_holds_the_rows_of_the_download(leader: Client):
    at_once = leader.get(LIST, {"dang": "csv", "trang-thai": "missing"}).getvalue()

    file = ask(leader)

    assert file.rows == 2
    fetched = leader.get(f"/bao-cao/tep/{file.pk}/tai-ve/")
    assert fetched.getvalue() == at_once


def test_list_is_drawn_up_once(leader: Client):
    file = ask(leader)
    first = ReportFile.objects.get()

    make_report_file.call(str(file.pk))

    again = ReportFile.objects.get()
    assert (again.made_at, again.file.name) == (first.made_at, first.file.name)


def test_job_tells_how_far_it_is(leader: Client, monkeypatch):
    monkeypatch.setattr(report_tasks, "TOLD_EVERY", 1)
    file, told = ask(leader), []
    ReportFile.objects.update(made_at=None)

    with work.reported_to(lambda done, of: told.append((done, of))):
        make_report_file.call(str(file.pk))

    assert told == [(1, 2), (2, 2)]


def test_job_asks_again_for_the_right(leader: Client):
    file = ask(leader)
    ReportFile.objects.update(made_at=None)
    RoleGrant.objects.all().delete()

    with pytest.raises(Http404):
        make_report_file.call(str(file.pk))

    assert leader.get(f"/bao-cao/tep/{file.pk}/").status_code == 404


@pytest.mark.parametrize("fields", [{"kind": "x"}, {"form": "pdf"}, {"query": "don-vi=0"}])
def test_what_cannot_be_asked_for_leaves_nothing(leader: Client, fields: dict):
    data = {"kind": "people", "form": "csv", "query": ""} | fields

    assert leader.post("/bao-cao/tep/moi/", data).status_code == 404
    assert ReportFile.objects.count() == 0


def test_list_of_somebody_else_is_not_found(leader: Client, province: World, client: Client):
    file = ask(leader)
    other = Client()
    other.force_login(viewer("minh", Role.OFFICER, province.health))

    for address in ("", "tai-ve/"):
        assert other.get(f"/bao-cao/tep/{file.pk}/{address}").status_code == 404


def test_files_are_forgotten_after_a_week(leader: Client):
    file = ask(leader)
    stored = file.file
    ReportFile.objects.update(asked_at="2026-11-15T00:00:00Z")

    forget_report_files.call()

    assert ReportFile.objects.count() == 0
    assert not stored.storage.exists(stored.name)
