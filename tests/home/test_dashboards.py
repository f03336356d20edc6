"""Both goals on one screen, from summaries alone."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home.charts import HEIGHT, LABEL_HEIGHT, WIDTH, line_chart
from learners.choices import Role, Status
from learners.models import Post
from learners.reports.pace import Verdict, pace_of
from tests.factories.reports import (
    World,
    ecommerce_class,
    on_23_november,
    participation,
    person,
    recount,
    viewer,
    world,
)

URL = "/bao-cao/"


@pytest.fixture(autouse=True)
def fixed_day() -> Iterator[None]:
    with on_23_november():
        yield


@pytest.fixture
def province(db: None) -> World:
    found = world()
    person("Nguyễn Thị Hoa", found.hospital, Status.ONLINE)
    person("Trần Bình", found.hospital, Status.WAITING)
    person("Vi Văn Nam", found.school, Status.CLASS)
    person("Lê Văn Đảng", found.party)
    return recount(found)


@pytest.fixture
def leader(province: World, client: Client) -> Client:
    client.force_login(viewer("thinh", Role.LEADER, province.province))
    return client


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_leader_opens_on_the_whole_province(leader: Client):
    context = leader.get(URL).context

    assert context["frame"].unit is None
    assert (context["counts"].reached, context["counts"].headcount) == (2, 4)
    assert context["staff_goal"].pace.verdict == Verdict.BEHIND


def test_officer_opens_on_the_own_unit(province: World, client: Client):
    client.force_login(viewer("minh", Role.OFFICER, province.health))

    context = client.get(URL).context

    assert context["frame"].unit == province.health.pk
    assert (context["counts"].reached, context["counts"].headcount) == (1, 2)
    assert context["frame"].path == [(province.health.pk, "Sở Y tế")]


def test_unit_has_its_part_of_the_participations_but_not_the_provinces_target(
    province: World, client: Client
):
    participation(person("Nguyễn An", province.hospital), ecommerce_class())
    recount(province)
    client.force_login(viewer("minh", Role.OFFICER, province.health))

    context = client.get(URL).context

    assert context["participations"].total == 1
    assert context["participation_goal"].pace is None


def test_units_add_up_to_the_unit_above(leader: Client):
    context = leader.get(URL).context

    assert context["unit_total"].headcount == context["counts"].headcount
    assert context["unit_total"].reached == context["counts"].reached


def test_a_year_that_is_over_shows_final_figures_without_pace(leader: Client, province: World):
    person("Cao Thị Thu", province.hospital, Status.CLASS, date(2024, 5, 4))
    recount(province)

    response = leader.get(URL, {"nam": "2024"})

    pace = response.context["staff_goal"].pace
    assert (pace.is_over, pace.reached, pace.verdict) == (True, 1, Verdict.MISSED)
    assert response.context["staff_goal"].chart.forecast == ""


def test_text_and_chart_and_table_print_the_same_figure(leader: Client):
    response = leader.get(URL)

    goal = response.context["staff_goal"]
    assert goal.months[-1].cumulative == goal.pace.reached == response.context["counts"].reached
    assert goal.chart.title in response.content.decode()
    assert goal.chart.side_labels[-1].figure == str(goal.pace.reached)


def test_dashboard_of_nobody_says_what_to_do(client: Client, db: None):
    found = world()
    client.force_login(viewer("xa", Role.OFFICER, found.commune))

    response = client.get(URL)

    assert response.status_code == 200
    assert response.context["staff_goal"].pace is None


def test_agencies_without_an_it_officer_are_named(leader: Client, province: World):
    Post.objects.filter(person__full_name="Nguyễn Thị Hoa").update(is_it_officer=True)

    it_officers = leader.get(URL).context["it_officers"]

    assert [name for _unit, name in it_officers.without] == [
        "Sở Giáo dục và Đào tạo",
        "Ủy ban nhân dân xã Kim Liên",
    ]
    assert (it_officers.covered, it_officers.agencies) == (1, 3)


def test_dashboard_reads_summaries_and_never_people(leader: Client, province: World):
    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            leader.get(URL)
        return [query["sql"] for query in captured]

    queries()
    before = queries()
    for number in range(5):
        person(f"Nguyễn {number}", province.hospital, Status.CLASS)
    recount(province)
    after = queries()

    assert len(before) == len(after)
    # The viewer's own record comes with the account.
    others = [sql for sql in after if 'FROM "learners_user"' not in sql]
    of_people = re.compile(r'"learners_(standing|person|enrolment)"')
    assert [sql for sql in others if of_people.search(sql)] == []


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("share", [0.02, 0.5, 0.97, 1.6])
def test_labels_of_the_chart_never_overlap_and_stay_inside(month: int, share: float):
    even = 25_702 * share / 12
    pace = pace_of(
        [int(even)] * month + [0] * (12 - month),
        starts_on=date(2025, 12, 15),
        ends_on=date(2026, 12, 14),
        today=date(2026 if month > 1 else 2025, month - 1 or 12, 28),
        target=25_702,
    )
    chart = line_chart(pace, "")

    heights = sorted(label.y for label in chart.side_labels)
    assert all(low + LABEL_HEIGHT <= high + 0.01 for low, high in pairwise(heights))
    assert all(0 < y < HEIGHT - LABEL_HEIGHT / 2 for y in heights)
    at_point = chart.point_label
    if at_point is not None:
        width = 6.4 * (len(at_point.name) + len(at_point.figure) + 1)
        left = at_point.x - (width if at_point.anchor == "end" else 0)
        assert left > 0
        assert left + width < WIDTH - 60
