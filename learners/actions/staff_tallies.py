"""The tally by status and month, kept by whoever keeps the standings, under the same lock."""

from collections import Counter
from collections.abc import Collection, Mapping

from learners.models import ReportingPeriod, StaffTally, Standing
from learners.periods import period_month
from learners.reports.counting import Assessment

BATCH = 2000

StaffKey = tuple[int, str, int]
"""organisation id, status, month of the period (0: not reached)"""


def key_of(found: Assessment | Standing, period: ReportingPeriod) -> StaffKey:
    month = period_month(found.reached_on, period.starts_on) if found.reached_on else 0
    return (found.organisation_id, found.status, month)


def stored(period: ReportingPeriod, units: Collection[int] | None = None) -> Counter[StaffKey]:
    tallies = StaffTally.objects.filter(period=period)
    if units is not None:
        tallies = tallies.filter(organisation__in=units)
    rows = tallies.values_list("organisation_id", "status", "month", "people")
    return Counter({(unit, status, month): people for unit, status, month, people in rows})


def move(period: ReportingPeriod, moved: Mapping[StaffKey, int]) -> None:
    """Add to the tallies; the caller holds the period's lock, so what is read here stays true."""
    before = stored(period, {unit for unit, _status, _month in moved})
    StaffTally.objects.bulk_create(
        (
            StaffTally(
                period=period,
                organisation_id=unit,
                status=status,
                month=month,
                people=before[unit, status, month] + change,
            )
            for (unit, status, month), change in moved.items()
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["period", "organisation", "status", "month"],
        update_fields=["people"],
    )
