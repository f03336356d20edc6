"""The figures of every year, written down each night for the shared data warehouse.

Open data is made from them as well, so that all that is published on one day agrees.
"""

import json
from collections import Counter
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from courses.choices import ECOMMERCE_TOPICS, Audience
from home.feeds.indicators import hash_of, summed_upwards
from home.models import Aggregate
from learners.choices import AgeBand, Status
from learners.models import AgeTally, ReportingPeriod
from learners.reports.completion import counts_by_unit, unit_rows
from learners.reports.participations import participation_figures
from learners.tree import Tree, tree_on


def write_aggregate() -> Aggregate:
    """Write down today's figures; the same figures again change nothing. Idempotent."""
    today = timezone.localdate()
    periods = ReportingPeriod.objects.filter(starts_on__lte=today).order_by("year")
    years = [_year(period) for period in periods]
    digest = hash_of(years)
    found = {"version": 1, "day": today.isoformat(), "years": years, "hash": digest}
    text = json.dumps(found, ensure_ascii=False, sort_keys=True)
    kept, _made = Aggregate.objects.update_or_create(
        day=today, defaults={"document": text, "digest": digest}
    )
    return kept


def newest() -> dict[str, Any] | None:
    """The figures of the last night that has any."""
    found = Aggregate.objects.values_list("document", flat=True).first()
    return None if found is None else json.loads(found)


def _year(period: ReportingPeriod) -> dict[str, Any]:
    tree = tree_on(period.cut_off())
    by_unit = counts_by_unit(period, None)
    figures = participation_figures(period, None)
    return {
        "year": period.year,
        "as_of": period.cut_off().isoformat(),
        "units": _units(tree, by_unit),
        "blocks": _blocks(period, tree, by_unit),
        "ages": _ages(period),
        "participations": [
            {
                "audience": audience.value,
                "audience_name": str(audience.label),
                **{topic.value: figures.of(audience, topic) for topic in ECOMMERCE_TOPICS},
            }
            for audience in Audience
        ],
    }


def _units(tree: Tree, by_unit: dict[int, Counter[str]]) -> list[dict[str, Any]]:
    """Every unit with all below it, by status."""
    return [
        {
            "unit_code": tree[unit].code,
            "unit_name": tree[unit].name,
            **{status.value: counter[status] for status in Status},
        }
        for unit, counter in summed_upwards(tree, by_unit).items()
    ]


def _blocks(
    period: ReportingPeriod, tree: Tree, by_unit: dict[int, Counter[str]]
) -> list[dict[str, Any]]:
    """The rows of the table of units: they add up to the province."""
    rows = unit_rows(period, tree, None, by_unit)
    return [
        {
            "unit_code": tree[row.unit_id].code + ("*" if row.is_own else "")
            if row.unit_id is not None
            else "",
            "unit_name": row.name,
            "reached": row.counts.reached,
            "missing": row.counts.missing,
        }
        for row in rows
        if row.counts.headcount
    ]


def _ages(period: ReportingPeriod) -> list[dict[str, Any]]:
    rows = AgeTally.objects.filter(period=period).values_list("age_band", "status")
    found: dict[str, Counter[str]] = {band: Counter() for band in AgeBand.values}
    for band, status, people in rows.annotate(sum=Sum("people")).order_by():
        found[band][status] += people
    return [
        {
            "age_band": band or "unknown",
            "age_name": str(AgeBand(band).label),
            **{status.value: counter[status] for status in Status},
        }
        for band, counter in found.items()
        if sum(counter.values())
    ]
