"""A recount in ranges: the same figures, whatever the ranges, and whole after a kill."""

import pytest

from learners.actions import recounting
from learners.actions.enrolments import enrol
from learners.actions.recounting import differences, recount_period
from learners.choices import Status
from learners.models import AgeTally, StaffTally, Standing
from tests.factories.learning import small_course, staff, this_period

pytestmark = pytest.mark.django_db


@pytest.fixture
def period(monkeypatch):
    monkeypatch.setattr(recounting, "RANGE", 2)
    return this_period()


def tallied():
    return sum(StaffTally.objects.values_list("people", flat=True))


def test_people_of_all_ranges_are_counted_once(period):
    for number in range(5):
        staff(f"Nguyễn {number}")
    assert recount_period(period) == Standing.objects.count() == tallied() == 5
    assert recount_period(period) == 5
    assert differences(period) == []


def test_a_recount_that_was_killed_is_begun_anew_and_finds_what_is_left(period, monkeypatch):
    people = [staff(f"Nguyễn {number}") for number in range(5)]
    real = recounting.refresh_people

    def killed_after_the_first(found, of_period):
        if Standing.objects.exists():
            raise KeyboardInterrupt
        real(found, of_period)

    with monkeypatch.context() as patch:
        patch.setattr(recounting, "refresh_people", killed_after_the_first)
        with pytest.raises(KeyboardInterrupt):
            recount_period(period)
    # What was brought in step stays so: standings and tallies agree.
    assert 0 < Standing.objects.count() == tallied() < len(people)
    assert recount_period(period) == len(people)
    assert differences(period) == []


def test_tallies_that_a_foreign_hand_changed_are_put_right(period):
    hoa = staff()
    recount_period(period)
    unit = hoa.posts.get().managing_unit
    StaffTally.objects.update(people=7)
    AgeTally.objects.all().delete()
    StaffTally.objects.create(
        period=period, organisation=unit, status=Status.ONLINE, month=3, people=2
    )
    assert recount_period(period) == 1
    assert list(StaffTally.objects.values_list("status", "month", "people")) == [("nothing", 0, 1)]
    assert differences(period) == []


def test_whoever_learns_while_the_check_goes_on_is_no_difference(period, monkeypatch):
    people = [staff(f"Nguyễn {number}") for number in range(3)]
    recount_period(period)
    real = recounting.assess

    def somebody_learns_after_it_was_read(basis, of_them):
        found = real(basis, of_them)
        monkeypatch.setattr(recounting, "assess", real)
        enrol(person=people[0], course=small_course())
        return found

    monkeypatch.setattr(recounting, "assess", somebody_learns_after_it_was_read)
    monkeypatch.setattr(recounting, "RANGE", 1_000_000)
    assert differences(period) == []
    assert Standing.objects.get(person=people[0]).status == Status.LEARNING
