"""A quarter as HR reads it: what it counts is named, each number opens as long a list."""

import csv
import io
import re
from datetime import date

import pytest
from django.test import Client

from courses.choices import Topic
from home import report_files
from home.models import ReportFile
from learners.choices import Role, Status
from learners.models import OrganisationVersion
from learners.reports import windows
from tests.factories.reports import (
    World,
    ecommerce_class,
    participation,
    person,
    recount,
    viewer,
    world,
)

URL = "/bao-cao/theo-ky/"
UNITS = "/bao-cao/don-vi/"
PEOPLE = "/bao-cao/danh-sach/"
LOTS = "/bao-cao/luot-tham-gia/"
Q2 = {"nam": "2026", "ky": "quy-2"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]


@pytest.fixture
def province() -> World:
    """Hoa reached in the first quarter, Na in the second, Nam in the third; Binh never."""
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, Status.CLASS, date(2026, 2, 1))
    na = person("Lê Na", found.hospital, Status.OUTSIDE, date(2026, 4, 1))
    person("Vi Văn Nam", found.school, Status.SELF_STUDY, date(2026, 8, 1))
    person("Trần Bình", found.health)
    for day, topic in (
        (date(2026, 1, 5), Topic.ECOMMERCE_LAW),
        (date(2026, 5, 5), Topic.ECOMMERCE_SKILLS),
    ):
        participation(na, ecommerce_class(topic), day)
    return recount(found)


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_page_sets_the_period_beside_the_year_so_far(leader: Client):
    response = leader.get(URL, Q2)

    context = response.context
    assert (context["in_window"].headcount, context["counts"].reached) == (1, 2)
    assert context["counts"].headcount == 4
    assert (context["participations"].total, context["participations_since"].total) == (1, 2)
    assert [line.in_window for line in context["statuses"] if line.is_reached] == [0, 0, 1, 0]
    assert (context["institutions"], context["institutions_since"]) == (
        ["Trường Đại học Vinh"],
        ["Trường Đại học Vinh"],
    )
    said = text_of(response)
    assert "15/03/2026" in said
    assert "14/06/2026" in said
    assert "15/12/2025" in said


def test_every_number_opens_as_long_a_list(leader: Client):
    page = leader.get(URL, Q2)
    links = re.findall(
        r'href="(/bao-cao/(?:danh-sach|luot-tham-gia)/\?[^"]*)">(?:<strong>)?([\d.]+)',
        page.content.decode(),
    )
    assert len(links) > 15
    for address, number in links:
        listed = leader.get(address.replace("&amp;", "&"))
        assert len(listed.context["rows"]) == int(number), address


def test_lists_say_which_days_they_count(leader: Client):
    people = leader.get(PEOPLE, Q2 | {"trang-thai": "in_window"})
    assert [row.full_name for row in people.context["rows"]] == ["Lê Na"]
    assert people.context["frame"].window.starts_on == date(2026, 3, 15)

    in_period = leader.get(LOTS, Q2).context["rows"]
    since = leader.get(LOTS, Q2 | {"tinh": "luy-ke"}).context["rows"]
    assert [row.happened_on for row, _unit in in_period] == [date(2026, 5, 5)]
    assert [row.happened_on for row, _unit in since] == [date(2026, 5, 5), date(2026, 1, 5)]


def test_units_of_a_quarter_sum_to_the_province_and_the_page_says_so(leader: Client):
    response = leader.get(UNITS, Q2)

    assert response.context["total"].by_status == response.context["figures"].by_status
    assert response.context["total"].of("in_window") == 1
    assert 'class="tag tag-ok"' in response.content.decode()


def test_units_of_a_year_sum_to_the_province_and_the_page_says_so(leader: Client):
    response = leader.get(UNITS)

    assert response.context["total"].by_status == response.context["figures"].by_status
    assert 'class="tag tag-ok"' in response.content.decode()


