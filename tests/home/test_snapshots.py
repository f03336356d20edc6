"""Minh draws up his department's figures, the leader signs them, the auditor reads them."""

import io

import openpyxl
import pikepdf
import pytest

from learners.choices import Role, Status
from learners.models import Snapshot
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db

LIST = "/bao-cao/so-lieu-chot/"


@pytest.fixture(autouse=True)
def _day():
    with on_23_november():
        yield


@pytest.fixture
def province():
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, Status.CLASS)
    person("Võ Thị An", found.health)
    return recount(found)


@pytest.fixture
def signed(client, province):
    client.force_login(viewer("minh", unit=province.health))
    client.post(LIST)
    shown = Snapshot.objects.get()
    client.post(f"{LIST}{shown.pk}/kiem-tra/")
    client.force_login(viewer("leader", Role.LEADER, province.province))
    client.post(f"{LIST}{shown.pk}/ky/")
    shown.refresh_from_db()
    return shown


def test_figures_are_signed_by_another_than_drew_them_up(signed, client):
    assert (signed.state, signed.drawn_by.username, signed.signed_by.username) == (
        "signed",
        "minh",
        "leader",
    )
    page = client.get(f"{LIST}{signed.pk}/?hom-nay=1")
    assert page.context["today"]["is_same"]
    assert signed.sha256 in page.content.decode()
    client.post(f"{LIST}{signed.pk}/khoa/")
    signed.refresh_from_db()
    assert signed.state == "locked"


def test_number_on_the_page_is_the_length_of_the_list(signed, client):
    page = client.get(f"{LIST}{signed.pk}/")
    for asked, figure in [("all", "headcount"), ("reached", "reached"), ("missing", "missing")]:
        listed = client.get(f"{LIST}{signed.pk}/danh-sach/?trang-thai={asked}")
        assert len(listed.context["rows"]) == page.context[figure]


def test_restating_asks_for_a_reason_and_names_who_changed(signed, client, province):
    person("Lê Văn Bình", province.hospital, Status.OUTSIDE)
    page = client.get(f"{LIST}{signed.pk}/?hom-nay=1").content.decode()
    assert "Lê Văn Bình" in page
    client.force_login(signed.drawn_by)
    assert client.post(LIST, {"reason": ""}).status_code == 422
    client.post(LIST, {"reason": "Bổ sung kết quả OneTouch"})
    second = Snapshot.objects.get(number=2)
    assert "Lê Văn Bình" in client.get(f"{LIST}{second.pk}/").content.decode()


def test_another_days_tree_draws_nothing_up(signed, client, province):
    client.force_login(viewer("tinh", unit=province.province))
    asked = f"{LIST}?cay=2024-01-01&don-vi={province.health.pk}"
    assert client.post(asked, {"reason": "Thử"}).status_code == 404


def test_files_carry_number_and_hash(signed, client):
    book = client.get(f"{LIST}{signed.pk}/so-lieu.xlsx").getvalue()
    cells = [c.value for r in openpyxl.load_workbook(io.BytesIO(book)).active.rows for c in r]
    assert any(signed.sha256 in str(cell) for cell in cells)
    assert signed.content["staff"]["class"] in cells
    pdf = client.get(f"{LIST}{signed.pk}/so-lieu.pdf").getvalue()
    assert len(pikepdf.open(io.BytesIO(pdf)).pages) == 1


def test_neighbour_and_auditor(signed, client, province):
    client.force_login(viewer("lan", unit=province.education))
    for part in ("", "danh-sach/", "so-lieu.pdf"):
        assert client.get(f"{LIST}{signed.pk}/{part}").status_code == 404
    client.force_login(viewer("auditor", Role.AUDITOR, province.province))
    assert client.get(f"{LIST}{signed.pk}/").status_code == 200
    assert client.post(LIST, {"reason": "Thử"}).status_code == 404
    assert client.post(f"{LIST}{signed.pk}/khoa/").status_code == 404


class TestQuarters:
    @pytest.fixture
    def quarter(self, client, province):
        """Hoa was reached in June, in the second quarter."""
        client.force_login(viewer("minh", unit=province.health))
        client.post(f"{LIST}?nam=2026&ky=quy-2")
        return Snapshot.objects.get()

    def test_quarter_is_drawn_up_by_the_address(self, quarter, client):
        assert (quarter.part, str(quarter.cut_off)) == ("quy-2", "2026-06-14")
        page = client.get(f"{LIST}{quarter.pk}/")
        assert (page.context["new"], page.context["reached"], page.context["headcount"]) == (
            1,
            1,
            2,
        )
        assert page.context["adds_up"]
        listed = client.get(f"{LIST}{quarter.pk}/danh-sach/?trang-thai=in_window")
        assert [row[1] for row in listed.context["rows"]] == ["Nguyễn Thị Hoa"]

    def test_list_tells_years_and_quarters_apart(self, quarter, client):
        client.post(LIST)
        rows = client.get(f"{LIST}?ky=quy-2").context["snapshots"]
        assert [(one.part, chosen) for one, _days, chosen in rows] == [("", False), ("quy-2", True)]

    def test_statistical_calendar_is_not_signed(self, quarter, client):
        asked = f"{LIST}?nam=2026&ky=quy-2&lich=thong-ke"
        page = client.get(asked)
        assert (page.context["may_draw"], page.context["is_ours"]) == (False, False)
        assert client.post(asked).status_code == 404

    def test_files_tell_both_figures(self, quarter, client):
        book = client.get(f"{LIST}{quarter.pk}/so-lieu.xlsx").getvalue()
        rows = [[c.value for c in r] for r in openpyxl.load_workbook(io.BytesIO(book)).active.rows]
        head = next(row for row in rows if "Mới đạt trong kỳ" in row)
        hospital = next(row for row in rows if row[1] == "NA-BV")
        assert hospital[head.index("Mới đạt trong kỳ")] == 1
        assert client.get(f"{LIST}{quarter.pk}/so-lieu.pdf").status_code == 200
