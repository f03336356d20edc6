from collections.abc import Callable

import pytest
from django.test import Client

from courses.choices import ECOMMERCE_TOPICS, Audience, Topic
from learners.choices import Role
from learners.models import Person
from learners.reports.participations import (
    audience_rows,
    institutions_teaching,
    participation_figures,
)
from tests.factories.reports import (
    World,
    ecommerce_class,
    participation,
    person,
    recount,
    viewer,
    world,
)

pytestmark = pytest.mark.django_db

URL = "/bao-cao/luot-tham-gia/"


@pytest.fixture
def province() -> World:
    return world()


@pytest.fixture
def leader(province: World, client: Client) -> Client:
    client.force_login(viewer("thinh", Role.LEADER, province.province))
    return client


def trader(name: str, province: World, audience: Audience = Audience.COOPERATIVE) -> Person:
    return Person.objects.create(full_name=name, audience=audience, commune=province.commune)


def test_every_cell_of_groups_and_topics_equals_its_list(province: World, leader: Client):
    law, skills = ecommerce_class(Topic.ECOMMERCE_LAW), ecommerce_class()
    other = ecommerce_class(Topic.DIGITAL_SKILLS)
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    for one in (hoa, trader("Cao Thị Thu", province)):
        for group in (law, skills, other):
            participation(one, group)
    participation(trader("Vi Nam", province, Audience.STUDENT), skills)
    recount(province)

    figures = participation_figures(province.period, None)
    assert figures.total == 5
    for audience in ["", *Audience]:
        for topic in ["", *ECOMMERCE_TOPICS]:
            response = leader.get(URL, {"nhom": str(audience), "chu-de": str(topic)})
            assert (
                len(response.context["rows"])
                == response.context["selection"].count
                == figures.of(audience, topic)
            )


def test_list_says_how_many_people_and_units_stand_behind_it(province: World, leader: Client):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    participation(hoa, ecommerce_class())
    participation(hoa, ecommerce_class(), completed=False)
    participation(trader("Cao Thị Thu", province), ecommerce_class())
    recount(province)

    extent = leader.get(URL).context["extent"]

    assert (extent.people, extent.organisations, extent.completed) == (2, 2, 2)


def test_officer_sees_participations_of_own_units_only(province: World, client: Client):
    group = ecommerce_class()
    participation(person("Nguyễn Thị Hoa", province.hospital), group)
    participation(person("Vi Văn Nam", province.school), group)
    recount(province)
    client.force_login(viewer("minh", Role.OFFICER, province.health))

    response = client.get(URL)

    assert [row.person.full_name for row, _unit in response.context["rows"]] == ["Nguyễn Thị Hoa"]
    assert response.context["selection"].count == 1


def test_groups_are_listed_from_the_largest_and_all_seven(province: World):
    participation(trader("Cao Thị Thu", province), ecommerce_class())
    recount(province)

    rows = audience_rows(participation_figures(province.period, None))

    assert (rows[0].audience, rows[0].total, rows[0].share_of_largest) == (
        Audience.COOPERATIVE,
        1,
        100,
    )
    assert {row.audience for row in rows} == set(Audience)


def test_an_institution_counts_when_somebody_completed_its_ecommerce_class(province: World):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    participation(hoa, ecommerce_class(provider="Trường Đại học Vinh"))
    participation(hoa, ecommerce_class(provider="Trường Chính trị tỉnh"), completed=False)
    participation(hoa, ecommerce_class(Topic.DIGITAL_SKILLS, provider="Trường Đại học Nghệ An"))

    assert institutions_teaching(province.period) == ["Trường Đại học Vinh"]


@pytest.mark.parametrize("people", [1, 3])
def test_list_costs_the_same_queries_for_one_row_as_for_three(
    province: World, leader: Client, people: int, django_assert_num_queries: Callable
):
    group = ecommerce_class()
    for number in range(people):
        participation(trader(f"Cao {number}", province), group)
    recount(province)
    leader.get(URL)

    with django_assert_num_queries(LIST_QUERIES):
        leader.get(URL)


LIST_QUERIES = 8
"""Account, grants, plan, tree, figures, rows, who has a page, extent."""
