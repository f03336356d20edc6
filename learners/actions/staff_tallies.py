"""The tally by status and month, kept by whoever keeps the standings, under the same lock."""

from collections import Counter
from collections.abc import Mapping

from courses.fast_rows import add_to_counts
from learners.models import ReportingPeriod, StaffTally, Standing
from learners.periods import period_month
from learners.reports.counting import Assessment

StaffKey = tuple[int, str, int]
"""organisation id, status, month of the period (0: not reached)"""


def key_of(found: Assessment | Standing, period: ReportingPeriod) -> StaffKey:
    month = period_month(found.reached_on, period.starts_on) if found.reached_on else 0
    return (found.organisation_id, found.status, month)


def stored(period: ReportingPeriod) -> Counter[StaffKey]:
    tallies = StaffTally.objects.filter(period=period)
    rows = tallies.values_list("organisation_id", "status", "month", "people")
    return Counter({(unit, status, month): people for unit, status, month, people in rows})


def move(period: ReportingPeriod, moved: Mapping[StaffKey, int]) -> None:
    """Add to the tallies; the caller holds the period's lock."""
    key = ["organisation_id", "status", "month"]
    add_to_counts(StaffTally, key, "people", moved, period_id=period.pk)
