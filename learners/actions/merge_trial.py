"""What a merger would do, before anybody does it."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum

from learners.actions.merge_journal import counts_of
from learners.actions.merging import merge
from learners.choices import REACHED
from learners.models import (
    ParticipationTally,
    Person,
    ReportingPeriod,
    Snapshot,
    StaffTally,
    User,
)


@dataclass(frozen=True)
class Figures:
    """What a year's report says for the whole province."""

    people: int
    reached: int
    participations: int


@dataclass(frozen=True)
class Effect:
    """What a merger does to one year."""

    period: ReportingPeriod
    before: Figures
    after: Figures
    is_signed: bool
    """Signed figures stay as they are; a restatement would say so."""


@dataclass(frozen=True)
class Trial:
    effects: list[Effect]
    """Only years whose figures change."""
    rows: dict[str, int]


def try_merge(*, kept: Person, dropped: Person, by: User) -> Trial:
    """What `merge` would do, found by doing it and taking it all back at once. Changes nothing.

    Raises CannotMerge.
    """
    periods = list(ReportingPeriod.objects.order_by("year"))
    with transaction.atomic():
        before = {period.pk: _figures(period) for period in periods}
        done = merge(kept=kept, dropped=dropped, by=by, why="")
        after = {period.pk: _figures(period) for period in periods}
        transaction.set_rollback(True)
    signed = set(Snapshot.objects.final().values_list("period", flat=True))
    return Trial(
        [
            Effect(period, before[period.pk], after[period.pk], period.pk in signed)
            for period in periods
            if before[period.pk] != after[period.pk]
        ],
        counts_of(done.journal),
    )


def _figures(period: ReportingPeriod) -> Figures:
    staff = dict(
        StaffTally.objects.filter(period=period)
        .values_list("status")
        .annotate(n=Sum("people"))
        .order_by()
    )
    lots = ParticipationTally.objects.filter(period=period).aggregate(n=Sum("participations"))
    reached = sum(n for status, n in staff.items() if status in REACHED)
    return Figures(sum(staff.values()), reached, lots["n"] or 0)
