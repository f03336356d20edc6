"""Keep the summaries in step with the facts: who is reached, how, and where.

One function, `reports.counting.assess`, decides for one person or for seventy thousand, so
that the page that is quick and the recount that is thorough cannot disagree.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.fast_rows import add_to_counts, among, insert_rows
from learners.actions import age_tallies, participation_tallies
from learners.models import ReportingPeriod, StaffTally, Standing
from learners.periods import period_month
from learners.reports.counting import Assessment, assess, assess_new, basis_of

BATCH = 2000

StaffKey = tuple[int, str, int]
"""organisation id, status, month of the period (0: not reached)"""

# ------------------------------------------------------------------ keeping in step


@transaction.atomic
def refresh_people(
    people: Collection[int], period: ReportingPeriod, *, are_new: bool = False
) -> None:
    """Bring the standing of some people and their units' tallies up to date.

    Idempotent; writes only what changed, so a list of thousands costs a few queries. Call it in
    the transaction that writes the facts, after writing them. `are_new`: they were entered in
    that transaction and have done nothing yet.
    """
    period.lock()
    before: dict[int, Standing] = {}
    if are_new:
        after = assess_new(basis_of(period), people)
    else:
        standings = Standing.objects.filter(period=period, person__in=among(people))
        before = {standing.person_id: standing for standing in standings}
        after = assess(basis_of(period), people)
    moved: Counter[StaffKey] = Counter()
    ages: Counter[age_tallies.AgeKey] = Counter()
    fresh: list[tuple[int, Assessment]] = []
    written: list[tuple[int, Assessment]] = []
    gone = []
    for person_id in sorted(before.keys() | after.keys()):
        old, new = before.get(person_id), after.get(person_id)
        if old is not None and new is not None and _assessment_of(old) == new:
            continue
        if old is not None:
            moved[_key_of(old, period)] -= 1
            ages[age_tallies.key_of(old)] -= 1
        if new is not None:
            moved[_key_of(new, period)] += 1
            ages[age_tallies.key_of(new)] += 1
            (written if old is not None else fresh).append((person_id, new))
        elif old is not None:
            gone.append(old.pk)
    Standing.objects.filter(pk__in=gone).delete()
    # Nobody else adds rows of the period while we hold its lock.
    _insert_standings(period, fresh)
    Standing.objects.bulk_create(
        [_standing(period, person_id, found) for person_id, found in written],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["period", "person"],
        update_fields=["organisation", "status", "reached_on", "name_key", "age_band"],
    )
    age_tallies.move(period, {key: change for key, change in ages.items() if change})
    add_to_counts(
        StaffTally,
        ["organisation_id", "status", "month"],
        "people",
        {key: change for key, change in moved.items() if change},
        period_id=period.pk,
    )


def refresh_since(people: Sequence[int], day: date, *, are_new: bool = False) -> None:
    """Bring people's standings in step in every period that a fact of that day may reach."""
    if not people:
        return
    periods = ReportingPeriod.objects.filter(
        ends_on__gte=day, starts_on__lte=timezone.localdate()
    ).order_by("pk")
    for period in periods:
        for batch in range(0, len(people), BATCH):
            refresh_people(people[batch : batch + BATCH], period, are_new=are_new)


def _key_of(found: Assessment | Standing, period: ReportingPeriod) -> StaffKey:
    month = period_month(found.reached_on, period.starts_on) if found.reached_on else 0
    return (found.organisation_id, found.status, month)


# ------------------------------------------------------------------ recounting


@dataclass(frozen=True, slots=True)
class Difference:
    """A summary that does not agree with the facts."""

    where: str
    stored: int
    counted: int


def differences(period: ReportingPeriod) -> list[Difference]:
    """What a recount would change; empty in a healthy system. Changes nothing."""
    assessments = assess(basis_of(period))
    stored_people = {
        standing.person_id: _assessment_of(standing)
        for standing in Standing.objects.filter(period=period).iterator()
    }
    wrong = [
        Difference(
            f"person {person_id}",
            int(person_id in stored_people),
            int(person_id in assessments),
        )
        for person_id in sorted(stored_people.keys() | assessments.keys())
        if stored_people.get(person_id) != assessments.get(person_id)
    ]
    staff = Counter(_key_of(a, period) for a in assessments.values())
    wrong += _compare("unit", _stored_staff(period), staff)
    wrong += _compare("age", age_tallies.stored(period), age_tallies.tally(assessments.values()))
    wrong += _compare(
        "participations",
        participation_tallies.stored(period),
        participation_tallies.tally(period),
    )
    return wrong


def _insert_standings(period: ReportingPeriod, found: Iterable[tuple[int, Assessment]]) -> None:
    facts = attrgetter(*Assessment.__slots__)
    insert_rows(
        Standing,
        ["period_id", "person_id", *Assessment.__slots__],
        ((period.pk, person_id, *facts(one)) for person_id, one in found),
    )


def _standing(period: ReportingPeriod, person_id: int, found: Assessment) -> Standing:
    """The row that keeps an assessment; unsaved."""
    return Standing(
        period=period,
        person_id=person_id,
        organisation_id=found.organisation_id,
        status=found.status,
        reached_on=found.reached_on,
        name_key=found.name_key,
        age_band=found.age_band,
    )


def _assessment_of(standing: Standing) -> Assessment:
    return Assessment(
        standing.organisation_id,
        standing.status,
        standing.reached_on,
        standing.name_key,
        standing.age_band,
    )


def _compare(what: str, stored: Counter, counted: Counter) -> list[Difference]:
    return [
        Difference(f"{what} {key}", stored[key], counted[key])
        for key in sorted(stored.keys() | counted.keys())
        if stored[key] != counted[key]
    ]


def _stored_staff(
    period: ReportingPeriod, units: Collection[int] | None = None
) -> Counter[StaffKey]:
    tallies = StaffTally.objects.filter(period=period)
    if units is not None:
        tallies = tallies.filter(organisation__in=units)
    rows = tallies.values_list("organisation_id", "status", "month", "people")
    return Counter({(unit, status, month): people for unit, status, month, people in rows})


@transaction.atomic
def recount_period(period: ReportingPeriod) -> int:
    """Rebuild the period's summaries from the facts; returns the size of the denominator.

    Idempotent; one transaction, so a reader sees the old figures or the new, never half.
    """
    period.lock()
    assessments = assess(basis_of(period))
    Standing.objects.filter(period=period).delete()
    _insert_standings(period, assessments.items())
    StaffTally.objects.filter(period=period).delete()
    staff = Counter(_key_of(found, period) for found in assessments.values())
    _bulk(
        StaffTally,
        (
            StaffTally(
                period=period,
                organisation_id=unit,
                status=status,
                month=month,
                people=people,
            )
            for (unit, status, month), people in staff.items()
        ),
    )
    age_tallies.rebuild(period, assessments.values())
    participation_tallies.rebuild(period)
    return len(assessments)


def _bulk(model: Any, rows: Iterable) -> None:
    model.objects.bulk_create(rows, batch_size=BATCH)
