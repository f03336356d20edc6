"""The tally by age band, kept by whoever keeps the standings, under the same lock."""

from collections import Counter
from collections.abc import Mapping

from courses.fast_rows import add_to_counts
from learners.models import AgeTally, ReportingPeriod, Standing
from learners.reports.counting import Assessment

AgeKey = tuple[int, str, str]
"""organisation id, age band, status"""


def key_of(found: Assessment | Standing) -> AgeKey:
    return (found.organisation_id, found.age_band, found.status)


def stored(period: ReportingPeriod) -> Counter[AgeKey]:
    tallies = AgeTally.objects.filter(period=period)
    rows = tallies.values_list("organisation_id", "age_band", "status", "people")
    return Counter({(unit, band, status): people for unit, band, status, people in rows})


def move(period: ReportingPeriod, moved: Mapping[AgeKey, int]) -> None:
    """Add to the tallies; the caller holds the period's lock."""
    key = ["organisation_id", "age_band", "status"]
    add_to_counts(AgeTally, key, "people", moved, period_id=period.pk)
