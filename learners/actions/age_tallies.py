"""The tally by age band, kept by whoever keeps the standings, under the same lock."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from courses.fast_rows import add_to_counts
from learners.models import AgeTally, ReportingPeriod, Standing
from learners.reports.counting import Assessment

BATCH = 2000

AgeKey = tuple[int, str, str]
"""organisation id, age band, status"""


def key_of(found: Assessment | Standing) -> AgeKey:
    return (found.organisation_id, found.age_band, found.status)


def tally(assessments: Iterable[Assessment]) -> Counter[AgeKey]:
    return Counter(map(key_of, assessments))


def stored(period: ReportingPeriod, units: Collection[int] | None = None) -> Counter[AgeKey]:
    tallies = AgeTally.objects.filter(period=period)
    if units is not None:
        tallies = tallies.filter(organisation__in=units)
    rows = tallies.values_list("organisation_id", "age_band", "status", "people")
    return Counter({(unit, band, status): people for unit, band, status, people in rows})


def move(period: ReportingPeriod, moved: Mapping[AgeKey, int]) -> None:
    """Add to the tallies; the caller holds the period's lock."""
    add_to_counts(
        AgeTally,
        ["organisation_id", "age_band", "status"],
        "people",
        moved,
        period_id=period.pk,
    )


def rebuild(period: ReportingPeriod, assessments: Iterable[Assessment]) -> None:
    """Write them anew; the caller holds the period's lock."""
    AgeTally.objects.filter(period=period).delete()
    AgeTally.objects.bulk_create(_rows(period, tally(assessments)), batch_size=BATCH)


def _rows(period: ReportingPeriod, counts: Mapping[AgeKey, int]) -> list[AgeTally]:
    return [
        AgeTally(period=period, organisation_id=unit, age_band=band, status=status, people=people)
        for (unit, band, status), people in counts.items()
    ]
