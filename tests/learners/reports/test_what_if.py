"""Trying out classes and approvals: nobody counts twice, and nothing is stored."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learners.choices import Role, SeatState, Status
from learners.models import CountingRule, Person, Seat, Standing, TrainingRecord
from learners.reports.completion import staff_figures
from learners.reports.counting import basis_of
from learners.reports.what_if import best_of, offers_of, situation_of, waiting_claims
from tests.factories.claims import sent
from tests.factories.classes import class_of
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db

URL = "/bao-cao/thu-tinh/"
TODAY = date(2026, 11, 23)


@pytest.fixture
def place():
    """Ten at the hospital: two reached, eight missing."""
    with on_23_november():
        found = world()
        for number in range(2):
            person(f"Lê Đạt {number}", found.hospital, Status.CLASS)
        for number in range(8):
            person(f"Lê Thiếu {number}", found.hospital, staff_number=f"T{number}")
        yield recount(found)


@pytest.fixture
def leader(place, client):
    client.force_login(viewer("thinh", Role.LEADER, place.province))
    return client


def missing(number: int) -> Person:
    return Person.objects.get(staff_number=f"T{number}")


def coming(capacity=None, day=date(2026, 12, 1), seated=(), **fields):
    group = class_of(starts_on=day, capacity=capacity, **fields)
    for number in seated:
        Seat.objects.create(
            person=missing(number),
            class_group=group,
            state=SeatState.SEATED,
            queued_at=f"{TODAY} 08:00+07:00",
        )
    return group


def situation(place):
    return situation_of(place.period, staff_figures(place.period, None).counts)


def offers(place):
    return offers_of(place.period, basis_of(place.period), None, TODAY)


def test_a_class_takes_those_who_hold_a_seat_and_fills_its_free_ones(place):
    coming(capacity=5, seated=(0, 1))
    [offer] = offers(place)
    assert (len(offer.seated), offer.free, offer.takes(8)) == (2, 3, 5)
    found = situation(place).outlook([offer])
    assert (found.named, found.full) == (4, 7)


def test_nobody_counts_twice_with_two_seats_or_a_seat_and_a_claim(place):
    coming(capacity=2, seated=(0, 1))
    coming(capacity=3, seated=(1, 2))
    found = situation(place).outlook(offers(place), {missing(2).pk, missing(3).pk})
    assert (found.named, found.full) == (2 + 4, 2 + 4 + 1)


def test_no_more_are_reached_than_are_missing(place):
    coming(capacity=500)
    coming(capacity=500)
    found = situation(place).outlook(offers(place))
    assert (found.named, found.full) == (2, 10)


def test_a_seat_of_somebody_reached_brings_nobody(place):
    group = coming(capacity=1)
    reached = Person.objects.get(full_name="Lê Đạt 0")
    Seat.objects.create(
        person=reached, class_group=group, state=SeatState.SEATED, queued_at=f"{TODAY} 08:00+07:00"
    )
    assert offers(place) == []


def test_only_classes_count_that_end_within_the_period_and_are_long_enough(place):
    coming(capacity=9, day=date(2026, 11, 20))
    coming(capacity=9, day=date(2026, 12, 15))
    kept = coming(capacity=9, day=date(2026, 12, 14))
    assert [offer.group for offer in offers(place)] == [kept]

    CountingRule.objects.update(minimum_hours=9)
    assert offers(place) == []


def test_a_class_that_has_begun_takes_nobody_new(place):
    coming(capacity=9, day=date(2026, 11, 22), sessions=3, seated=(4,))
    [offer] = offers(place)
    assert (offer.free, offer.takes(8)) == (0, 1)


def test_the_best_three_are_chosen_together_and_the_earlier_of_equals(place):
    later = coming(capacity=3, day=date(2026, 12, 10), seated=(0, 1, 2))
    same = coming(capacity=3, day=date(2026, 12, 2), seated=(0, 1, 2))
    other = coming(capacity=2, day=date(2026, 12, 12), seated=(3, 4))
    small = coming(capacity=1, day=date(2026, 12, 3))
    assert [offer.group for offer in best_of(situation(place), offers(place))] == [
        same,
        other,
        small,
    ]
    assert later not in {offer.group for offer in best_of(situation(place), offers(place))}


def test_no_class_is_praised_that_brings_nobody(place):
    coming(capacity=2, seated=(0, 1))
    coming(capacity=2, seated=(0, 1))
    assert len(best_of(situation(place), offers(place))) == 1


def test_of_a_class_without_a_limit_only_those_count_who_signed_up(place):
    coming(seated=(0, 1))
    coming()
    [offer] = offers(place)
    assert (offer.is_limited, offer.free, offer.takes(8)) == (False, 0, 2)


def test_only_claims_that_would_count_are_offered(place):
    sent(missing(0))
    short = sent(missing(1))
    TrainingRecord.objects.filter(pk=short.pk).update(hours=1)
    CountingRule.objects.update(minimum_hours=2)
    sent(Person.objects.get(full_name="Lê Đạt 0"))
    waiting = waiting_claims(place.period, basis_of(place.period), None)
    assert [claim.person for claim in waiting] == [missing(0)]


def test_the_page_says_where_the_figure_would_stand_and_stores_nothing(place, leader):
    group, claim = coming(capacity=4, seated=(0,)), sent(missing(3))
    before = sorted(Standing.objects.values_list())

    response = leader.get(URL, {"lop": group.pk, "ho-so": claim.pk})

    outlook = response.context["outlook"]
    assert (outlook.named, outlook.full) == (4, 7)
    assert response.context["named_percent"] == 40
    assert response.context["full_percent"] == 70
    assert sorted(Standing.objects.values_list()) == before
    claim.refresh_from_db()
    assert claim.state == "waiting"


def test_all_that_waits_can_be_chosen_at_once(place, leader):
    for number in range(5):
        sent(missing(number))
    response = leader.get(URL, {"ho-so": "tat-ca"})
    assert response.context["outlook"].named == 7


@pytest.mark.parametrize("nonsense", ["0", "abc", "999999", "-1", "' OR 1=1"])
def test_what_is_not_offered_is_left_out_and_said(place, leader, nonsense):
    response = leader.get(URL, {"lop": nonsense, "ho-so": nonsense})
    assert response.status_code == 200
    assert response.context["lost"] == 2
    assert not response.context["is_tried"]


def test_a_year_that_is_over_leaves_nothing_to_try(place, leader):
    response = leader.get(URL, {"nam": "2025"})
    assert response.context["is_over"]
    assert 'name="lop"' not in response.content.decode()


def test_another_units_officer_sees_no_claims_from_here(place, client):
    sent(missing(0))
    client.force_login(viewer("lan", unit=place.education))
    response = client.get(URL)
    assert response.context["claims"] == []
    assert client.get(URL, {"don-vi": place.hospital.pk}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow_with_rows(place, leader, rows):
    groups = [coming(capacity=9, seated=(number,)) for number in range(rows)]
    claims = [sent(missing(5 + number)) for number in range(rows)]
    address = {"lop": [g.pk for g in groups], "ho-so": [*(c.pk for c in claims), "tat-ca"]}
    leader.get(URL, address)
    with CaptureQueriesContext(connection) as queries:
        leader.get(URL, address)
    assert len(queries) <= 12
