"""The people behind a number of goal 1, in Vietnamese order, each with the reason.

A page costs the rows it shows: the list is read by index, status by status, from a cursor.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import F, Model, Q, QuerySet

from courses.text import fold
from learners.choices import REACHED, Mode, RecordState, Status
from learners.models import Person, Post, ReportingPeriod, Standing, TrainingRecord
from learners.normalise import staff_number
from learners.periods import Span
from learners.reports.batches import SIZE, id_batches
from learners.reports.counting import learning_on
from learners.reports.names import short_name, unit_names
from learners.reports.paging import Page, page_of
from learners.reports.plan import least_hours_on
from learners.reports.windows import WindowPeople
from learners.tree import Tree

Row = TypeVar("Row", bound=Model)

MANY = 3000
"""From so many people on, a list is read in name order instead of sorting a unit's rows."""


@dataclass(frozen=True)
class PersonRow:
    standing_id: int
    person_id: int
    full_name: str
    staff_number: str
    unit: str
    """The managing one, where the person is counted."""
    using_unit: str
    """Where the work is done, on the day of the count."""
    is_away: bool
    """Whether that is another one."""
    title: str
    """The position on that day."""
    status: Status
    reason: str
    day: date | None
    """When reached, or when the evidence that waits was completed."""

    @property
    def is_reached(self) -> bool:
        return self.status in REACHED


def within(
    standings: QuerySet[Standing], units: Collection[int], people: int
) -> QuerySet[Standing]:
    """The standings of some units, of which `people` are expected.

    For many people the condition is written so that no index of units fits it: reading the
    list in name order and skipping strangers then finds a page sooner than sorting it all.
    """
    if people < MANY:
        return standings.filter(organisation__in=units)
    return standings.alias(unit=F("organisation_id") + 0).filter(unit__in=units)


def matching(rows: QuerySet[Row], words: str) -> QuerySet[Row]:
    """Rows of the people whom the words name."""
    return rows.filter(person__in=named_so(words).values("pk"))


def named_so(words: str) -> QuerySet[Person]:
    """People whose name holds all the words, marks or not, in any order, or whose staff number
    this is."""
    by_name = Q()
    for word in fold(words).split():
        by_name &= Q(folded_name__contains=word)
    return Person.objects.filter(by_name | Q(staff_number=staff_number(words))).order_by()


def people_page(
    standings: QuerySet[Standing],
    statuses: Sequence[Status],
    after: Standing | None = None,
    before: Standing | None = None,
    is_narrow: bool = False,
) -> Page[Standing]:
    """One page by name. Two queries, one if the rows are few."""
    found = standings.select_related("person")
    if is_narrow or len(statuses) == 1:
        found, runs = found.filter(status__in=statuses), []
    else:
        runs = [Q(status=status) for status in statuses]
    return page_of(found, "name_key", runs=runs, after=after, before=before)


def person_rows(standings: Iterable[Standing], days: Span, tree: Tree) -> list[PersonRow]:
    """Rows ready to print: evidence of those days, posts of the last. At most four queries,
    however many standings."""
    standings = list(standings)
    people = [standing.person_id for standing in standings]
    posts = _posts(people, days.last)
    counted = {standing.organisation_id for standing in standings}
    units = unit_names(counted | {using for _title, using, _away in posts.values()}, tree)
    evidence = _evidence(people, days)
    begun = [one.person_id for one in standings if one.status == Status.LEARNING]
    learning = _open_courses(begun, days.last) if begun else {}
    rows = []
    for standing in standings:
        status = Status(standing.status)
        record = evidence.get((standing.person_id, status))
        here = standing.organisation_id
        title, using, is_away = posts.get(standing.person_id, ("", here, False))
        rows.append(
            PersonRow(
                standing_id=standing.pk,
                person_id=standing.person_id,
                full_name=standing.person.full_name,
                staff_number=standing.person.staff_number or "",
                unit=short_name(units[here]),
                using_unit=short_name(units[using]),
                is_away=is_away,
                title=title,
                status=status,
                reason=_reason(status, record, learning.get(standing.person_id, "")),
                day=standing.reached_on or (record.completed_on if record else None),
            )
        )
    return rows


def all_person_rows(
    standings: QuerySet[Standing], statuses: Sequence[Status], period: ReportingPeriod, tree: Tree
) -> Iterator[PersonRow]:
    """Every row of a list in its order, read in batches: memory does not grow with it."""
    in_order = standings.filter(status__in=statuses).order_by("name_key", "pk")
    for people in id_batches(in_order, "person_id"):
        # By person: a recount in the middle replaces the rows of all.
        found = Standing.objects.filter(period=period, person__in=people).select_related("person")
        by_person = {standing.person_id: standing for standing in found}
        batch = [by_person[person] for person in people if person in by_person]
        yield from person_rows(batch, days_of(period), tree)


def days_of(period: ReportingPeriod) -> Span:
    """The days of a year of which evidence counts so far."""
    return Span(period.starts_on, period.cut_off())


def window_person_rows(
    found: WindowPeople, people: Sequence[int], days: Span, period: ReportingPeriod, tree: Tree
) -> Iterator[PersonRow]:
    """As `all_person_rows`, of people counted for a part of a year."""
    for start in range(0, len(people), SIZE):
        batch = found.standings(period, people[start : start + SIZE])
        yield from person_rows(batch, days, tree)


def _posts(people: Collection[int], day: date) -> dict[int, tuple[str, int, bool]]:
    """By person: position, where the work is done, and whether that is another unit than the
    managing one; of the main post."""
    posts = Post.objects.on(day).filter(person__in=people)
    main_last = posts.order_by("is_main", "-valid_from", "-pk")
    said = main_last.values_list("person_id", "title", "using_unit", "managing_unit")
    return {person: (title, using, using != managing) for person, title, using, managing in said}


def _evidence(people: Collection[int], days: Span) -> dict[tuple[int, Status], TrainingRecord]:
    """For each person and status, the earliest record that gives the status."""
    records = (
        TrainingRecord.objects.filter(person__in=people, completed_on__range=days)
        .exclude(state=RecordState.APPROVED, hours__lt=least_hours_on(days.last))
        .order_by("-completed_on", "-pk")
    )
    return {(record.person_id, status_given_by(record)): record for record in records}


def status_given_by(record: TrainingRecord) -> Status:
    """What one record alone makes of a person."""
    states: dict[str, Status] = {
        RecordState.APPROVED: Status(Mode(record.mode)),
        RecordState.WAITING: Status.WAITING,
        RecordState.DECLARED: Status.DECLARED,
        RecordState.RETURNED: Status.NOTHING,
    }
    return states[record.state]


def _open_courses(people: Collection[int], day: date) -> dict[int, str]:
    """The course that each person was in the middle of that day, the one begun last."""
    enrolments = learning_on(day).filter(person__in=people).order_by("started_at", "pk")
    return dict(enrolments.values_list("person_id", "edition__title"))


def _reason(status: Status, record: TrainingRecord | None, course: str) -> str:
    if status in REACHED or status in (Status.WAITING, Status.DECLARED):
        return record.title if record else ""
    return course if status == Status.LEARNING else ""
