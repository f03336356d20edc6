"""Completion by unit and course: how many of whom have completed what.

Of whom: all staff, those to whom the course was given, or those who enrolled. Counted from posts
and enrolments; one query for the whole table, however many units, and one for a page of people.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from courses.models import CoursePage
from learners.models import Assignment, Enrolment, Post
from learners.querysets import Enrolments
from learners.reports.assignments import DONE, LEARNING, LEFT, NOT_BEGUN
from learners.reports.completion import percent
from learners.reports.names import short_name
from learners.tree import Tree

ALL, GIVEN, ENROLLED = "tat-ca", "duoc-giao", "ghi-danh"
"""Of whom the shares are taken, as it stands in addresses."""

NOT_ASKED = "khong-giao"
"""How far somebody is whom a column does not count; beside those of `reports.assignments`."""


@dataclass(frozen=True)
class Measure:
    """What a table counts, whatever the course."""

    of: str
    first: date
    last: date
    """Completions on these days count, both included; those of a given course from the day that
    its rule names."""
    tree: Tree


@dataclass(frozen=True)
class CourseColumn:
    """One course, and of whom and when its completions count."""

    course: CoursePage
    rules: tuple[Assignment, ...]
    """By which it was given on the last day."""
    measure: Measure

    def population(self) -> Q:
        """Posts of those whom the column counts."""
        if self.measure.of == GIVEN:
            return _any(self._names(rule) for rule in self.rules)
        if self.measure.of == ENROLLED:
            begun = self._enrolments().filter(started_at__lt=_after(self.measure.last))
            running = Q(completed_at__isnull=True)
            late = Q(completed_at__gte=_start(self.measure.first))
            return _holders(begun.filter(running | late))
        return _everybody()

    def done(self) -> Q:
        """Posts of those who have completed it, by each rule that names them."""
        if self.measure.of != GIVEN:
            return _holders(self._completed(self.measure.first))
        done = _everybody()
        for rule in self.rules:
            done &= ~self._names(rule) | _holders(self._completed(rule.counts_from))
        return done

    def in_state(self, posts: QuerySet[Post], state: str) -> QuerySet[Post]:
        """Those counted posts whose holders are that far; all for an empty state."""
        posts = posts.filter(self.population())
        learning = _holders(self._enrolments().open())
        if state == DONE:
            return posts.filter(self.done())
        if state == LEFT:
            return posts.exclude(self.done())
        if state == LEARNING:
            return posts.filter(learning).exclude(self.done())
        return posts.exclude(self.done()).exclude(learning) if state == NOT_BEGUN else posts

    def mark(self, post: Post, enrolments: Sequence[Enrolment]) -> "Mark":
        """How far the holder is, from all his enrolments in the course; as the states decide."""
        rules = [rule for rule in self.rules if self._is_named(rule, post)]
        if self.measure.of == GIVEN and not rules:
            return Mark(NOT_ASKED, None)
        if self.measure.of == ENROLLED and not any(map(self._is_enrolled, enrolments)):
            return Mark(NOT_ASKED, None)
        starts = [rule.counts_from for rule in rules] if self.measure.of == GIVEN else []
        since = max((day for day in starts if day), default=date.min)
        since = since if self.measure.of == GIVEN else self.measure.first
        days = [
            day
            for one in enrolments
            if one.completed_at is not None
            and since <= (day := timezone.localdate(one.completed_at)) <= self.measure.last
        ]
        if days:
            return Mark(DONE, min(days))
        is_open = any(one.completed_at is None for one in enrolments)
        return Mark(LEARNING if is_open else NOT_BEGUN, None)

    @property
    def due_on(self) -> date | None:
        """The next day by which it is to be completed; None when no rule names one to come."""
        days = [rule.due_on for rule in self.rules if rule.due_on >= self.measure.last]
        return min(days, default=None)

    def _is_enrolled(self, one: Enrolment) -> bool:
        begun = timezone.localdate(one.started_at) <= self.measure.last
        return begun and (
            one.completed_at is None or timezone.localdate(one.completed_at) >= self.measure.first
        )

    def _enrolments(self) -> Enrolments:
        found: Enrolments = Enrolment.objects.filter(edition__course=self.course.pk)
        return found

    def _completed(self, first: date | None) -> QuerySet[Enrolment]:
        found = self._enrolments().completed().filter(completed_at__lt=_after(self.measure.last))
        return found.filter(completed_at__gte=_start(first)) if first else found

    def _names(self, rule: Assignment) -> Q:
        named = _everybody()
        if rule.staff_kind:
            named &= Q(staff_kind=rule.staff_kind)
        if rule.position:
            named &= Q(title=rule.position)
        if rule.unit_id is not None:
            named &= Q(managing_unit__in=self._units(rule.unit_id))
        return named

    def _is_named(self, rule: Assignment, post: Post) -> bool:
        return (
            rule.staff_kind in ("", post.staff_kind)
            and rule.position in ("", post.title)
            and (rule.unit_id is None or post.managing_unit_id in self._units(rule.unit_id))
        )

    def _units(self, unit: int) -> list[int]:
        tree = self.measure.tree
        return tree.subtree_ids(unit) if unit in tree else []


def columns_for(
    courses: Iterable[CoursePage], rules: Iterable[Assignment], measure: Measure
) -> list[CourseColumn]:
    of_course = defaultdict(list)
    for rule in rules:
        of_course[rule.course_id].append(rule)
    return [CourseColumn(course, tuple(of_course[course.pk]), measure) for course in courses]


def rules_in_force(day: date) -> QuerySet[Assignment]:
    """Rules that stood at the end of that day."""
    end = _after(day)
    return Assignment.objects.filter(given_at__lt=end).filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=end)
    )


# ------------------------------------------------------------------ the table of units


@dataclass(frozen=True)
class Cell:
    of: int
    done: int

    @property
    def left(self) -> int:
        return self.of - self.done

    @property
    def percent(self) -> Decimal | None:
        """Rounded down: 100 means everybody."""
        return percent(self.done, self.of)


@dataclass(frozen=True)
class MatrixRow:
    unit_id: int | None
    """None: people of units that the tree of the day no longer holds."""
    name: str
    is_own: bool
    """The people of the unit itself, without those below it."""
    cells: list[Cell]


def staff_posts(
    day: date, *, units: Collection[int] | None, staff_kind: str = ""
) -> QuerySet[Post]:
    """Main posts of that day: one for each person."""
    posts = Post.objects.on(day).filter(is_main=True)
    if staff_kind:
        posts = posts.filter(staff_kind=staff_kind)
    return posts if units is None else posts.filter(managing_unit__in=units)


def matrix_rows(
    posts: QuerySet[Post], columns: Sequence[CourseColumn], tree: Tree, unit: int | None
) -> list[MatrixRow]:
    """The units right below one (None: the roots' children) with somebody whom a column counts,
    in the order of the tree. One query; the sums of the rows are the figures of the unit."""
    by_unit = _counted(posts, columns)
    rows = []
    for parent in [unit] if unit is not None else tree.roots():
        rows.append(_row(parent, tree, [parent], by_unit, columns, is_own=True))
        rows += [
            _row(child, tree, tree.subtree_ids(child), by_unit, columns)
            for child in tree.children(parent)
        ]
    lost = [one for one in by_unit if one not in tree]
    if unit is None:
        rows.append(MatrixRow(None, "", False, _sum(by_unit, lost, columns)))
    return [row for row in rows if any(cell.of for cell in row.cells)]


def totals(rows: Iterable[MatrixRow], columns: Sequence[CourseColumn]) -> list[Cell]:
    found = list(rows)
    return [
        Cell(sum(row.cells[n].of for row in found), sum(row.cells[n].done for row in found))
        for n, _column in enumerate(columns)
    ]


def _counted(
    posts: QuerySet[Post], columns: Sequence[CourseColumn]
) -> dict[int, list[tuple[int, int]]]:
    counts: dict[str, Any] = {}
    for n, column in enumerate(columns):
        population = column.population()
        counts[f"of_{n}"] = Count("person", distinct=True, filter=population)
        counts[f"done_{n}"] = Count("person", distinct=True, filter=population & column.done())
    rows: Any = posts.order_by().values("managing_unit").annotate(**counts)
    return {
        row["managing_unit"]: [
            (row[f"of_{n}"], row[f"done_{n}"]) for n, _column in enumerate(columns)
        ]
        for row in rows
    }


def _row(
    unit: int,
    tree: Tree,
    members: Collection[int],
    by_unit: dict[int, list[tuple[int, int]]],
    columns: Sequence[CourseColumn],
    *,
    is_own: bool = False,
) -> MatrixRow:
    cells = _sum(by_unit, members, columns)
    return MatrixRow(unit, short_name(tree.name(unit)), is_own, cells)


def _sum(
    by_unit: dict[int, list[tuple[int, int]]],
    units: Iterable[int],
    columns: Sequence[CourseColumn],
) -> list[Cell]:
    found = [by_unit[unit] for unit in units if unit in by_unit]
    return [
        Cell(sum(one[n][0] for one in found), sum(one[n][1] for one in found))
        for n, _column in enumerate(columns)
    ]


# ------------------------------------------------------------------ people


@dataclass(frozen=True)
class Mark:
    state: str
    """DONE, LEARNING, NOT_BEGUN or NOT_ASKED."""
    day: date | None
    """When it was completed."""


def marks_of(posts: Sequence[Post], columns: Sequence[CourseColumn]) -> list[list[Mark]]:
    """For each post the marks of its holder, in the order of the columns. One query."""
    found: dict[tuple[int, int], list[Enrolment]] = defaultdict(list)
    enrolments = Enrolment.objects.filter(
        person__in=[post.person_id for post in posts],
        edition__course__in=[column.course.pk for column in columns],
    ).select_related("edition")
    for one in enrolments:
        found[one.person_id, one.edition.course_id].append(one)
    return [
        [column.mark(post, found[post.person_id, column.course.pk]) for column in columns]
        for post in posts
    ]


def _holders(enrolments: QuerySet[Enrolment]) -> Q:
    return Q(person__in=enrolments.order_by().values("person"))


def _everybody() -> Q:
    return Q(pk__isnull=False)


def _any(parts: Iterable[Q]) -> Q:
    found = Q(pk__isnull=True)
    for part in parts:
        found |= part
    return found


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _after(day: date) -> datetime:
    """The first moment that is no longer that day."""
    return _start(day + timedelta(days=1))
