"""Which courses, units and people a table of completion is about, chosen by the address."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from courses.models import CoursePage
from courses.text import nfc
from learners.choices import StaffKind
from learners.models import Assignment, Post
from learners.permissions import SEE_REPORTS
from learners.reports.course_matrix import (
    ALL,
    ENROLLED,
    GIVEN,
    Cell,
    CourseColumn,
    MatrixRow,
    Measure,
    columns_for,
    matrix_rows,
    rules_in_force,
    staff_posts,
    totals,
)
from learners.reports.people import matching
from learners.views.frame import PARAMETERS, Frame, frame_of
from learners.views.wording import state_labels

MOST_COURSES = 12
"""Columns of one table: more cannot be looked at."""


@dataclass(frozen=True)
class Matrix:
    """What the address asks for."""

    frame: Frame
    of: str
    staff_kind: str
    courses: list[CoursePage]
    choices: list[CoursePage]
    """What may be a column, by title."""
    is_chosen: bool
    """Whether the address names the courses."""

    @cached_property
    def columns(self) -> list[CourseColumn]:
        rules: QuerySet[Assignment] = rules_in_force(self.measure.last)
        if self.of != GIVEN:
            rules = rules.none()
        return columns_for(self.courses, rules.filter(course__in=self.courses), self.measure)

    @property
    def measure(self) -> Measure:
        frame = self.frame
        return Measure(self.of, frame.period.starts_on, frame.period.cut_off(), frame.tree)

    @property
    def posts(self) -> QuerySet[Post]:
        return staff_posts(self.measure.last, units=self.frame.units, staff_kind=self.staff_kind)

    @cached_property
    def rows(self) -> list[MatrixRow]:
        return matrix_rows(self.posts, self.columns, self.frame.tree, self.frame.unit)

    @property
    def total(self) -> list[Cell]:
        return totals(self.rows, self.columns)

    def query(self, **changes: object) -> str:
        """The address parameters of this view with changes; those of the frame by name."""
        own = {
            "khoa": [str(course.pk) for course in self.courses] if self.is_chosen else [],
            "tinh-tren": self.of,
            "loai": self.staff_kind,
        }
        frame = {name: changes.pop(name) for name in ("unit", "part", "year") if name in changes}
        more = {**own, **changes}
        kept = {name: value for name, value in more.items() if value not in (None, "", [])}
        return "&".join(part for part in (self.frame.query(**frame), encoded(kept)) if part)

    @property
    def filters(self) -> str:
        """In words, for the source line of a sheet."""
        words = [of_labels()[self.of]]
        if self.staff_kind:
            words.append(str(StaffKind(self.staff_kind).label))
        return ", ".join(words)


def encoded(values: dict[str, Any]) -> str:
    return urlencode(values, doseq=True)


def of_labels() -> dict[str, str]:
    """By their names in addresses."""
    return {
        GIVEN: _("Those to whom the course was given"),
        ALL: _("All staff"),
        ENROLLED: _("Those who enrolled"),
    }


def matrix_of(request: HttpRequest, right: str = SEE_REPORTS) -> Matrix:
    """The table that the address names. 404 for a course, kind or measure that does not exist.

    Without courses: those that were given to people of the unit, or where none was, the first of
    the catalogue.
    """
    frame = frame_of(request, right)
    kind = request.GET.get("loai", "")
    if kind not in ("", *StaffKind.values):
        raise Http404
    given = _given(frame)
    of = request.GET.get("tinh-tren") or (GIVEN if given else ALL)
    if of not in of_labels():
        raise Http404
    choices = _choices(given)
    by_pk = {str(course.pk): course for course in choices}
    asked = list(dict.fromkeys(pk for pk in request.GET.getlist("khoa") if pk))
    if any(pk not in by_pk for pk in asked):
        raise Http404
    if asked:
        courses = [by_pk[pk] for pk in asked[:MOST_COURSES]]
    else:
        wanted = given if of == GIVEN else set()
        courses = [one for one in choices if one.pk in wanted or not wanted][:MOST_COURSES]
    return Matrix(frame, of, kind, courses, choices, bool(asked))


def _given(frame: Frame) -> set[int]:
    """Courses of rules that name people of the frame's unit: of itself, below or above it."""
    rules = rules_in_force(frame.period.cut_off())
    if frame.unit is not None and frame.units is not None:
        line = [*frame.tree.ancestors(frame.unit), *frame.units]
        rules = rules.filter(Q(unit__in=line) | Q(unit__isnull=True))
    return set(rules.values_list("course_id", flat=True))


def _choices(given: set[int]) -> list[CoursePage]:
    """Courses that are published or were given, by title."""
    found = CoursePage.objects.filter(Q(live=True) | Q(pk__in=given))
    return list(found.defer_streamfields().order_by("folded_title", "pk"))


@dataclass(frozen=True)
class MatrixPeople:
    """The people of a table, or of one course of it by how far they are."""

    matrix: Matrix
    one: CourseColumn | None
    state: str
    words: str

    @property
    def posts(self) -> QuerySet[Post]:
        posts = self.matrix.posts
        if self.one is not None:
            posts = self.one.in_state(posts, self.state)
        if self.words:
            posts = matching(posts, self.words)
        return posts.order_by("person__name_key", "person")

    @cached_property
    def count(self) -> int:
        return self.posts.count()

    @property
    def label(self) -> str:
        return state_labels()[self.state] if self.state else of_labels()[self.matrix.of]

    def query(self, **changes: object) -> str:
        own = {
            "mot": self.one.course.pk if self.one else "",
            "tien-do": self.state,
            "q": self.words,
        }
        return self.matrix.query(**{**own, **changes})


def matrix_people(request: HttpRequest, right: str = SEE_REPORTS) -> MatrixPeople:
    """The people that the address names. 404 for a state, or a course that is no column."""
    matrix = matrix_of(request, right)
    asked, state = request.GET.get("mot", ""), request.GET.get("tien-do", "")
    found = {str(column.course.pk): column for column in matrix.columns}
    if state not in state_labels() or (asked and asked not in found) or (state and not asked):
        raise Http404
    return MatrixPeople(
        matrix, found.get(asked), state, nfc(request.GET.get(PARAMETERS["search"], ""))
    )
