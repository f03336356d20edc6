"""Count from the facts anew, for a province or for a country.

People are read range by range of their keys, so that memory does not grow with them, and each
range is brought in step in a short transaction of its own: who learns meanwhile waits for one
range, not for the recount.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, Count, IntegerField, Max, Value, When

from learners.actions import age_tallies, participation_tallies, staff_tallies
from learners.actions.standing import assessment_of, refresh_people
from learners.models import AgeTally, Person, ReportingPeriod, StaffTally, Standing
from learners.periods import month_bounds
from learners.reports.counting import Assessment, Basis, assess, basis_of, of_people

RANGE = 10_000
"""Keys in one range."""


def recount_period(period: ReportingPeriod) -> int:
    """Bring the period's summaries to what the facts say; returns the size of the denominator.

    Idempotent; writes only what differs. Begun anew after a kill it finds what is left. At every
    moment tallies and standings agree as well as they did before.
    """
    for people in _ranges():
        refresh_people(people, period)
    return _align(period)


@transaction.atomic
def _align(period: ReportingPeriod) -> int:
    """Bring the tallies to what the standings say, and those of participations to the facts."""
    period.lock()
    staff, ages = _counted_staff(period), _counted_ages(period)
    staff_tallies.move(period, _changes(staff_tallies.stored(period), staff))
    age_tallies.move(period, _changes(age_tallies.stored(period), ages))
    StaffTally.objects.filter(period=period, people=0).delete()
    AgeTally.objects.filter(period=period, people=0).delete()
    participation_tallies.rebuild(period)
    return staff.total()


def _counted_staff(period: ReportingPeriod) -> Counter[staff_tallies.StaffKey]:
    """Counted by the database: nobody is carried here."""
    months = (
        When(reached_on__range=month_bounds(month, period.starts_on), then=Value(month))
        for month in range(1, 13)
    )
    rows = (
        Standing.objects.filter(period=period)
        .annotate(month=Case(*months, default=Value(0), output_field=IntegerField()))
        .values_list("organisation_id", "status", "month")
        .annotate(people=Count("pk"))
        .order_by()
    )
    return Counter({(unit, status, month): people for unit, status, month, people in rows})


def _counted_ages(period: ReportingPeriod) -> Counter[age_tallies.AgeKey]:
    rows = (
        Standing.objects.filter(period=period)
        .values_list("organisation_id", "age_band", "status")
        .annotate(people=Count("pk"))
        .order_by()
    )
    return Counter({(unit, band, status): people for unit, band, status, people in rows})


def _changes(stored: Counter, counted: Counter) -> dict:
    return {
        key: counted[key] - stored[key]
        for key in stored.keys() | counted.keys()
        if counted[key] != stored[key]
    }


# ------------------------------------------------------------------ checking


@dataclass(frozen=True, slots=True)
class Difference:
    """A summary that does not agree with the facts."""

    where: str
    stored: int
    counted: int


def differences(period: ReportingPeriod) -> list[Difference]:
    """What a recount would change; empty in a healthy system, also while it is at work. Changes
    nothing."""
    basis = basis_of(period)
    suspects = [person for people in _ranges() for person in _wrong(period, basis, people)]
    return _looked_at_again(period, basis, suspects)


Pair = tuple[Assessment | None, Assessment | None]
"""Where somebody stands by the summary, and by the facts."""


@transaction.atomic
def _looked_at_again(
    period: ReportingPeriod, basis: Basis, suspects: Sequence[int]
) -> list[Difference]:
    """Under the lock nobody stands between a fact and its summary. The tallies are compared with
    the standings, those put right that are wrong."""
    period.lock()
    wrong = _wrong(period, basis, suspects) if suspects else {}
    staff, ages = _counted_staff(period), _counted_ages(period)
    for pair in wrong.values():
        for found, change in zip(pair, (-1, 1), strict=True):
            if found is not None:
                staff[staff_tallies.key_of(found, period)] += change
                ages[age_tallies.key_of(found)] += change
    return [
        *(
            Difference(f"person {person}", int(stored is not None), int(counted is not None))
            for person, (stored, counted) in sorted(wrong.items())
        ),
        *_compare("unit", staff_tallies.stored(period), staff),
        *_compare("age", age_tallies.stored(period), ages),
        *_compare(
            "participations",
            participation_tallies.stored(period),
            participation_tallies.tally(period),
        ),
    ]


def _wrong(period: ReportingPeriod, basis: Basis, people: Collection[int]) -> dict[int, Pair]:
    """Those of some people whose standing is not what the facts say."""
    counted = assess(basis, people)
    standings = Standing.objects.filter(of_people(people), period=period)
    stored = {one.person_id: assessment_of(one) for one in standings.iterator()}
    return {
        person: (stored.get(person), counted.get(person))
        for person in stored.keys() | counted.keys()
        if stored.get(person) != counted.get(person)
    }


def _compare(what: str, stored: Counter, counted: Counter) -> list[Difference]:
    return [
        Difference(f"{what} {key}", stored[key], counted[key])
        for key in sorted(stored.keys() | counted.keys())
        if stored[key] != counted[key]
    ]


def _ranges() -> Iterator[range]:
    """All keys of people, in ranges."""
    last = Person.objects.aggregate(last=Max("pk"))["last"] or 0
    return (range(first, first + RANGE) for first in range(1, last + 1, RANGE))
