"""Who is left behind, and where they stopped: by kind of place and by age.

Both tables are read from tallies, and both add up to the headcount of the frame.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from learners.choices import AgeBand, Status
from learners.models import AgeTally, ReportingPeriod
from learners.reports.communes import Place
from learners.reports.completion import Counts, Units, counts_of
from learners.tree import Tree

CAUSES: dict[str, tuple[Status, ...]] = {
    "nothing": (Status.NOTHING,),
    "learning": (Status.LEARNING,),
    "approval": (Status.WAITING, Status.DECLARED),
}
"""Where those who are missing stopped: before the first lesson, on the way, at the approval."""


@dataclass(frozen=True)
class FairnessRow:
    """People who have something in common."""

    name: str | Promise
    counts: Counts
    gap: Decimal | None
    """Points above or below all together; None when there is nobody."""

    @property
    def nothing(self) -> int:
        return self._missing("nothing")

    @property
    def learning(self) -> int:
        return self._missing("learning")

    @property
    def approval(self) -> int:
        return self._missing("approval")

    @property
    def main_cause(self) -> str:
        """Where most of the missing stopped; empty when nobody is missing."""
        if not self.counts.missing:
            return ""
        return max(CAUSES, key=self._missing)

    def _missing(self, cause: str) -> int:
        return sum(self.counts.of(status) for status in CAUSES[cause])


def by_place(
    tree: Tree, by_unit: dict[int, Counter[str]], found: Iterable[Place]
) -> list[FairnessRow]:
    """Departments, wards, communes of the plain and of the highlands. No query.

    Of a tree with districts: departments, lowland and highland districts.
    """
    group_of: dict[int, Promise | str] = {}
    for place in found:
        name: Promise | str = _("Highland communes") if place.is_highland else _("Other communes")
        if not place.is_highland and "phường" in tree.name(place.unit):
            name = _("Wards")
        for unit in tree.subtree_ids(place.unit):
            group_of[unit] = name
    groups: dict[str, list[int]] = {}
    names: dict[str, Promise | str] = {}
    for unit in by_unit:
        group = group_of.get(unit, _("Provincial agencies and their units"))
        groups.setdefault(str(group), []).append(unit)
        names[str(group)] = group
    whole = counts_of(by_unit, by_unit)
    rows = [_row(names[key], counts_of(units, by_unit), whole) for key, units in groups.items()]
    return sorted(rows, key=lambda row: row.counts.percent or 0)


def by_age(period: ReportingPeriod, units: Units) -> list[FairnessRow]:
    """The bands in their order; those without anybody are left out. One query."""
    tallies = AgeTally.objects.filter(period=period)
    if units is not None:
        tallies = tallies.filter(organisation__in=units)
    found: dict[str, Counter[str]] = {band: Counter() for band in AgeBand.values}
    rows = tallies.values_list("age_band", "status").annotate(sum=Sum("people"))
    for band, status, people in rows.order_by():
        found[band][status] += people
    whole = Counts(sum(found.values(), Counter()))
    return [
        _row(AgeBand(band).label, counts, whole)
        for band, counter in found.items()
        if (counts := Counts(+counter)).headcount
    ]


def _row(name: str | Promise, counts: Counts, whole: Counts) -> FairnessRow:
    own, all_together = counts.percent, whole.percent
    gap = None if own is None or all_together is None else own - all_together
    return FairnessRow(name, counts, gap)
