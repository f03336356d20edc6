"""One person's whole history on one page, and why the year counts it or does not."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from learners.choices import REACHED, IndicatorCode, RecordState, Status
from learners.models import (
    CountingRule,
    Enrolment,
    Leave,
    Person,
    Post,
    ReportingPeriod,
    Standing,
    TrainingRecord,
)
from learners.reports.changes import Change, changes_of
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
    person: Person
    masked_phone: str
    masked_number: str
    """The personal number, as far as a page may show it."""
    posts: list[PostLine]
    leaves: list[Leave]
    training: TrainingList
    """All that the person learnt, whatever the way."""
    classes: list[Verdict]
    running: list[Enrolment]
    why: Why
    changes: list[Change]
    """Who changed the record, the newest first."""


def history_of(person: Person, period: ReportingPeriod, rule: CountingRule | None) -> History:
    """A bounded number of queries, whatever the person has done."""
    running = list(person.enrolments.open().select_related("edition"))
    training = training_of(person.pk)
    number = person.personal_numbers.first()
    return History(
        person=person,
        masked_phone=masked_phone(person.phone),
        masked_number=number.masked if number else "",
        posts=_posts(person, period.cut_off()),
        leaves=list(person.leaves.all()),
        training=training,
        classes=verdicts_of(
            person,
            person.participations.select_related("class_group__provider"),
            rules_of(IndicatorCode.PARTICIPATIONS),
            timezone.localdate(),
        ),
        running=running,
        why=_why(person, period, rule, [row.record for row in training.rows], running),
        changes=changes_of(person),
    )


def masked_phone(phone: str) -> str:
    """Enough to recognise a number that one knows: the last three digits."""
    return f"••• ••• {phone[-3:]}" if phone else ""


def _posts(person: Person, today: date) -> list[PostLine]:
    """Newest first, each unit under the name it had when the post ended, or has today."""
    posts = list(person.posts.order_by("-valid_from", "-is_main"))
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
    person: Person,
    period: ReportingPeriod,
    rule: CountingRule | None,
    records: list[TrainingRecord],
    running: list[Enrolment],
) -> Why:
    standing = Standing.objects.filter(period=period, person=person).first()
    status = Status(standing.status) if standing else None
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