def test_search_and_pages_work_in_a_quarter(leader: Client, province: World):
    for number in range(60):
        person(f"Hồ Văn {number:02}", province.hospital)

    first = leader.get(PEOPLE, Q2 | {"q": "ho van"})
    second = leader.get(PEOPLE, Q2 | {"q": "ho van", "sau": first.context["page"].next})
    back = leader.get(PEOPLE, Q2 | {"q": "ho van", "truoc": second.context["page"].previous})

    assert (first.context["selection"].count, len(second.context["rows"])) == (60, 10)
    assert [row.full_name for row in back.context["rows"]] == [
        row.full_name for row in first.context["rows"]
    ]


def rows_of(response) -> list[list[str]]:
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_files_hold_what_the_pages_show(leader: Client):
    people = leader.get(PEOPLE, Q2 | {"trang-thai": "reached"}).context["rows"]
    listed = rows_of(leader.get(f"{PEOPLE}tai-ve/", Q2 | {"trang-thai": "reached", "dang": "csv"}))
    assert [row[0] for row in listed] == [row.full_name for row in people]

    units = rows_of(leader.get(f"{UNITS}tai-ve/", Q2 | {"dang": "csv"}))
    assert [sum(int(row[n]) for row in units) for n in (1, 2, 3)] == [4, 1, 2]

    lots = leader.get(f"{LOTS}tai-ve/", Q2 | {"tinh": "luy-ke", "dang": "csv"})
    assert len(rows_of(lots)) == 2
    assert 'filename="luot-tham-gia-2026-quy-2-luy-ke.csv"' in lots["content-disposition"]


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_file_of_a_quarter_names_its_days(leader: Client, form: str):
    response = leader.get(f"{UNITS}tai-ve/", Q2 | {"dang": form})

    assert response.status_code == 200
    assert f'filename="don-vi-2026-quy-2.{form}"' in response["content-disposition"]


def test_statistical_year_begins_on_1_january(leader: Client):
    context = leader.get(URL, {"nam": "2026", "lich": "thong-ke"}).context

    assert context["frame"].window.starts_on == date(2026, 1, 1)
    assert context["in_window"].headcount == context["counts"].reached == 3


def test_whole_year_keeps_its_own_page(leader: Client):
    response = leader.get(URL, {"nam": "2026", "ky": "", "lich": "hanh-chinh"})
    assert response.url == "/bao-cao/?nam=2026"

    assert leader.get("/bao-cao/", Q2).url == f"{URL}?nam=2026&ky=quy-2"


def test_other_reports_take_the_year(leader: Client):
    assert leader.get("/bao-cao/tong-quan/", Q2).context["frame"].window.is_year


def test_nobody_is_reminded_from_a_list_of_a_quarter(leader: Client):
    running = {"nam": "2026", "ky": "quy-4", "trang-thai": "missing"}
    assert not leader.get(PEOPLE, running).context["may_remind"]
    assert leader.get(PEOPLE, {"trang-thai": "missing"}).context["may_remind"]


def test_people_newly_reached_in_one_way_are_listed_apart(leader: Client):
    asked = Q2 | {"trang-thai": "reached", "tinh": "trong-ky"}
    page = leader.get(PEOPLE, asked)

    assert [row.full_name for row in page.context["rows"]] == ["Lê Na"]
    listed = rows_of(leader.get(f"{PEOPLE}tai-ve/", asked | {"dang": "csv"}))
    assert [row[0] for row in listed] == ["Lê Na"]


@pytest.mark.parametrize("query", [{"ky": "quy-5"}, {"lich": "am-lich"}, {"tinh": "x"}])
def test_nonsense_is_no_page(leader: Client, query):
    assert leader.get(LOTS, {"nam": "2026"} | query).status_code == 404


def test_days_to_come_are_refused_in_a_sentence(leader: Client):
    response = leader.get(URL, {"nam": "2026", "ky": "thang-12", "lich": "thong-ke"})

    assert response.status_code == 404
    assert response.context["sentence"]


