"""The tally by age band, kept by whoever keeps the standings, under the same lock."""

from collections import Counter
from collections.abc import Collection, Mapping

from learners.models import AgeTally, ReportingPeriod, Standing
from learners.reports.counting import Assessment

BATCH = 2000

AgeKey = tuple[int, str, str]
"""organisation id, age band, status"""


def key_of(found: Assessment | Standing) -> AgeKey:
    return (found.organisation_id, found.age_band, found.status)


def stored(period: ReportingPeriod, units: Collection[int] | None = None) -> Counter[AgeKey]:
    tallies = AgeTally.objects.filter(period=period)
    if units is not None:
        tallies = tallies.filter(organisation__in=units)
    rows = tallies.values_list("organisation_id", "age_band", "status", "people")
    return Counter({(unit, band, status): people for unit, band, status, people in rows})


def move(period: ReportingPeriod, moved: Mapping[AgeKey, int]) -> None:
    """Add to the tallies; the caller holds the period's lock."""
    before = stored(period, {unit for unit, _band, _status in moved})
    AgeTally.objects.bulk_create(
        _rows(period, {key: before[key] + change for key, change in moved.items()}),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["period", "organisation", "age_band", "status"],
        update_fields=["people"],
    )


def _rows(period: ReportingPeriod, counts: Mapping[AgeKey, int]) -> list[AgeTally]:
    return [
        AgeTally(period=period, organisation_id=unit, age_band=band, status=status, people=people)
        for (unit, band, status), people in counts.items()
    ]
