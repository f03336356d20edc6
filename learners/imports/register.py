"""The register to be, in memory: periods and successions, and what must hold among them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from courses.import_report import ImportRefused

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """An organisation's name, level and parent from-to."""

    where: str
    key: str
    code: str
    name: str
    level: str
    parent_code: str
    valid_from: date
    valid_to: date | None

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Line:
    """One line of succession."""

    where: str
    predecessor_code: str
    successor_code: str
    kind: str
    day: date
    note: str

    @property
    def leaves_the_register(self) -> bool:
        """The successor's name in brackets: a body that this register does not hold."""
        return self.successor_code.startswith("(")


class Register:
    """Periods by code, so that a code and a date lead to one organisation."""

    def __init__(self, periods: Iterable[Period]) -> None:
        self._by_code: dict[str, list[Period]] = defaultdict(list)
        for period in periods:
            self._by_code[period.code].append(period)
        for same_code in self._by_code.values():
            same_code.sort(key=lambda period: period.valid_from)

    def on(self, code: str, day: date) -> Period | None:
        return next((p for p in self._by_code.get(code, ()) if p.covers(day)), None)

    def parent_of(self, period: Period) -> str | None:
        """The parent's key: one organisation for the whole period, as `check` has seen to."""
        parent = self.on(period.parent_code, period.valid_from)
        return parent.key if parent else None

    def ends_of(self, line: Line) -> tuple[Period, Period | None]:
        """Who was before and who came after (None: outside). Raises ImportRefused."""
        before = self.on(line.predecessor_code, line.day - ONE_DAY)
        after = self.on(line.successor_code, line.day)
        if before is None or (after is None and not line.leaves_the_register):
            code = line.predecessor_code if before is None else line.successor_code
            raise ImportRefused(f"{line.where}: no agency {code} around {line.day}; add it first.")
        return before, after

    def check(self, lines: Iterable[Line]) -> None:
        """Raises ImportRefused with the place unless every period stands apart from its
        neighbours and below one parent for its whole life, no unit stands below itself, and
        every unit that ended has a line that says who follows."""
        for same_code in self._by_code.values():
            for period in same_code:
                if period.valid_to and period.valid_to < period.valid_from:
                    raise ImportRefused(f"{period.where}: it ends before it begins.")
            for earlier, later in pairwise(same_code):
                if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                    raise ImportRefused(
                        f"{later.where}: {later.code} is already in force on"
                        f" {later.valid_from}; end the earlier period before."
                    )
        for period in self._all():
            if period.parent_code:
                self._check_parent(period)
                self._check_line_up(period)
        self._check_ends(lines)

    def _all(self) -> Iterable[Period]:
        return (period for same_code in self._by_code.values() for period in same_code)

    def _check_parent(self, period: Period) -> None:
        first: Period | None = None
        day: date | None = period.valid_from
        while day is not None and (period.valid_to is None or day <= period.valid_to):
            parent = self.on(period.parent_code, day)
            if parent is None:
                raise ImportRefused(
                    f"{period.where}: the parent {period.parent_code} is not in force on {day};"
                    " add it or end the row before."
                )
            first = first or parent
            if parent.key != first.key:
                raise ImportRefused(
                    f"{period.where}: from {day} on, {period.parent_code} is another unit;"
                    " end the row before and add one with the new parent."
                )
            day = parent.valid_to and parent.valid_to + ONE_DAY

    def _check_line_up(self, period: Period) -> None:
        above: Period | None = period
        seen: set[str] = set()
        while above is not None:
            if above.code in seen:
                raise ImportRefused(
                    f"{period.where}: going up from {period.code} leads back to {above.code};"
                    " give one of them another parent."
                )
            seen.add(above.code)
            above = self.on(above.parent_code, period.valid_from)

    def _check_ends(self, lines: Iterable[Line]) -> None:
        last = {period.key: period for period in self._all()}  # by code in order of time
        followed = {self.ends_of(line)[0].key for line in lines}
        for period in last.values():
            if period.valid_to and period.key not in followed:
                raise ImportRefused(
                    f"{period.where}: {period.code} ended on {period.valid_to} and no succession"
                    " says who follows; add the line, or take a file that was cut off again."
                )
