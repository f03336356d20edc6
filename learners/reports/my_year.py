"""One person's own standing towards the year's goal, with the reason, and own reminders."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from learners.choices import REACHED, RecordState
from learners.models import (
    Enrolment,
    Person,
    Reminder,
    ReportingPeriod,
    Standing,
    TrainingRecord,
)


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


def my_year(person: Person) -> MyYear | None:
    """Where the person stands in the period of today; None when no period is set up."""
    for period in ReportingPeriod.objects.covering(timezone.localdate()):
        standing = Standing.objects.filter(period=period, person=person).first()
        reached = standing is not None and standing.status in REACHED
        record = None
        if reached:
            record = (
                TrainingRecord.objects.filter(
                    person=person,
                    state=RecordState.APPROVED,
                    completed_on__range=(period.starts_on, period.ends_on),
                )
                .order_by("completed_on", "pk")
                .first()
            )
        missed = standing is not None and not reached
        reminder = _newest_reminder(person, period) if missed else None
        return MyYear(period, standing is not None, reached, record, reminder)
    return None


def _newest_reminder(person: Person, period: ReportingPeriod) -> Reminder | None:
    reminders = Reminder.objects.filter(person=person, run__period=period, run__course__isnull=True)
    return reminders.select_related("run__by").order_by("-day").first()


REMEMBERED = timedelta(days=60)
"""So long a reminder of a course stands on the learner's page."""


def course_reminders(person: Person, enrolments: Collection[Enrolment]) -> list[Reminder]:
    """The newest reminder of each course that was not completed since, newest first. Takes all own
    enrolments with their editions; one query."""
    since = timezone.localdate() - REMEMBERED
    reminders = (
        Reminder.objects.filter(person=person, day__gte=since, run__course__live=True)
        .select_related("run__course", "run__by")
        .order_by("-day", "-pk")
    )
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
