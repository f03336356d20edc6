"""What training did for each task, each solution and each smart-city field of the plan.

Counted from the facts by what the classes and courses serve. Something may serve several tasks,
so the lines do not sum; the last one counts each thing once. The cost grows with the results of
the period, in a number of queries that does not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from courses.choices import PLAN_VOCABULARIES
from courses.models import ClassGroup, CoursePage, PlanTagging
from learners.models import ReportingPeriod, Snapshot
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
    lots: int
    completed: int
    hours: Decimal


@dataclass(frozen=True)
class _Course:
    id: int
    completed: int
    hours: Decimal


class TagReport:
    """One vocabulary over the results of some units and days."""

    def __init__(self, field: str, results: Results, as_of: datetime | None) -> None:
        """`field` is a key of PLAN_VOCABULARIES; `as_of` the moment whose tags are read, None:
        those of now."""
        self.results = results
        self._labels = dict(PLAN_VOCABULARIES[field].choices)
        self._classes = _classes(results)
        self._courses = _courses(results)
        self._served = _served(
            field, [one.id for one in self._classes], [one.id for one in self._courses], as_of
        )

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
        """Every line of the vocabulary, then what serves none, then all together."""
        return [self.row(code) for code in [*self._labels, NOT_TAGGED, WHOLE]]

    def row(self, code: str) -> TagRow:
        classes, courses = self.members(code)
        some = [one for one in self._classes if one.id in classes]
        online = [one for one in self._courses if one.id in courses]
        return TagRow(
            code=code,
            label=self.label(code),
            courses=len(online),
            classes=len(some),
            lots=sum(one.lots for one in some),
            people=self.results_of(code).count_people() if some or online else 0,
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
    is reported of it. None while they are not signed. One query."""
    signed = Snapshot.objects.of(period, None).final().order_by("number")
    return signed.values_list("signed_at", flat=True).first()


def _fits(code: str, serves: Collection[str]) -> bool:
    if code == NOT_TAGGED:
        return not serves
    return code == WHOLE or code in serves


def _classes(results: Results) -> list[_Class]:
    groups = results.lots.order_by().values("class_group", long=F("class_group__hours"))
    rows = groups.annotate(lots=Count("pk"), done=Count("pk", filter=Q(completed=True)))
    return [
        _Class(row["class_group"], row["lots"], row["done"], row["done"] * row["long"])
        for row in rows
    ]


def _courses(results: Results) -> list[_Course]:
    online = results.online.order_by().values(course=F("enrolment__edition__course"))
    rows = online.annotate(done=Count("pk"), sum=Sum("hours"))
    return [_Course(row["course"], row["done"], row["sum"]) for row in rows]


def _served(
    field: str, classes: list[int], courses: list[int], as_of: datetime | None
) -> tuple[Codes, Codes]:
    """What each serves. A class that says nothing serves what its course serves."""
    groups = ClassGroup.objects.filter(pk__in=classes).order_by()
    rows = list(groups.values_list("pk", "course_id", field))
    course_of = {group: course for group, course, _serves in rows}
    wanted = {*courses, *(course for course in course_of.values() if course is not None)}
    if as_of is None:
        own = {group: serves for group, _course, serves in rows}
        of_course = dict(
            CoursePage.objects.filter(pk__in=wanted).order_by().values_list("pk", field)
        )
    else:
        own = _tagged_on("class_group", classes, field, as_of)
        of_course = _tagged_on("course", wanted, field, as_of)
    by_course: dict[int, Collection[str]] = defaultdict(tuple, of_course)
    by_class = {
        group: own.get(group) or (by_course[course] if course is not None else ())
        for group, course in course_of.items()
    }
    return by_class, by_course


def _tagged_on(
    what: str, ids: Iterable[int], field: str, moment: datetime
) -> dict[int, Collection[str]]:
    """The last tags that each had at the moment."""
    rows = PlanTagging.objects.filter(**{f"{what}__in": list(ids)}, since__lte=moment)
    return dict(rows.order_by("pk").values_list(f"{what}_id", field))
