"""The movement as HR reads it: figures that open their names, files that add up, nobody else's."""

import csv
import io
import re
from datetime import date

import openpyxl
import pytest
from django.test import Client

from home.models import ReportFile
from learners.actions.posts import Work, change_main_post, end_post, enter_person, main_post
from learners.actions.reorganisations import apply_reorganisation
from learners.choices import ChangeKind, EndReason, Role, StaffKind
from learners.models import Organisation, Person
from learners.reports import windows
from learners.reports.movement import Line
from learners.tree import forget_trees
from tests.factories.reorganisations import document, line
from tests.factories.reports import World, person, recount, viewer, world

URL = "/bao-cao/bien-dong/"
LIST = f"{URL}danh-sach/"
FIGURES = ["dau-ky", "vao", "ra", "chuyen-den", "chuyen-di", "cuoi-ky"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]


@pytest.fixture
def province() -> World:
    """Hoa goes from the hospital to the school in March, Na to the department, Binh retires in
    May, Nam is taken on in June."""
    found = world()
    found.minh = viewer("minh", Role.OFFICER, found.health)
    hoa, na = person("Nguyễn Thị Hoa", found.hospital), person("Lê Na", found.hospital)
    binh = person("Trần Bình", found.health)
    move(found, hoa, found.school, date(2026, 3, 1), "QĐ 12/SNV")
    move(found, na, found.health, date(2026, 4, 1), "QĐ 15/SYT")
    end_post(
        main_post(binh),
        last_day=date(2026, 5, 31),
        reason=EndReason.RETIREMENT,
        by=found.minh,
        why="QĐ 20/SNV",
    )
    enter_person(
        {"full_name": "Vi Văn Nam"},
        "",
        work(found.hospital),
        day=date(2026, 6, 1),
        by=found.minh,
        why="QĐ 30/SNV",
    )
    return recount(found)


def work(unit: Organisation) -> Work:
    return Work(unit.pk, unit.pk, StaffKind.PUBLIC_EMPLOYEE, "Y tá", is_it_officer=False)


def move(found: World, who: Person, unit: Organisation, day: date, why: str) -> None:
    change_main_post(who, work(unit), day=day, by=found.minh, why=why)


@pytest.fixture
def minh(province: World, client: Client) -> Client:
    client.force_login(province.minh)
    return client


def told(response) -> list[int]:
    return [response.context["movement"].whole.of[one] for one in Line]


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_department_is_told_with_its_parts_and_they_add_up(minh: Client):
    response = minh.get(URL)

    assert told(response) == [3, 1, 1, 0, 1, 2]
    rows = {row.name: [row.figures.of[one] for one in Line] for row in response.context["rows"]}
    assert rows == {
        "Sở Y tế (người trực thuộc)": [1, 0, 1, 1, 0, 1],
        "Bệnh viện Hữu nghị Đa khoa": [2, 1, 0, 0, 2, 1],
    }
    assert response.context["movement"].inside == 1
    assert response.context["movement"].adds_up


def test_every_figure_opens_as_many_names(leader: Client):
    for query in ({}, {"ky": "quy-2", "nam": "2026"}, {"cay": "2026-01-01"}):
        page = leader.get(URL, query)
        links = re.findall(
            r'href="(/bao-cao/bien-dong/danh-sach/\?[^"]*)">([\d.]+)', page.content.decode()
        )
        assert len(links) > 8
        for address, number in links:
            listed = leader.get(address.replace("&amp;", "&"))
            assert len(listed.context["rows"]) == int(number), address


def test_list_says_who_when_whence_whither_and_by_which_decision(minh: Client):
    [(row, reason)] = minh.get(LIST, {"dong": "chuyen-di"}).context["rows"]

    assert (row.full_name, row.day, row.origin, row.target, row.decision) == (
        "Nguyễn Thị Hoa",
        date(2026, 3, 1),
        "Bệnh viện Hữu nghị Đa khoa",
        "Trường THPT Phan Bội Châu",
        "QĐ 12/SNV",
    )
    assert reason == str(EndReason.TRANSFER.label)
    [(row, reason)] = minh.get(LIST, {"dong": "ra"}).context["rows"]
    assert (row.full_name, row.day, reason, row.decision) == (
        "Trần Bình",
        date(2026, 6, 1),
        str(EndReason.RETIREMENT.label),
        "QĐ 20/SNV",
    )


def test_closing_figure_is_the_headcount_of_the_report_of_the_same_days(leader: Client):
    for query in ({}, {"ky": "thang-4", "nam": "2026"}, {"lich": "thong-ke", "nam": "2026"}):
        closing = told(leader.get(URL, query))[-1]
        assert closing == leader.get("/bao-cao/don-vi/", query).context["figures"].headcount


def test_windows_are_named_on_the_page(leader: Client):
    said = text_of(leader.get(URL, {"nam": "2026", "ky": "quy-2", "lich": "thong-ke"}))

    for part in ("31/03/2026", "30/06/2026", "Quý II"):
        assert part in said


def test_reorganisation_is_told_with_its_decision_or_not_at_all_by_one_tree(
    leader: Client, province: World
):
    change = line(ChangeKind.REPARENT, "NA-BV", to_parent_code="X17950")
    made = document(change, day=date(2026, 7, 1), number="7/NQ-HĐND")
    apply_reorganisation(document=made, by=province.minh)
    forget_trees()

    commune = {"don-vi": province.commune.pk}
    assert told(leader.get(URL, commune)) == [0, 0, 0, 1, 0, 1]
    [(row, _reason)] = leader.get(LIST, commune | {"dong": "chuyen-den"}).context["rows"]
    assert (row.full_name, row.decision) == ("Vi Văn Nam", "7/NQ-HĐND")
    assert told(leader.get(URL, commune | {"cay": "2026-11-23"})) == [2, 1, 0, 0, 2, 1]


