"""Keep the summaries in step with the facts: who is reached, how, and where.

One function, `reports.counting.assess`, decides for one person or for seventy thousand, so
that the page that is quick and the recount that is thorough cannot disagree.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from operator import attrgetter

from django.db import transaction
from django.utils import timezone

from courses.fast_rows import insert_rows
from learners.actions import age_tallies, staff_tallies
from learners.models import ReportingPeriod, Standing
from learners.reports.counting import Assessment, assess, assess_new, basis_of, of_people

BATCH = 2000


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
        standings = Standing.objects.filter(of_people(people), period=period)
        before = {standing.person_id: standing for standing in standings}
        after = assess(basis_of(period), people)
    moved: Counter[staff_tallies.StaffKey] = Counter()
    ages: Counter[age_tallies.AgeKey] = Counter()
    fresh: list[tuple[int, Assessment]] = []
    written: list[tuple[int, Assessment]] = []
    gone = []
    for person_id in sorted(before.keys() | after.keys()):
        old, new = before.get(person_id), after.get(person_id)
        if old is not None and new is not None and assessment_of(old) == new:
            continue
        if old is not None:
            moved[staff_tallies.key_of(old, period)] -= 1
            ages[age_tallies.key_of(old)] -= 1
        if new is not None:
            moved[staff_tallies.key_of(new, period)] += 1
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
    staff_tallies.move(period, {key: change for key, change in moved.items() if change})


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


def assessment_of(standing: Standing) -> Assessment:
    """What the row keeps."""
    return Assessment(
        standing.organisation_id,
        standing.status,
        standing.reached_on,
        standing.name_key,
        standing.age_band,
    )
