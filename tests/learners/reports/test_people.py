"""Every number is a link to exactly its people."""

import random
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from learners.choices import Role, Status
from learners.models import Person, StaffTally, Standing
from learners.reports.completion import GROUPS, staff_figures, unit_rows
from learners.reports.paging import PAGE_ROWS
from learners.tree import tree_on
from tests.factories.reports import World, organisation, person, recount, viewer, world

pytestmark = pytest.mark.django_db

URL = "/bao-cao/danh-sach/"
NAMES = ["Nguyễn Thị Hoa", "Đặng Văn An", "Trần Bình", "Lê Ánh", "Vi Văn Ơn", "Hồ Đức Ân"]


@pytest.fixture
def province() -> World:
    return world()


@pytest.fixture
def leader(province: World, client: Client) -> Client:
    client.force_login(viewer("thinh", Role.LEADER, province.province))
    return client


def shown(response) -> list[str]:
    return [row.full_name for row in response.context["rows"]]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_cell_equals_its_tally_its_heading_and_its_list(
    province: World, leader: Client, seed: int
):
    dice = random.Random(seed)
    for number in range(40):
        person(
            f"{dice.choice(NAMES)} {number}",
            dice.choice(province.units()),
            dice.choice(list(Status)),
        )
    recount(province)
    period, tree = province.period, tree_on(province.period.cut_off())
    for unit in [None, *[one.pk for one in province.units()]]:
        units = None if unit is None else tree.subtree_ids(unit)
        counts = staff_figures(period, units).counts
        assert sum(row.counts.headcount for row in unit_rows(period, tree, unit)) == (
            counts.headcount
        )
        for name in [*GROUPS, *Status]:
            query = {"trang-thai": str(name)} | ({"don-vi": unit} if unit else {})
            response = leader.get(URL, query)

            statuses = GROUPS.get(name, (name,))
            standings = Standing.objects.filter(period=period, status__in=statuses)
            tallies = StaffTally.objects.filter(period=period, status__in=statuses)
            if units is not None:
                standings = standings.filter(organisation__in=units)
                tallies = tallies.filter(organisation__in=units)
            assert (
                len(response.context["rows"])
                == response.context["selection"].count
                == counts.of(name)
                == standings.count()
                == sum(tally.people for tally in tallies)
            )


def test_list_stands_in_the_order_of_given_names(province: World, leader: Client):
    for name in NAMES:
        person(name, province.hospital)
    recount(province)

    assert shown(leader.get(URL)) == [
        "Đặng Văn An",
        "Lê Ánh",
        "Hồ Đức Ân",
        "Trần Bình",
        "Nguyễn Thị Hoa",
        "Vi Văn Ơn",
    ]


@pytest.mark.parametrize("words", ["hoa", "HOÀ", "nguyen hoa", "thị", " na1 ", "NA1"])
def test_search_finds_without_marks_in_any_order_and_by_number(
    province: World, leader: Client, words: str
):
    person("Nguyễn Thị Hoa", province.hospital, staff_number="NA1")
    person("Trần Bình", province.hospital, staff_number="NA22")
    recount(province)

    response = leader.get(URL, {"q": words})

    assert shown(response) == ["Nguyễn Thị Hoa"]
    assert response.context["selection"].count == 1


def test_pages_go_forth_and_back_over_the_whole_list_once(province: World, leader: Client):
    statuses = [Status.NOTHING, Status.WAITING, Status.DECLARED]
    for number in range(PAGE_ROWS * 2 + 7):
        person(f"Nguyễn {number % 9}", province.hospital, statuses[number % 3])
    recount(province)
    standings = Standing.objects.filter(period=province.period).order_by("name_key", "pk")
    everybody = list(standings.values_list("person_id", flat=True))

    pages, query = [], {}
    while True:
        page = leader.get(URL, query).context["page"]
        pages.append([row.person_id for row in page.rows])
        if page.next is None:
            break
        query = {"sau": page.next}
    back = leader.get(URL, {"truoc": page.previous}).context["page"]

    assert [one for rows in pages for one in rows] == everybody
    assert [len(rows) for rows in pages] == [PAGE_ROWS, PAGE_ROWS, 7]
    assert [row.person_id for row in back.rows] == pages[1]
    first = leader.get(URL, {"truoc": back.previous}).context["page"]
    assert [row.person_id for row in first.rows] == pages[0]
    assert first.previous is None


@pytest.mark.parametrize("people", [1, 3])
def test_list_costs_the_same_queries_for_one_person_as_for_three(
    province: World,
    leader: Client,
    people: int,
    django_assert_num_queries: Callable,
):
    for number in range(people):
        person(f"Nguyễn {number}", province.hospital, Status.ONLINE)
    recount(province)
    leader.get(URL, {"trang-thai": "reached"})

    with django_assert_num_queries(LIST_QUERIES):
        leader.get(URL, {"trang-thai": "reached"})