def test_without_a_year_the_newest_that_has_such_days_is_shown(leader: Client):
    frame = leader.get(UNITS, {"ky": "thang-12", "lich": "thong-ke"}).context["frame"]

    assert frame.window.starts_on == date(2025, 12, 1)
    assert 2026 not in {period.year for period in frame.periods}


def test_unit_that_was_not_there_is_told_in_a_sentence(leader: Client, province: World):
    OrganisationVersion.objects.filter(organisation=province.school).update(
        valid_from=date(2026, 7, 1)
    )

    asked = {"don-vi": province.school.pk}
    before = leader.get(UNITS, Q2 | asked)

    assert (before.status_code, leader.get(UNITS, {"ky": "quy-3"} | asked).status_code) == (
        404,
        200,
    )
    assert before.context["sentence"]


def test_another_unit_is_no_page_in_any_window(province: World, client: Client):
    client.force_login(viewer("lan", Role.OFFICER, province.education))
    for address in (URL, UNITS, PEOPLE, LOTS, f"{UNITS}tai-ve/", f"{PEOPLE}tai-ve/"):
        refused = client.get(address, Q2 | {"don-vi": province.health.pk})
        assert refused.status_code == 404
        assert not (refused.context or {}).get("sentence")
    own = client.get(PEOPLE, {"nam": "2026", "ky": "quy-3", "trang-thai": "reached"})
    assert [row.full_name for row in own.context["rows"]] == ["Vi Văn Nam"]


def test_figures_of_a_quarter_by_the_tree_of_another_day(leader: Client, province: World):
    OrganisationVersion.objects.filter(organisation=province.hospital).update(
        valid_to=date(2026, 9, 30)
    )

    response = leader.get(UNITS, Q2 | {"cay": "2026-11-01"})

    assert response.context["frame"].grouped_on == date(2026, 11, 1)
    assert response.context["total"].headcount == 4
    assert "01/11/2026" in text_of(response)


@pytest.mark.parametrize(("address", "most"), [(URL, 12), (UNITS, 12), (PEOPLE, 14), (LOTS, 12)])
def test_queries_are_few_and_do_not_grow(
    leader: Client, province: World, django_assert_max_num_queries, address: str, most: int
):
    def opened() -> None:
        assert leader.get(address, Q2).status_code == 200

    opened()
    with django_assert_max_num_queries(most):
        opened()
    for number in range(3):
        new = person(f"Hồ Văn {number}", province.school, Status.CLASS, date(2026, 4, 2))
        participation(new, ecommerce_class(), date(2026, 4, 2))
    with django_assert_max_num_queries(most):
        opened()


def test_what_takes_too_long_for_a_page_is_drawn_up_by_a_job(leader: Client, monkeypatch):
    monkeypatch.setattr(windows, "AT_ONCE", 3)
    monkeypatch.setattr(report_files, "AT_ONCE", 3)
    for address in (URL, UNITS, PEOPLE):
        page = leader.get(address, Q2)
        assert page.templates[0].name == "learners/reports/too_long.html"
    offer = leader.get(f"{UNITS}tai-ve/", Q2)
    assert offer.templates[0].name == "home/report_files/long.html"

    leader.post("/bao-cao/tep/moi/", {"kind": "units", "form": "csv", "query": "nam=2026&ky=quy-2"})

    file = ReportFile.objects.get()
    fetched = leader.get(f"/bao-cao/tep/{file.pk}/tai-ve/")
    assert sum(int(row[1]) for row in rows_of(fetched)) == 4


def test_a_quarter_is_kept_as_a_view(leader: Client):
    leader.post(
        "/bao-cao/da-luu/moi/", {"name": "Quý II", "page": "units", "query": "nam=2026&ky=quy-2"}
    )

    kept = leader.get("/bao-cao/da-luu/").context["views"][0]

    assert leader.get(kept.address).context["frame"].window.part == "quy-2"
