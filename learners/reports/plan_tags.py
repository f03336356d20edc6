"""What training did for each task, each solution and each smart-city field of the plan.

Counted from the facts by what the classes and courses serve. Something may serve several tasks,
so the lines do not sum; the last one counts each thing once. The cost grows with the results of
the period, in a number of queries that does not.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from courses.choices import PLAN_VOCABULARIES
from courses.models import PlanTagging
from learners.models import ReportingPeriod
from learners.reading import count_each
from learners.reports.plan import the_plan
from learners.reports.results import Results

NOT_TAGGED, WHOLE = "chua-gan", "tat-ca"
"""Lines beside those of the vocabulary, as they stand in addresses."""

Codes = Mapping[int, Collection[str]]
"""By the id of a course or class: what it serves."""


@dataclass(frozen=True)
class TagRow:
    code: str
    label: str
    courses: int
    """In which somebody completed something."""
    classes: int
    lots: int
    people: int
    completed: int
    hours: Decimal
    """Of what was completed, all people together."""


@dataclass(frozen=True)
class _Class:
    id: int
    course: int | None
    serves: Collection[str]
    """By its own tags of now."""
    course_serves: Collection[str]
    lots: int
    completed: int
    hours: Decimal


@dataclass(frozen=True)
class _Course:
    id: int
    serves: Collection[str]
    """By its tags of now."""
    completed: int
    hours: Decimal


class TagReport:
    """One vocabulary over the results of some units and days."""

    def __init__(self, field: str, results: Results, as_of: datetime | None) -> None:
        """`field` is a key of PLAN_VOCABULARIES; `as_of` the moment whose tags are read, None:
        those of now."""
        self.results = results
        self._labels = dict(PLAN_VOCABULARIES[field].choices)
        self._classes = _classes(results, field)
        self._courses = _courses(results, field)
        self._served = _served(field, self._classes, self._courses, as_of)

    def members(self, code: str) -> tuple[frozenset[int], frozenset[int]]:
        """Ids of the classes and of the courses that one line counts."""
        by_class, by_course = self._served
        return (
            frozenset(one.id for one in self._classes if _fits(code, by_class[one.id])),
            frozenset(one.id for one in self._courses if _fits(code, by_course[one.id])),
        )

    def results_of(self, code: str) -> Results:
        """What stands behind one line."""
        if code == WHOLE:
            return self.results
        classes, courses = self.members(code)
        return self.results.of(classes=classes, courses=courses)

    @cached_property
    def rows(self) -> list[TagRow]:
        """Every line of the vocabulary, then what serves none, then all together. One query."""
        return self._rows_of(self.codes)

    def row(self, code: str) -> TagRow:
        """One of them. One query."""
        return self._rows_of([code])[0]

    def _rows_of(self, codes: Sequence[str]) -> list[TagRow]:
        people = count_each(*(self.results_of(code).persons() for code in codes))
        return [self._row(code, n) for code, n in zip(codes, people, strict=True)]

    def _row(self, code: str, people: int) -> TagRow:
        classes, courses = self.members(code)
        some = [one for one in self._classes if one.id in classes]
        online = [one for one in self._courses if one.id in courses]
        return TagRow(
            code=code,
            label=self.label(code),
            courses=len(online),
            classes=len(some),
            lots=sum(one.lots for one in some),
            people=people,
            completed=sum(one.completed for one in some) + sum(one.completed for one in online),
            hours=sum((one.hours for one in some), Decimal(0))
            + sum((one.hours for one in online), Decimal(0)),
        )

    def label(self, code: str) -> str:
        if code == NOT_TAGGED:
            return _("Serves none of them, by what was ticked")
        return _("Each counted once") if code == WHOLE else str(self._labels[code])

    @property
    def codes(self) -> list[str]:
        return [*self._labels, NOT_TAGGED, WHOLE]


def signed_at(period: ReportingPeriod) -> datetime | None:
    """When the province's figures of the period were signed first: from then on no tag moves what
    is reported of it. None while they are not signed."""
    return the_plan().signed_at.get(period.pk)


def _fits(code: str, serves: Collection[str]) -> bool:
    if code == NOT_TAGGED:
        return not serves
    return code == WHOLE or code in serves


def _classes(results: Results, field: str) -> list[_Class]:
    groups = results.lots.order_by().values(
        "class_group",
        long=F("class_group__hours"),
        course=F("class_group__course"),
        serves=F(f"class_group__{field}"),
        course_serves=F(f"class_group__course__{field}"),
    )
    rows = groups.annotate(lots=Count("pk"), done=Count("pk", filter=Q(completed=True)))
    return [
        _Class(
            row["class_group"],
            row["course"],
            row["serves"],
            row["course_serves"] or (),
            row["lots"],
            row["done"],
            row["done"] * row["long"],
        )
        for row in rows
    ]


def _courses(results: Results, field: str) -> list[_Course]:
    course = "enrolment__edition__course"
    online = results.online.order_by().values(course=F(course), serves=F(f"{course}__{field}"))
    rows = online.annotate(done=Count("pk"), sum=Sum("hours"))
    return [_Course(row["course"], row["serves"] or (), row["done"], row["sum"]) for row in rows]


def _served(
    field: str, classes: list[_Class], courses: list[_Course], as_of: datetime | None
) -> tuple[Codes, Codes]:
    """What each serves. A class that says nothing serves what its course serves. One query for the
    tags of a moment, none for those of now."""
    if as_of is None:
        own: Codes = {one.id: one.serves for one in classes}
        of_course = {one.course: one.course_serves for one in classes if one.course is not None}
        of_course |= {one.id: one.serves for one in courses}
    else:
        wanted = {one.id for one in courses} | {one.course for one in classes if one.course}
        own, of_course = _tagged_on({one.id for one in classes}, wanted, field, as_of)
    by_course: dict[int, Collection[str]] = defaultdict(tuple, of_course)
    by_class = {
        one.id: own.get(one.id) or (by_course[one.course] if one.course is not None else ())
        for one in classes
    }
    return by_class, by_course


def _tagged_on(
    classes: Collection[int], courses: Collection[int], field: str, moment: datetime
) -> tuple[dict[int, Collection[str]], dict[int, Collection[str]]]:
    """The last tags that each class and each course had at the moment."""
    rows = PlanTagging.objects.filter(
        Q(class_group__in=classes) | Q(course__in=courses), since__lte=moment
    )
    of_class: dict[int, Collection[str]] = {}
    of_course: dict[int, Collection[str]] = {}
    for group, course, tags in rows.order_by("pk").values_list("class_group", "course", field):
        if group is not None:
            of_class[group] = tags
        else:
            of_course[course] = tags
    return of_class, of_course