# ------------------------------------------------------------------ files


def rows_of(response) -> list[list[str]]:
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_rows_of_the_file_add_up_to_its_total(minh: Client):
    rows = rows_of(minh.get(f"{URL}tai-ve/", {"dang": "csv"}))
    assert [sum(int(row[n]) for row in rows) for n in range(1, 7)] == [3, 1, 1, 0, 1, 2]

    book = openpyxl.load_workbook(io.BytesIO(minh.get(f"{URL}tai-ve/").getvalue()), data_only=True)
    last = [[c.value for c in row] for row in book.active.rows]
    assert [3, 1, 1, 0, 1, 2] in [row[1:7] for row in last]


@pytest.mark.parametrize("form", ["xlsx", "pdf", "csv"])
@pytest.mark.parametrize("address", [f"{URL}tai-ve/", f"{LIST}tai-ve/"])
def test_each_form_of_file_is_made(minh: Client, address: str, form: str):
    response = minh.get(address, {"dang": form, "dong": "chuyen-di"})

    assert response.status_code == 200
    assert f".{form}" in response["content-disposition"]


def test_list_as_a_file_holds_the_rows_of_the_page_drawn_at_once_or_by_a_job(minh: Client):
    query = "dong=cuoi-ky&nhanh=rieng-{}"
    own = query.format(minh.get(URL).context["frame"].unit)
    shown = minh.get(f"{LIST}?{own}").context["rows"]
    at_once = minh.get(f"{LIST}tai-ve/?{own}&dang=csv").getvalue()

    minh.post("/bao-cao/tep/moi/", {"kind": "movement_people", "form": "csv", "query": own})

    file = ReportFile.objects.get()
    assert file.rows == len(shown) == 1
    assert minh.get(f"/bao-cao/tep/{file.pk}/tai-ve/").getvalue() == at_once


def test_movement_of_too_many_people_for_a_page_is_drawn_up_by_a_job(leader: Client, monkeypatch):
    whole = told(leader.get(URL))
    monkeypatch.setattr(windows, "AT_ONCE", 2)
    for address in (URL, f"{URL}danh-sach/"):
        page = leader.get(address)
        assert page.templates[0].name == "learners/reports/too_long.html"
    assert leader.get(f"{URL}tai-ve/").templates[0].name == "home/report_files/long.html"

    leader.post("/bao-cao/tep/moi/", {"kind": "movement", "form": "csv", "query": "nam=2026"})

    fetched = rows_of(leader.get(f"/bao-cao/tep/{ReportFile.objects.get().pk}/tai-ve/"))
    assert [sum(int(row[place]) for row in fetched) for place in (1, 6)] == [whole[0], whole[-1]]


def test_movement_is_kept_as_a_view(leader: Client):
    leader.post(
        "/bao-cao/da-luu/moi/", {"name": "Biến động", "page": "movement", "query": "ky=quy-2"}
    )

    [kept] = leader.get("/bao-cao/da-luu/").context["views"]

    assert leader.get(kept.address).context["frame"].window.part == "quy-2"


# ------------------------------------------------------------------ whose, and how dear


def test_neighbour_sees_nothing_of_it_but_who_came_to_her(province: World, client: Client):
    client.force_login(viewer("lan", Role.OFFICER, province.education))

    for address in (URL, LIST, f"{URL}tai-ve/", f"{LIST}tai-ve/"):
        assert client.get(address, {"don-vi": province.health.pk}).status_code == 404
        assert client.get(address, {"cay": "2026-01-01"}).status_code == 404
    assert told(client.get(URL)) == [0, 0, 0, 1, 0, 1]
    [(row, _reason)] = client.get(LIST, {"dong": "chuyen-den"}).context["rows"]
    assert (row.full_name, row.origin) == ("Nguyễn Thị Hoa", "Bệnh viện Hữu nghị Đa khoa")


def test_names_lead_to_pages_that_the_viewer_may_open(minh: Client, province: World):
    response = minh.get(LIST, {"dong": "chuyen-di"})
    hoa = Person.objects.get(full_name="Nguyễn Thị Hoa")

    assert [row.has_page for row, _reason in response.context["rows"]] == [False]
    assert minh.get(f"/bao-cao/nguoi/{hoa.pk}/").status_code == 404


@pytest.mark.parametrize(
    "query", [{"dong": "x"}, {"nhanh": "x"}, {"nhanh": "rieng-"}, {"pham-vi": "rieng"}]
)
def test_nonsense_is_no_page(minh: Client, query):
    assert minh.get(LIST, query).status_code == 404


def test_row_that_the_unit_does_not_have_is_an_empty_list(minh: Client, province: World):
    response = minh.get(LIST, {"nhanh": str(province.school.pk), "dong": "chuyen-den"})

    assert (response.status_code, response.context["rows"]) == (200, [])


@pytest.mark.parametrize("figure", FIGURES)
def test_queries_do_not_grow_with_rows(
    leader: Client, province: World, django_assert_max_num_queries, figure: str
):
    def opened() -> None:
        query = {"dong": figure, "nhanh": str(province.health.pk)}
        for address in (LIST, URL):
            with django_assert_max_num_queries(12):
                assert leader.get(address, query).status_code == 200

    leader.get(LIST)
    opened()
    for number in range(3):
        found = person(f"Hồ Văn {number}", province.hospital)
        move(province, found, province.school, date(2026, 3, 2), "QĐ")
        move(province, found, province.hospital, date(2026, 9, 2), "QĐ")
    opened()
