"""Where a unit stood on each day of some weeks or years, told in the words of one tree.

A unit that was merged or renamed is told as the one that carries it on: that moved nobody. One
that was put below another parent left the one and came to the other.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from learners.reports.regrouping import graft
from learners.tree import Tree, Version, successors_on, versions

ONE_DAY = timedelta(days=1)


class Place(NamedTuple):
    """The units that hold somebody, from the root down to where the work is."""

    chain: tuple[int, ...]
    """Units of the tree; empty where the register held no such unit on the day."""
    is_exact: bool
    """Whether the last of them is the very unit, or the one that carries it on; if not, the unit
    ended without an heir and only those above it are still there."""


NOWHERE = Place((), is_exact=False)


class Places:
    """The places of units between two days, both included. One query, two at most, while the
    register of units is kept (learners.tree)."""

    def __init__(self, tree: Tree, first: date, last: date) -> None:
        self.tree = tree
        self._versions: dict[int, list[Version]] = defaultdict(list)
        turns: set[date] = set()
        for unit, known in versions().items():
            for version in known:
                begins, ends = version.first, version.last
                if begins > last or (ends is not None and ends < first):
                    continue
                self._versions[unit].append(version)
                turns.update({begins, begins if ends is None else ends + ONE_DAY})
        self.turns = sorted(day for day in turns if first < day <= last)
        """Days on which some unit may stand otherwise than on the day before."""
        gone = [unit for unit in self._versions if unit not in tree]
        self._heirs = successors_on(gone, tree.day) if gone else {}
        self._known: dict[tuple[int, int], Place] = {}

    def units(self) -> Iterable[int]:
        """Every unit that was there on one of the days."""
        return self._versions.keys()

    def of(self, unit: int, day: date) -> Place:
        """Where somebody who was at that unit stood that day."""
        key = (unit, bisect_right(self.turns, day))
        if key not in self._known:
            self._known[key] = self._place(unit, day)
        return self._known[key]

    def version(self, unit: int, day: date) -> Version | None:
        """What was true of the unit that day."""
        for version in self._versions.get(unit, []):
            if version.covers(day):
                return version
        return None

    def line(self, unit: int, day: date) -> list[int]:
        """The unit and those above it as they were that day, from below."""
        line: list[int] = []
        current: int | None = unit
        while current is not None and current not in line:
            version = self.version(current, day)
            if version is None:
                break
            line.append(current)
            current = version.parent
        return line

    def _place(self, unit: int, day: date) -> Place:
        line = self.line(unit, day)
        if not line:
            return NOWHERE
        told = [self._heir(one) for one in line]
        chain = dict.fromkeys(one for one in reversed(told) if one is not None)
        return Place(tuple(chain), is_exact=told[0] is not None)

    def _heir(self, unit: int) -> int | None:
        """The unit of the tree that is this one, or carries it on."""
        heir = self._heirs.get(unit, unit)
        return heir if heir in self.tree else None


class FixedPlaces(Places):
    """Everything told by one day's tree alone, as if it had stood so all along: nothing that a
    reorganisation does is a movement then. Units that the tree does not hold are grafted on."""

    def __init__(self, tree: Tree, units: Iterable[int], first: date, last: date) -> None:
        super().__init__(tree, first, last)
        missing = sorted(unit for unit in units if unit not in tree)
        self.tree = graft(tree, missing) if missing else tree
        self.turns = []

    def _place(self, unit: int, day: date) -> Place:
        if unit not in self.tree:
            return NOWHERE
        return Place((*self.tree.ancestors(unit), unit), is_exact=True)