LIST_QUERIES = 11
"""Account, grants, plan, tree, figures, which rows, rows, 2 for details (3 with somebody who is
learning), who has a page, using units."""


def test_rows_say_why(province: World, leader: Client):
    person("Nguyễn An", province.hospital, Status.CLASS)
    person("Nguyễn Bình", province.hospital, Status.WAITING)
    person("Nguyễn Chi", province.hospital, Status.LEARNING)
    person("Nguyễn Dung", province.hospital)
    recount(province)

    rows = leader.get(URL).context["rows"]

    assert [(row.status, row.reason != "", row.title) for row in rows] == [
        (Status.CLASS, True, "Chuyên viên"),
        (Status.WAITING, True, "Chuyên viên"),
        (Status.LEARNING, True, "Chuyên viên"),
        (Status.NOTHING, False, "Chuyên viên"),
    ]
    assert [row.day is None for row in rows] == [False, False, True, True]


@pytest.mark.parametrize(
    "query", [{"trang-thai": "gi-do"}, {"nam": "1999"}, {"don-vi": "khong-co"}, {"pham-vi": "x"}]
)
def test_an_address_that_names_nothing_is_not_found(
    province: World, leader: Client, query: dict[str, str]
):
    assert leader.get(URL, query).status_code == 404


def test_unit_may_be_named_by_its_register_key(province: World, leader: Client):
    person("Nguyễn An", province.hospital)
    person("Trần Bình", province.school)
    recount(province)

    assert shown(leader.get(URL, {"don-vi": "NA-SYT@2020-01-01"})) == ["Nguyễn An"]


def test_people_of_a_unit_that_is_no_more_are_shown_apart(province: World, leader: Client):
    person("Nguyễn An", province.hospital)
    dissolved = organisation("NA-CU", "Sở cũ", province.province, valid_to=date(2026, 3, 1))
    person("Trần Bình", dissolved)
    recount(province)

    rows = unit_rows(province.period, tree_on(province.period.cut_off()), None)

    assert [row.counts.headcount for row in rows if row.unit_id is None] == [1]
    response = leader.get(URL, {"pham-vi": "ngoai-cay"})
    assert [(row.full_name, row.unit) for row in response.context["rows"]] == [
        ("Trần Bình", "Sở cũ")
    ]


class TestScope:
    """Each page is tried as those who must not see it."""

    PAGES = ["", "don-vi/", "danh-sach/", "luot-tham-gia/"]
    DOWNLOADS = ["don-vi/tai-ve/", "danh-sach/tai-ve/", "luot-tham-gia/tai-ve/"]

    @pytest.fixture
    def hoa(self, province: World) -> Person:
        hoa = person("Nguyễn Thị Hoa", province.hospital, Status.ONLINE)
        person("Vi Văn Nam", province.school)
        recount(province)
        return hoa

    @pytest.mark.parametrize("address", [*PAGES, *DOWNLOADS, "nguoi/1/"])
    def test_a_stranger_is_asked_to_sign_in(self, client: Client, province: World, address: str):
        response = client.get(f"/bao-cao/{address}")

        assert (response.status_code, response["Location"].split("?")[0]) == (
            302,
            "/dang-nhap/",
        )

    @pytest.mark.parametrize("address", [*PAGES, *DOWNLOADS])
    def test_a_learner_finds_no_reports(self, client: Client, hoa: Person, address: str):
        client.force_login(viewer("hoa"))

        assert client.get(f"/bao-cao/{address}").status_code == 404

    @pytest.mark.parametrize("address", [*PAGES, *DOWNLOADS])
    def test_lan_of_another_unit_does_not_find_hoas_unit(
        self, client: Client, province: World, hoa: Person, address: str
    ):
        client.force_login(viewer("lan", Role.OFFICER, province.education))

        for unit in (province.hospital, province.health, province.province):
            assert client.get(f"/bao-cao/{address}", {"don-vi": unit.pk}).status_code == 404

    def test_lan_does_not_find_hoa(self, client: Client, province: World, hoa: Person):
        client.force_login(viewer("lan", Role.OFFICER, province.education))

        assert client.get(f"/bao-cao/nguoi/{hoa.pk}/").status_code == 404
        assert shown(client.get(URL)) == ["Vi Văn Nam"]
        assert shown(client.get(URL, {"q": "hoa"})) == []

    def test_minh_sees_his_own_subtree_only(self, client: Client, province: World, hoa: Person):
        client.force_login(viewer("minh", Role.OFFICER, province.health))

        assert shown(client.get(URL)) == ["Nguyễn Thị Hoa"]
        assert client.get(f"/bao-cao/nguoi/{hoa.pk}/").status_code == 200
        assert client.get(URL, {"pham-vi": "ngoai-cay"}).status_code == 404

    def test_a_leader_sees_the_province(self, leader: Client, hoa: Person):
        assert shown(leader.get(URL)) == ["Nguyễn Thị Hoa", "Vi Văn Nam"]
