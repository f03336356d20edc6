"""Headcount movement: opening + joined − left + came − went = closing, of a unit and its parts.

Everybody counts once, at the counted main post of the day, as in the report of goal 1: the closing
figure is its headcount. What is told are all movements, not the difference of two days: who was
transferred out and back went once and came once.

Cost grows with the people whose posts began or ended in those days, not with all who are there.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Case, Count, Q, QuerySet, Value, When

from learners.choices import EndReason
from learners.models import Post, Succession
from learners.reports.places import ONE_DAY, Place, Places


class Line(StrEnum):
    """The figures of a movement, as they stand in addresses."""

    OPENING = "dau-ky"
    JOINED = "vao"
    LEFT = "ra"
    CAME = "chuyen-den"
    WENT = "chuyen-di"
    CLOSING = "cuoi-ky"


class Reason(StrEnum):
    """Why somebody joined, left or was transferred, beside the reasons of EndReason."""

    NEW = "new"
    RETURNED = "returned"
    NOW_COUNTED = "now_counted"
    NOT_COUNTED = "not_counted"
    REORGANISED = "reorganised"
    UNKNOWN = "unknown"


class RowKey(NamedTuple):
    """One line of the table of a unit."""

    kind: str
    """child, own or elsewhere."""
    unit: int


ELSEWHERE = RowKey("elsewhere", 0)
"""People of units that ended without an heir, or no longer stand below this one."""


class Stay(NamedTuple):
    """A post, as far as it decides where somebody counts."""

    person: int
    name_key: str
    post: int
    unit: int
    staff_kind: str
    is_main: bool
    first: date
    last: date | None
    end_reason: str

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or self.last >= day)


STAY = (
    "person_id",
    "person__name_key",
    "pk",
    "managing_unit_id",
    "staff_kind",
    "is_main",
    "valid_from",
    "valid_to",
    "end_reason",
)

SEVERAL = ("person_id", "second", "valid_from", "pk", "managing_unit_id")
"""So sorted, the post at which somebody counts comes first."""


class Step(NamedTuple):
    """Somebody counts otherwise than on the day before, as seen from one unit."""

    day: date
    before: Stay | None
    """None: was not counted on the day before."""
    after: Stay | None
    was_in: RowKey | None
    """None: not counted, or not in this unit."""
    is_in: RowKey | None
    reason: str


class Bulk(NamedTuple):
    """A unit was put below another parent, with everybody who was there before and after."""

    day: date
    unit: int
    people: int
    was_in: RowKey | None
    is_in: RowKey | None


@dataclass
class Figures:
    of: Counter[Line] = field(default_factory=Counter)

    @property
    def balances(self) -> bool:
        of = self.of
        grown = of[Line.JOINED] - of[Line.LEFT] + of[Line.CAME] - of[Line.WENT]
        return of[Line.OPENING] + grown == of[Line.CLOSING]

    @property
    def is_empty(self) -> bool:
        return not any(self.of.values())


@dataclass(frozen=True)
class Asked:
    """Whose movement, of which days, counting whom."""

    places: Places
    unit: int | None
    """None: everybody there is."""
    first: date
    last: date
    staff_kinds: Sequence[str]
    _rows: dict[Place, RowKey | None] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def eve_of(first: date) -> date:
        """The day on whose evening the opening figure stands."""
        return first - ONE_DAY

    @property
    def eve(self) -> date:
        return self.eve_of(self.first)

    @cached_property
    def units(self) -> Collection[int] | None:
        """Units that lay in this one on some day; None: all, those of no tree too."""
        if self.unit is None:
            return None
        days = [self.eve, *self.places.turns]
        return frozenset(
            unit
            for unit in {*self.places.units(), *self.places.tree.nodes}
            if any(self.unit in self.places.of(unit, day).chain for day in days)
        )

    def row_of(self, place: Place) -> RowKey | None:
        """The line of the unit's table in which somebody stands there; None: not in the unit."""
        if place not in self._rows:
            self._rows[place] = self._row_of(place)
        return self._rows[place]

    def _row_of(self, place: Place) -> RowKey | None:
        tree = self.places.tree
        if self.unit is None:
            roots = frozenset(tree.roots())
            top = next((one for one in place.chain if one in roots), None)
            if top is None:
                return ELSEWHERE
        elif self.unit not in place.chain:
            return None
        else:
            top = self.unit
        children = frozenset(tree.children(top))
        below = place.chain[place.chain.index(top) + 1 :]
        for one in below:
            if one in children:
                return RowKey("child", one)
        return RowKey("own", top) if place.is_exact and not below else ELSEWHERE

    def row_on(self, unit: int, day: date) -> RowKey | None:
        return self.row_of(self.places.of(unit, day))

    # -------------------------------------------------------------- rows of the register

    def counted(self, day: date) -> QuerySet[Post]:
        """Counted posts of one day in the units asked for; second posts too."""
        posts = Post.objects.on(day).filter(staff_kind__in=self.staff_kinds)
        return posts if self.units is None else posts.filter(managing_unit__in=self.units)

    def second_posts(self, day: date) -> list[tuple[int, int]]:
        """Id and unit of the posts, in any unit, of people who count at another."""
        return self._on_both_days[1][day]

    def by_unit(self, day: date) -> Counter[int]:
        """People who count in each unit on the eve or on the last day."""
        return self._on_both_days[0][day]

    @cached_property
    def _on_both_days(self) -> tuple[dict[date, Counter[int]], dict[date, list[tuple[int, int]]]]:
        """By day: people by unit, and the posts at which they do not count. Two queries."""
        days = (self.eve, self.last)
        people: dict[date, Counter[int]] = {day: Counter() for day in days}
        counts = _together([self._unit_counts(day) for day in days], "managing_unit", "n")
        for place, unit, n in counts:
            people[days[place]][unit] += n
        second: dict[date, list[tuple[int, int]]] = {day: [] for day in days}
        several = _together([self._several(day) for day in days], *SEVERAL)
        rows = sorted(several)
        for (place, _person), theirs in groupby(rows, itemgetter(0, 1)):
            second[days[place]] += [(pk, unit) for *_order, pk, unit in list(theirs)[1:]]
        for day in days:
            for _post, unit in second[day]:
                if unit in people[day]:
                    people[day][unit] -= 1
        return people, second

    def _unit_counts(self, day: date) -> QuerySet:
        posts = self.counted(day).order_by().values("managing_unit")
        return posts.annotate(n=Count("pk"))

    def _several(self, day: date) -> QuerySet:
        """The counted posts of people who hold more than one."""
        counted = Post.objects.on(day).filter(staff_kind__in=self.staff_kinds).order_by()
        several = counted
        if self.units is not None:
            several = counted.filter(person__in=self.counted(day).order_by().values("person"))
        several = several.values("person").annotate(n=Count("pk")).filter(n__gt=1)
        posts = counted.filter(person__in=several.values("person"))
        second = Case(When(is_main=True, then=0), default=1)
        return posts.annotate(second=second)

    def moved(self) -> Iterator[tuple[int, list[Stay]]]:
        """Everybody of whom a counted post began or ended in those days, with all posts, by id.
        One query."""
        began = Q(valid_from__range=(self.first, self.last))
        ended = Q(valid_to__range=(self.eve, self.last - ONE_DAY))
        posts = Post.objects.filter(began | ended, staff_kind__in=self.staff_kinds)
        people = posts
        if self.units is not None:
            days = Q(valid_to__isnull=True) | Q(valid_to__gte=self.eve)
            here = Post.objects.filter(days, valid_from__lte=self.last)
            here = here.filter(managing_unit__in=self.units, staff_kind__in=self.staff_kinds)
            people = posts.filter(person__in=here.values("person"))
        rows = Post.objects.filter(person__in=people.order_by().values("person"))
        stays = (Stay(*row) for row in rows.order_by("person_id").values_list(*STAY).iterator())
        for person, theirs in groupby(stays, lambda stay: stay.person):
            yield person, list(theirs)


