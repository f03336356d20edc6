"""One person's own standing towards the year's goal, with the reason, and own reminders."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from learners.choices import REACHED
from learners.models import Enrolment, Person, Reminder, ReportingPeriod, Standing, TrainingRecord
from learners.reports.training import TrainingList


@dataclass(frozen=True)
class MyYear:
    period: ReportingPeriod
    is_counted: bool
    """False for somebody outside the denominator: no post as cadre, civil servant, employee."""
    is_reached: bool
    record: TrainingRecord | None
    """The record by which the goal is met."""
    reminder: Reminder | None
    """The newest one, as long as the goal is not met."""


def my_year(person: Person, training: TrainingList, reminders: Sequence[Reminder]) -> MyYear | None:
    """Where the person stands in the period of today; None when no period is set up. One query."""
    own = Standing.objects.filter(period=OuterRef("pk"), person=person).values("status")
    today = timezone.localdate()
    period = ReportingPeriod.objects.covering(today).annotate(status=Subquery(own[:1])).first()
    if period is None:
        return None
    reached = period.status in REACHED
    return MyYear(
        period=period,
        is_counted=period.status is not None,
        is_reached=reached,
        record=_first_within(training, period) if reached else None,
        reminder=None if reached else _newest_reminder(reminders, period),
    )


def _first_within(training: TrainingList, period: ReportingPeriod) -> TrainingRecord | None:
    """The list is the newest first."""
    within = (
        row.record
        for row in reversed(training.accepted)
        if period.starts_on <= row.record.completed_on <= period.ends_on
    )
    return next(within, None)


def _newest_reminder(reminders: Sequence[Reminder], period: ReportingPeriod) -> Reminder | None:
    of_period = (r for r in reminders if r.run.course_id is None and r.run.period_id == period.pk)
    return next(of_period, None)


REMEMBERED = timedelta(days=60)
"""So long a reminder of a course stands on the learner's page."""


def own_reminders(person: Person) -> list[Reminder]:
    """Of the year's goal, and of courses since REMEMBERED; the newest first. One query."""
    since = timezone.localdate() - REMEMBERED
    of_course = Q(day__gte=since, run__course__live=True)
    found = Reminder.objects.filter(Q(run__course__isnull=True) | of_course, person=person)
    return list(found.select_related("run__course", "run__by").order_by("-day", "-pk"))


def course_reminders(
    reminders: Sequence[Reminder], enrolments: Collection[Enrolment]
) -> list[Reminder]:
    """The newest reminder of each course that was not completed since, newest first. Takes all own
    enrolments with their editions."""
    newest: dict[int, Reminder] = {}
    for reminder in reminders:
        if reminder.run.course_id is not None:
            newest.setdefault(reminder.run.course_id, reminder)
    done = {(one.edition.course_id, one.completed_at) for one in enrolments if one.completed_at}
    return [
        reminder
        for course, reminder in newest.items()
        if not any(one == course and at >= reminder.run.at for one, at in done)
    ]
