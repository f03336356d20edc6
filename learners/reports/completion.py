"""Goal 1, "100 % of staff trained, coached or self-trained": people, counted once each.

Every figure comes from StaffTally, so its cost grows with units and months, never with
people. The people behind a figure are Standing rows of the same period, units and status.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet, Sum

from courses.text import fold
from learners.choices import REACHED, Status
from learners.models import ReportingPeriod, StaffTally
from learners.normalise import text_key
from learners.reports.names import short_name
from learners.tree import Tree

GROUPS: dict[str, tuple[Status, ...]] = {
    "all": tuple(Status),
    "reached": REACHED,
    "missing": tuple(status for status in Status if status not in REACHED),
}
"""Statuses that are counted together under one word."""

Units = Collection[int] | None
"""Ids of the units counted; None is every unit there is."""


@dataclass(frozen=True)
class Counts:
    """People by status; a status that nobody has is absent."""

    by_status: Counter[str]

    def of(self, name: str) -> int:
        """How many have one status, or one of a group's statuses."""
        if name in GROUPS:
            return sum(self.by_status[status] for status in GROUPS[name])
        return self.by_status[name]

    @cached_property
    def headcount(self) -> int:
        return sum(self.by_status[status] for status in GROUPS["all"])

    @cached_property
    def reached(self) -> int:
        return self.of("reached")

    @cached_property
    def missing(self) -> int:
        return self.of("missing")

    @cached_property
    def percent(self) -> Decimal | None:
        return percent(self.reached, self.headcount)


def percent(part: int, whole: int) -> Decimal | None:
    """One decimal, rounded down: 99,96 % is not yet 100. None when there is nobody."""
    if not whole:
        return None
    return (Decimal(part * 100) / whole).quantize(Decimal("0.1"), ROUND_FLOOR)


@dataclass(frozen=True)
class StaffFigures:
    """Some units together: people by status, and those reached by month of the period."""

    counts: Counts
    by_month: tuple[int, ...]


@dataclass(frozen=True)
class UnitRow:
    """One line of the table of units: a child with all below it, or the rest."""

    unit_id: int | None
    """None: people of units that the tree of the day no longer holds."""
    name: str
    level: str
    is_own: bool
    """The people of the unit itself, without those below it."""
    counts: Counts


def staff_figures(period: ReportingPeriod, units: Units) -> StaffFigures:
    """One query: at most 8 statuses in 13 months."""
    counts: Counter[str] = Counter()
    by_month = [0] * 13
    rows = _tallies(period, units).values_list("status", "month").annotate(people=Sum("people"))
    for status, month, people in rows.order_by():
        counts[status] += people
        if status in REACHED:
            by_month[month] += people
    return StaffFigures(Counts(+counts), tuple(by_month[1:]))


def counts_by_unit(period: ReportingPeriod, units: Units) -> dict[int, Counter[str]]:
    """The people of each unit alone by status; units without anybody are absent. One query."""
    by_unit: dict[int, Counter[str]] = {}
    tallies = _tallies(period, units).values_list("organisation_id", "status")
    for unit_id, status, people in tallies.annotate(people=Sum("people")).order_by():
        by_unit.setdefault(unit_id, Counter())[status] += people
    return by_unit


def unit_rows(
    period: ReportingPeriod,
    tree: Tree,
    unit: int | None,
    by_unit: dict[int, Counter[str]] | None = None,
) -> list[UnitRow]:
    """The children of a unit and its own people; None: the children of all roots.

    One query, none when the units' counts are at hand. The rows' sums are the figures of the
    unit itself.
    """
    if by_unit is None:
        by_unit = counts_by_unit(period, None if unit is None else tree.subtree_ids(unit))
    rows = []
    for parent in [unit] if unit is not None else tree.roots():
        if parent in by_unit:
            rows.append(_row(tree, parent, [parent], by_unit, is_own=True))
        rows += [
            _row(tree, child, tree.subtree_ids(child), by_unit) for child in tree.children(parent)
        ]
    if lost := outside_tree(tree, by_unit):
        counts = _sum(by_unit[unit_id] for unit_id in lost)
        rows.append(UnitRow(None, "", "", False, counts))
    return rows


def outside_tree(tree: Tree, units: Iterable[int]) -> list[int]:
    """Those units that the tree does not hold: dissolved, while people still belong to them."""
    return [unit for unit in units if unit not in tree]


def units_outside_tree(period: ReportingPeriod, tree: Tree) -> frozenset[int]:
    """Units with people of the period that its tree does not hold."""
    counted = StaffTally.objects.filter(period=period).values_list("organisation_id", flat=True)
    return frozenset(outside_tree(tree, counted.distinct()))


def _tallies(period: ReportingPeriod, units: Units) -> QuerySet[StaffTally]:
    tallies = StaffTally.objects.filter(period=period)
    return tallies if units is None else tallies.filter(organisation__in=units)


def _row(
    tree: Tree,
    unit: int,
    members: Collection[int],
    by_unit: dict[int, Counter[str]],
    is_own: bool = False,
) -> UnitRow:
    counts = counts_of(members, by_unit)
    return UnitRow(unit, short_name(tree.name(unit)), tree[unit].level, is_own, counts)


def counts_of(members: Iterable[int], by_unit: dict[int, Counter[str]]) -> Counts:
    """Some units together."""
    return _sum(by_unit[member] for member in members if member in by_unit)


def _sum(counters: Iterable[Counter[str]]) -> Counts:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return Counts(+total)


# ------------------------------------------------------------------ arranging the table

SORTS: dict[str, Callable[[UnitRow], Any]] = {
    "ty-le": lambda row: (
        row.counts.percent is None,
        row.counts.percent or 0,
        -row.counts.missing,
    ),
    "thieu": lambda row: -row.counts.missing,
    "bien-che": lambda row: -row.counts.headcount,
    "ten": lambda row: text_key(row.name),
}
"""Orders of the table of units, as they stand in addresses; the first is the default."""


def arranged(
    rows: Iterable[UnitRow], *, sort: str = "ty-le", words: str = "", level: str = ""
) -> list[UnitRow]:
    """The rows of one level whose names hold the words, in one of the orders."""
    wanted = fold(words)
    chosen = [row for row in rows if wanted in fold(row.name) and level in ("", row.level)]
    return sorted(chosen, key=SORTS[sort])


def extremes(rows: Iterable[UnitRow], how_many: int = 5) -> tuple[list[UnitRow], list[UnitRow]]:
    """The units with the lowest and with the highest share, without overlap."""
    ranked = arranged(row for row in rows if row.counts.headcount)
    half = min(how_many, len(ranked) // 2)
    return ranked[:half], ranked[::-1][:half]


def total_of(rows: Iterable[UnitRow]) -> Counts:
    return _sum(row.counts.by_status for row in rows)