@dataclass(frozen=True)
class Movement:
    asked: Asked
    whole: Figures
    rows: dict[RowKey, Figures]
    """In the order of the tree; lines without anybody are left out."""
    reasons: dict[Line, Counter[str]]
    """Of the unit as a whole."""
    steps: list[Step]
    bulks: list[Bulk]
    touched: frozenset[int]
    """People whose steps are told one by one."""

    @property
    def inside(self) -> int:
        """Transfers between lines of the table: they cancel in the unit itself."""
        came = sum(figures.of[Line.CAME] for figures in self.rows.values())
        return came - self.whole.of[Line.CAME]

    @property
    def adds_up(self) -> bool:
        """Whether every line balances, and the lines together are the unit."""
        total: Counter[Line] = Counter()
        for figures in self.rows.values():
            total.update(figures.of)
        for line in (Line.CAME, Line.WENT):
            total[line] -= self.inside
        balanced = all(one.balances for one in (self.whole, *self.rows.values()))
        return balanced and all(total[line] == self.whole.of[line] for line in Line)


def movement_of(asked: Asked) -> Movement:
    """Count it all. Four queries, whatever the number of people and units."""
    opening, closing = asked.by_unit(asked.eve), asked.by_unit(asked.last)
    followers = _followers(asked)
    steps: list[Step] = []
    touched: dict[int, int | None] = {}
    for person, stays in asked.moved():
        first = _stay_on(asked, stays, asked.eve)
        touched[person] = first.unit if first else None
        steps += _steps(asked, stays, first, followers)
    at_rest = opening - Counter(unit for unit in touched.values() if unit is not None)
    bulks = list(_bulks(asked, at_rest))
    whole, rows, reasons = Figures(), defaultdict[RowKey, Figures](Figures), _Reasons()
    for people, day, line in (
        (opening, asked.eve, Line.OPENING),
        (closing, asked.last, Line.CLOSING),
    ):
        for unit, n in people.items():
            row = asked.row_on(unit, day)
            if row is not None:
                whole.of[line] += n
                rows[row].of[line] += n
    for step in steps:
        _add(step, 1, step.reason, whole, rows, reasons)
    for bulk in bulks:
        _add(bulk, bulk.people, Reason.REORGANISED, whole, rows, reasons)
    shown = {key: rows[key] for key in _in_order(asked, rows) if not rows[key].is_empty}
    return Movement(asked, whole, shown, reasons, steps, bulks, frozenset(touched))


