"""The same figures by another day's tree: by the old districts, or by the communes of today.

Units that the tree does not hold are grafted onto it, below whoever stood for them on its day.
Nobody is counted twice or lost by that: sums over the tree stay what they were.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from learners.choices import SuccessionKind
from learners.models import (
    OrganisationVersion,
    Participation,
    ParticipationTally,
    Post,
    ReportingPeriod,
    StaffTally,
    Succession,
)
from learners.periods import Window
from learners.tree import Node, Tree

_ASIDE = {SuccessionKind.FUNCTION_TRANSFER, SuccessionKind.SPLIT}
"""Lines by which the unit itself went on."""
_SHARED_OUT = {SuccessionKind.DISSOLVE_DISTRICT, SuccessionKind.DISSOLVE}

Kin = Mapping[int, Collection[int]]


def regrouped(counted: Collection[int], tree: Tree) -> Tree:
    """The tree with every unit that is counted. Two queries, none when it holds them all."""
    missing = sorted(unit for unit in counted if unit not in tree)
    return graft(tree, missing) if missing else tree


def counted_units(period: ReportingPeriod) -> frozenset[int]:
    """The units of whom the summaries of a year tell. Two queries."""
    counted: set[int] = set()
    for tally in (StaffTally, ParticipationTally):
        rows = tally.objects.filter(period=period).order_by()
        counted.update(rows.values_list("organisation_id", flat=True).distinct())
    return frozenset(counted)


def units_of_window(window: Window, day: date) -> frozenset[int]:
    """As `counted_units` of a part of a year read on a day, from the facts. Two queries."""
    posts = Post.objects.on(day).order_by().values_list("managing_unit_id", flat=True)
    lots = Participation.objects.counted().order_by()
    lots = lots.filter(happened_on__range=(window.year_starts_on, window.ends_on))
    units = lots.values_list("organisation_id", flat=True)
    return frozenset(posts.distinct()) | frozenset(units.distinct())


def graft(tree: Tree, units: Iterable[int]) -> Tree:
    """A tree with these units as well, each below its stand-in. The tree given stays as it is.

    A unit that was merged stands below the one that carries on; one that was shared out, or
    that several made, below the lowest unit that holds them all.
    """
    family = _Family(tree)
    nodes = dict(tree.nodes)
    for unit in units:
        place, version = family.stand_in(unit), family.last.get(unit)
        if place is not None and version is not None:
            nodes[unit] = Node(
                unit,
                f"{version.code}@{version.valid_from}",  # Not the code of that day's tree.
                _dated(version, family.first[unit].valid_from, tree.day),
                version.level,
                place,
                is_specialised=False,
            )
    return Tree(tree.day, nodes)


def _dated(version: OrganisationVersion, since: date, day: date) -> str:
    if since > day:
        return _("%(unit)s (since %(day)s)") % {"unit": version.name, "day": f"{since:%d/%m/%Y}"}
    until = version.valid_to
    if until is None:
        return version.name
    return _("%(unit)s (until %(day)s)") % {"unit": version.name, "day": f"{until:%d/%m/%Y}"}


class _Family:
    """Who came before and after whom, around one tree. Two queries."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.first: dict[int, OrganisationVersion] = {}
        self.last: dict[int, OrganisationVersion] = {}
        for version in OrganisationVersion.objects.order_by("valid_from"):
            self.first.setdefault(version.organisation_id, version)
            self.last[version.organisation_id] = version
        self._heirs: dict[int, list[int]] = defaultdict(list)
        self._shares: dict[int, list[int]] = defaultdict(list)
        self._parts: dict[int, list[int]] = defaultdict(list)
        lines = Succession.objects.exclude(successor=None).exclude(kind__in=_ASIDE)
        for before, after, kind in lines.values_list("predecessor_id", "successor_id", "kind"):
            if kind in _SHARED_OUT:
                self._shares[before].append(after)
            else:
                self._heirs[before].append(after)
                self._parts[after].append(before)

    def stand_in(self, unit: int, seen: frozenset[int] = frozenset()) -> int | None:
        """The unit of the tree that stands for this one; None where nobody does."""
        if unit in self._tree:
            return unit
        if unit in seen or unit not in self.first:
            return None
        seen |= {unit}
        kin: Kin
        if self.first[unit].valid_from > self._tree.day:
            above, kin = self.first[unit].parent_id, self._parts
        else:
            above, kin = self.last[unit].parent_id, self._heirs
        relatives = kin.get(unit) or (self._shares.get(unit, []) if kin is self._heirs else [])
        places = {self.stand_in(relative, seen) for relative in relatives} - {None}
        if not places and above is not None:
            return self.stand_in(above, seen)
        return self._lowest_common({place for place in places if place is not None})

    def _lowest_common(self, units: Collection[int]) -> int | None:
        chains = [[*self._tree.ancestors(unit), unit] for unit in units]
        common: int | None = None
        for steps in zip(*chains, strict=False):
            if len(set(steps)) > 1:
                break
            common = steps[0]
        return common
