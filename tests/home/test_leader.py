"""The leader's screen: the same figures as everywhere, and what only it shows."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home.tile_map import tile_map
from learners.actions.recounting import differences
from learners.actions.standing import refresh_people
from learners.choices import AgeBand, Level, Role, Status, SuccessionKind, age_band
from learners.models import AgeTally, Person, Succession
from learners.reports.communes import places
from learners.tree import forget_trees, tree_on
from tests.factories.reports import (
    World,
    on_23_november,
    organisation,
    person,
    recount,
    viewer,
    world,
)

URL = "/bao-cao/tong-quan/"


@pytest.fixture(autouse=True)
def fixed_day() -> Iterator[None]:
    with on_23_november():
        yield


@pytest.fixture
def province(db: None) -> World:
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, Status.ONLINE, birth_date=date(1990, 12, 31))
    person("Trần Bình", found.hospital, Status.WAITING, birth_date=date(1970, 1, 1))
    person("Vi Văn Nam", found.commune, Status.CLASS)
    person("Lê Văn Đảng", found.party, birth_date=date(1997, 1, 1))
    return recount(found)


@pytest.fixture
def leader(province: World, client: Client) -> Client:
    client.force_login(viewer("thinh", Role.LEADER, province.province))
    return client


def test_overview_says_the_same_as_the_page_with_details(leader: Client):
    overview = leader.get(URL).context["overview"]
    details = leader.get("/bao-cao/").context

    assert overview.counts == details["counts"]
    assert overview.staff.pace == details["staff_goal"].pace
    assert overview.participations.total == details["participations"].total


@pytest.mark.parametrize("table", ["by_place", "by_age"])
def test_both_tables_of_fairness_add_up_to_the_headcount(leader: Client, table: str):
    overview = leader.get(URL).context["overview"]

    rows = getattr(overview, table)
    assert sum(row.counts.headcount for row in rows) == overview.counts.headcount
    assert sum(row.counts.reached for row in rows) == overview.counts.reached
    assert sum(row.nothing + row.learning + row.approval for row in rows) == overview.counts.missing


def test_ages_are_those_reached_in_the_year(leader: Client):
    rows = leader.get(URL).context["overview"].by_age

    assert [(str(row.name), row.counts.headcount, row.main_cause) for row in rows] == [
        (AgeBand.UNDER_30.label, 1, "nothing"),
        (AgeBand.THIRTIES.label, 1, ""),
        (AgeBand.FROM_50.label, 1, "approval"),
        (AgeBand.UNKNOWN.label, 1, ""),
    ]
    assert [age_band(age) for age in (29, 30, 39, 40, 49, 50)] == [
        *("u30", "30-39", "30-39", "40-49", "40-49", "50+")
    ]


def test_a_move_moves_the_tally_of_ages(province: World):
    hoa = Person.objects.get(full_name="Nguyễn Thị Hoa")
    hoa.posts.update(managing_unit=province.school)

    refresh_people([hoa.pk], province.period)

    assert differences(province.period) == []
    people = AgeTally.objects.filter(period=province.period, people__gt=0)
    assert people.get(organisation=province.school).age_band == AgeBand.THIRTIES


def test_highland_communes_are_those_of_the_upland_districts(province: World):
    district = organisation(
        "D417",
        "Ủy ban nhân dân huyện Kỳ Sơn",
        province.province,
        Level.DISTRICT,
        valid_to=date(2025, 6, 30),
    )
    commune = organisation(
        "X16813",
        "Ủy ban nhân dân xã Mường Xén",
        province.province,
        Level.COMMUNE,
        valid_from=date(2025, 7, 1),
    )
    Succession.objects.create(
        predecessor=district,
        successor=commune,
        kind=SuccessionKind.DISSOLVE_DISTRICT,
        effective_from=date(2025, 7, 1),
    )
    forget_trees()

    today = {place.unit: place.is_highland for place in places(tree_on(date(2026, 11, 23)))}
    then = {place.unit: place.is_highland for place in places(tree_on(date(2024, 11, 23)))}

    assert today == {province.commune.pk: False, commune.pk: True}
    assert then == {district.pk: True}


def test_no_two_squares_share_a_cell(province: World):
    for number in range(160):
        organisation(f"X{20000 + number}", f"Xã {number}", province.province, Level.COMMUNE)
    forget_trees()
    tree = tree_on(date(2026, 11, 23))

    found = tile_map(places(tree), tree, {})

    cells = {(tile.column, tile.row) for tile in found.tiles}
    assert len(cells) == len(found.tiles) == 161
    assert {tile.shade_class for tile in found.tiles} == {"tile-none"}


def test_squares_and_table_print_the_same_commune_once_each(leader: Client):
    html = leader.get(URL).content.decode()

    assert html.count("<title>Xã Kim Liên: 1/1</title>") == 1
    assert html.count(">Xã Kim Liên</a>") >= 1


def test_officer_sees_the_own_unit_without_the_map(province: World, client: Client):
    client.force_login(viewer("minh", Role.OFFICER, province.health))

    overview = client.get(URL).context["overview"]

    assert (overview.frame.unit, overview.communes, overview.by_place) == (
        province.health.pk,
        None,
        [],
    )
    assert (overview.counts.reached, overview.counts.headcount) == (1, 2)


def test_stranger_finds_nothing(client: Client, province: World):
    client.force_login(viewer("hoa"))

    assert client.get(URL).status_code == 404


def test_overview_costs_twelve_queries_and_reads_no_people(leader: Client, province: World):
    leader.get(URL)
    for number in range(5):
        person(f"Nguyễn {number}", province.hospital, Status.CLASS)
    recount(province)

    with CaptureQueriesContext(connection) as captured:
        leader.get(URL)

    sql = [query["sql"] for query in captured]
    assert len(sql) <= 12, "\n".join(sql)
    # The viewer's own record comes with the account.
    others = [one for one in sql if 'FROM "learners_user"' not in one]
    assert [one for one in others if "learners_standing" in one or '"learners_person"' in one] == []