def _together(parts: Sequence[QuerySet], *columns: str) -> QuerySet:
    """The rows of all parts in one query, each after the place of its part."""
    first, *others = [
        rows.annotate(place=Value(place)).values_list("place", *columns)
        for place, rows in enumerate(parts)
    ]
    return first.union(*others, all=True)


class _Reasons(defaultdict[Line, Counter[str]]):
    def __init__(self) -> None:
        super().__init__(Counter)


def line_of(change: Step | Bulk, row: RowKey | None) -> Line | None:
    """On which line of a row (None: of the whole unit) a change stands; None: on none."""
    was, now = change.was_in, change.is_in
    was_in, is_in = (was == row, now == row) if row else (was is not None, now is not None)
    if was_in == is_in:
        return None
    if is_in:
        is_new = isinstance(change, Step) and change.before is None
        return Line.JOINED if is_new else Line.CAME
    has_left = isinstance(change, Step) and change.after is None
    return Line.LEFT if has_left else Line.WENT


def _add(
    change: Step | Bulk,
    people: int,
    reason: str,
    whole: Figures,
    rows: dict[RowKey, Figures],
    reasons: dict[Line, Counter[str]],
) -> None:
    for row in {change.was_in, change.is_in} - {None}:
        line = line_of(change, row)
        if row is not None and line is not None:
            rows[row].of[line] += people
    if line := line_of(change, None):
        whole.of[line] += people
        reasons[line][reason] += people


def _in_order(asked: Asked, rows: Collection[RowKey]) -> list[RowKey]:
    tree = asked.places.tree
    tops = tree.roots() if asked.unit is None else [asked.unit]
    order = [
        key
        for top in tops
        for key in (RowKey("own", top), *(RowKey("child", one) for one in tree.children(top)))
    ]
    return [key for key in [*order, ELSEWHERE] if key in rows]


# ------------------------------------------------------------------ one person


def _stay_on(asked: Asked, stays: Sequence[Stay], day: date) -> Stay | None:
    """Where somebody counts that day: the first of the counted posts, the main one before."""
    found = [stay for stay in stays if stay.staff_kind in asked.staff_kinds and stay.covers(day)]
    return min(found, key=lambda stay: (not stay.is_main, stay.first, stay.post), default=None)


def _steps(
    asked: Asked, stays: Sequence[Stay], before: Stay | None, followers: "_Followers"
) -> Iterator[Step]:
    """What changed for one person in those days, from day to day."""
    days = {stay.first for stay in stays}
    days |= {stay.last + ONE_DAY for stay in stays if stay.last}
    days |= set(asked.places.turns)
    for day in sorted(day for day in days if asked.first <= day <= asked.last):
        after = _stay_on(asked, stays, day)
        was_in = asked.row_on(before.unit, day - ONE_DAY) if before else None
        is_in = asked.row_on(after.unit, day) if after else None
        if was_in != is_in:
            reason = _reason(asked, stays, day, before, after, followers)
            yield Step(day, before, after, was_in, is_in, reason)
        before = after


def _reason(
    asked: Asked,
    stays: Sequence[Stay],
    day: date,
    before: Stay | None,
    after: Stay | None,
    followers: "_Followers",
) -> str:
    uncounted = [stay for stay in stays if stay.staff_kind not in asked.staff_kinds]
    if before is None:
        if any(stay.covers(day - ONE_DAY) for stay in uncounted):
            return Reason.NOW_COUNTED
        return Reason.RETURNED if any(stay.first < day for stay in stays) else Reason.NEW
    if after is None:
        if any(stay.covers(day) for stay in uncounted):
            return Reason.NOT_COUNTED
        return before.end_reason or Reason.UNKNOWN
    if before.unit == after.unit or (before.unit, after.unit, day) in followers:
        return Reason.REORGANISED
    said = before.end_reason if before.last == day - ONE_DAY else ""
    return said or EndReason.TRANSFER.value


# ------------------------------------------------------------------ units

_Followers = frozenset[tuple[int, int, date]]


def _followers(asked: Asked) -> _Followers:
    """Who followed whom on which of the days. One query."""
    lines = Succession.objects.filter(
        effective_from__range=(asked.first, asked.last), successor__isnull=False
    )
    return frozenset(lines.values_list("predecessor_id", "successor_id", "effective_from"))


def _bulks(asked: Asked, at_rest: Counter[int]) -> Iterator[Bulk]:
    """Units that stand elsewhere from a day on, with the people whose posts did not change."""
    for day in asked.places.turns:
        for unit, people in at_rest.items():
            if people <= 0:
                continue
            was, now = asked.places.of(unit, day - ONE_DAY), asked.places.of(unit, day)
            if was is now or was == now:
                continue
            was_in, is_in = asked.row_of(was), asked.row_of(now)
            if was_in != is_in:
                yield Bulk(day, unit, people, was_in, is_in)
