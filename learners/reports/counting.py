"""Where people stand: one function decides for one person and for seventy thousand.

What a count depends on beside the facts is in a `Basis`, so that a closed year is counted
today exactly as it was counted then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.timezone import make_aware

from courses.fast_rows import among
from learners.choices import COUNTED_STAFF, REACHED, IndicatorCode, RecordState, Status, age_band
from learners.models import Enrolment, Post, ReportingPeriod, TrainingRecord
from learners.reports.plan import rules_on, targets_in


@dataclass(frozen=True, slots=True)
class Basis:
    """The days counted, whom, and from which length of training on."""

    starts_on: date
    cut_off: date
    staff_kinds: tuple[str, ...]
    minimum_hours: Decimal
    year: int
    """The year counted: ages are those reached in it."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Where one person of the denominator stands, by the rule in force."""

    organisation_id: int
    status: str
    reached_on: date | None
    name_key: str
    age_band: str = ""


def basis_of(period: ReportingPeriod) -> Basis:
    """The year's own definition of the denominator, and its rule of the cut-off day."""
    return basis_for(period.year, period.starts_on, period.cut_off())


def basis_for(year: int, starts_on: date, cut_off: date) -> Basis:
    """As `basis_of`, for part of a year or for days of another calendar. Two queries."""
    kinds = staff_kinds_of(year)
    rule = rules_on(cut_off).get(IndicatorCode.STAFF_TRAINED)
    return Basis(starts_on, cut_off, kinds, rule.minimum_hours if rule else Decimal(0), year)


def staff_kinds_of(year: int) -> tuple[str, ...]:
    """Whom the year's own definition of the denominator counts. One query."""
    target = targets_in(year).get(IndicatorCode.STAFF_TRAINED)
    return target.denominator.staff_kinds() if target and target.denominator else COUNTED_STAFF


People = Collection[int] | QuerySet
"""Ids, or a query that gives them in one column. A range of ids is read by index."""


def of_people(people: People) -> Q:
    """Rows that are theirs, by `person`."""
    if isinstance(people, range):
        return Q(person__gte=people.start, person__lt=people.stop)
    return Q(person__in=people if isinstance(people, QuerySet) else among(people))


def assess(basis: Basis, people: People | None = None) -> dict[int, Assessment]:
    """Every person of the denominator (or those among `people`) with their standing.

    Counts a person once, at the main post in force on the cut-off day. Somebody without
    a counted post on that day is absent: leavers drop out of both sides of the percentage.
    """
    status, reached_on = _evidence(basis, people)
    return _at_their_posts(basis, people, status, reached_on)


def assess_new(basis: Basis, people: Collection[int]) -> dict[int, Assessment]:
    """As `assess`, of people who were entered in this very transaction: there is nothing yet
    that they have done, and nothing is looked for. One query."""
    return _at_their_posts(basis, people, {}, {})


def _evidence(basis: Basis, people: People | None) -> tuple[dict[int, str], dict[int, date]]:
    """What people have done, and the day on which they were first reached."""
    records = TrainingRecord.objects.filter(
        completed_on__range=(basis.starts_on, basis.cut_off)
    ).exclude(state=RecordState.RETURNED)
    open_courses = learning_on(basis.cut_off)
    if people is not None:
        records = records.filter(of_people(people))
        open_courses = open_courses.filter(of_people(people))

    status: dict[int, str] = dict.fromkeys(
        open_courses.values_list("person_id", flat=True).iterator(), Status.LEARNING
    )
    reached_on: dict[int, date] = {}
    rows = records.values_list("person_id", "mode", "state", "completed_on", "hours")
    for person_id, mode, state, completed_on, hours in rows.iterator():
        found = _status_of(mode, state)
        if found in REACHED:
            if hours < basis.minimum_hours:
                continue
            first = reached_on.get(person_id, completed_on)
            reached_on[person_id] = min(first, completed_on)
        if _RANK[found] < _RANK[status.get(person_id, Status.NOTHING)]:
            status[person_id] = found
    return status, reached_on


def _at_their_posts(
    basis: Basis,
    people: People | None,
    status: Mapping[int, str],
    reached_on: Mapping[int, date],
) -> dict[int, Assessment]:
    posts = main_posts(basis, basis.cut_off)
    if people is not None:
        posts = posts.filter(of_people(people))
    assessments: dict[int, Assessment] = {}
    for person_id, organisation_id, name_key, born in posts.values_list(
        "person_id", "managing_unit_id", "person__name_key", "person__birth_date"
    ).iterator():
        if person_id not in assessments:
            assessments[person_id] = Assessment(
                organisation_id,
                str(status.get(person_id, Status.NOTHING)),
                reached_on.get(person_id),
                name_key,
                age_band(basis.year - born.year if born else None).value,
            )
    return assessments


def main_posts(basis: Basis, day: date) -> QuerySet[Post]:
    """The counted posts of one day; a person's first row is where he or she counts."""
    posts = Post.objects.on(day).filter(staff_kind__in=basis.staff_kinds)
    return posts.order_by("person_id", "-is_main", "valid_from", "pk")


def learning_on(day: date) -> QuerySet[Enrolment]:
    """Courses begun by the end of that day and not yet finished then."""
    night = make_aware(datetime.combine(day + timedelta(days=1), time()))
    still_open = Q(completed_at__isnull=True) | Q(completed_at__gte=night)
    return Enrolment.objects.filter(still_open, started_at__lt=night)


_RANK: dict[str, int] = {status: rank for rank, status in enumerate(Status)}


def _status_of(mode: str, state: str) -> Status:
    if state == RecordState.APPROVED:
        return Status(mode)
    return Status.WAITING if state == RecordState.WAITING else Status.DECLARED
