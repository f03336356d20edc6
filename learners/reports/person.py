"""One person's whole history, and why the year counts it or does not."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from learners.choices import REACHED, IndicatorCode, RecordState, Status
from learners.models import (
    CountingRule,
    Enrolment,
    Leave,
    Person,
    PersonalNumber,
    Post,
    ReportingPeriod,
    Standing,
    TrainingRecord,
)
from learners.personal_numbers import mask, unseal
from learners.reports.assignments import OwnAssignment, given_under
from learners.reports.names import names_on
from learners.reports.people import status_given_by
from learners.reports.plan import rules_of
from learners.reports.training import TrainingList, training_of
from learners.reports.why_counted import Verdict, verdicts_of


@dataclass(frozen=True)
class PostLine:
    post: Post
    unit: str
    works_at: str
    """Where the work is done, if that is another unit: a secondment."""
    is_ahead: bool
    """It has not begun yet."""


@dataclass(frozen=True)
class Why:
    """Where the person stands in one period, with what decides it."""

    period: ReportingPeriod
    status: Status | None
    """None: not in the denominator on the day of the count."""
    record: TrainingRecord | None
    """The record that decides; the sentence names it."""
    course: str
    """The course the person is in the middle of."""
    rule: CountingRule | None
    too_short: TrainingRecord | None
    """Approved training that the rule finds too short."""

    @property
    def is_reached(self) -> bool:
        return self.status in REACHED


@dataclass(frozen=True)
class History:
    """What a person's page says first."""

    masked_phone: str
    masked_number: str
    """The personal number, as far as a page may show it."""
    posts: list[PostLine]
    leaves: list[Leave]
    training: TrainingList
    """All that the person learnt, whatever the way."""
    running: list[Enrolment]
    given: list[OwnAssignment]
    """Courses to be done."""
    why: Why


def with_facts(people: QuerySet[Person], period: ReportingPeriod) -> QuerySet[Person]:
    """People as `history_of` wants them: with what each has one of, in the same query."""
    person = OuterRef("pk")
    numbers = PersonalNumber.objects.filter(person=person).order_by("-length")
    standings = Standing.objects.filter(period=period, person=person)
    return people.annotate(
        sealed_number=Subquery(numbers.values("sealed")[:1]),
        status=Subquery(standings.values("status")[:1]),
    )


def history_of(person: Any, period: ReportingPeriod, rule: CountingRule | None) -> History:
    """Six queries, whatever the person `with_facts` has done."""
    enrolments = list(person.enrolments.select_related("edition"))
    running = [one for one in enrolments if one.completed_at is None]
    training = training_of(person.pk)
    posts = list(person.posts.order_by("-valid_from", "-is_main"))
    sealed = person.sealed_number
    return History(
        masked_phone=masked_phone(person.phone),
        masked_number=mask(unseal(sealed)) if sealed else "",
        posts=_lines(posts, period.cut_off()),
        leaves=list(person.leaves.all()),
        training=training,
        running=running,
        given=given_under(posts, enrolments),
        why=_why(person, period, rule, [row.record for row in training.rows], running),
    )


def classes_of(person: Person) -> list[Verdict]:
    """Every class of a person, and whether it counts. Three queries."""
    return verdicts_of(
        person,
        person.participations.select_related("class_group__provider"),
        rules_of(IndicatorCode.PARTICIPATIONS),
        timezone.localdate(),
    )


def masked_phone(phone: str) -> str:
    """Enough to recognise a number that one knows: the last three digits."""
    return f"••• ••• {phone[-3:]}" if phone else ""


def _lines(posts: list[Post], today: date) -> list[PostLine]:
    """Newest first, each unit under the name it had when the post ended, or has today."""
    days = {post.pk: post.valid_to or max(today, post.valid_from) for post in posts}
    names = names_on(
        (unit, days[post.pk])
        for post in posts
        for unit in (post.managing_unit_id, post.using_unit_id)
    )
    return [
        PostLine(
            post,
            unit=names.get((post.managing_unit_id, days[post.pk]), ""),
            works_at=names.get((post.using_unit_id, days[post.pk]), "") if post.is_away else "",
            is_ahead=post.valid_from > timezone.localdate(),
        )
        for post in posts
    ]


def _why(
    person: Any,
    period: ReportingPeriod,
    rule: CountingRule | None,
    records: list[TrainingRecord],
    running: list[Enrolment],
) -> Why:
    status = Status(person.status) if person.status else None
    counted = [
        record
        for record in records
        if _within(record.completed_on, period) and record.state != RecordState.RETURNED
    ]
    short = [record for record in counted if _is_short(record, rule)]
    deciding = [
        record for record in counted if record not in short and status_given_by(record) == status
    ]
    return Why(
        period=period,
        status=status,
        record=min(deciding, key=lambda record: record.completed_on, default=None),
        course=running[0].edition.title if running else "",
        rule=rule,
        too_short=short[0] if short else None,
    )


def _is_short(record: TrainingRecord, rule: CountingRule | None) -> bool:
    return (
        rule is not None
        and record.state == RecordState.APPROVED
        and record.hours < rule.minimum_hours
    )


def _within(day: date, period: ReportingPeriod) -> bool:
    return period.starts_on <= day <= period.ends_on
