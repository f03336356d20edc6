"""Reminding those who have not reached the year's goal, or still have a course to do."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from courses.models import CoursePage
from learners.choices import REACHED, ReminderChannel, ReminderState
from learners.models import (
    Enrolment,
    Leave,
    Person,
    Reminder,
    ReminderRun,
    ReportingPeriod,
    Standing,
    User,
)
from learners.reports.channels import channel_of

REMINDED_WITHIN = timedelta(hours=1)
"""After so long a mail that still waits has met with trouble."""


def reminded_today(people: Iterable[int]) -> set[int]:
    """Those among the people who had a reminder today, from whomever."""
    today = Reminder.objects.filter(day=timezone.localdate(), person__in=list(people))
    return set(today.values_list("person_id", flat=True))


def away_today(people: Iterable[int]) -> set[int]:
    """Those among the people who are on a long leave today: nobody writes to them."""
    away = Leave.objects.on(timezone.localdate()).filter(person__in=list(people))
    return set(away.values_list("person_id", flat=True))


@transaction.atomic
def remind(
    *,
    people: Sequence[Person],
    period: ReportingPeriod,
    unit_name: str,
    note: str,
    by: User,
    course: CoursePage | None = None,
    due_on: date | None = None,
) -> ReminderRun | None:
    """Write a reminder for each who had none today; None when nobody was left.

    Two presses at once share the people between them: the database holds person and day
    unique. Mails are sent afterwards by `send_mails`.
    """
    spared = reminded_today(p.pk for p in people) | away_today(p.pk for p in people)
    left = [p for p in people if p.pk not in spared]
    if not left:
        return None
    run = ReminderRun.objects.create(
        period=period, unit_name=unit_name, note=note, by=by, course=course, due_on=due_on
    )
    rows = [_row(run, person) for person in left]
    Reminder.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    if not run.reminders.exists():
        run.delete()
        return None
    return run


def _row(run: ReminderRun, person: Person) -> Reminder:
    channel = channel_of(person)
    is_mail = channel == ReminderChannel.MAIL
    return Reminder(
        run=run,
        person=person,
        day=timezone.localdate(),
        channel=channel,
        state=ReminderState.QUEUED if is_mail else ReminderState.SENT,
    )


def send_mails(run: ReminderRun) -> int:
    """Send what waits in the run, sparing those who have done meanwhile what it asks for.

    Repeatable: each row leaves the queue once it was sent. A worker that dies between the
    sending and the note sends one mail twice, under the same Message-ID.
    Raises OSError while no mail server answers; nothing is lost then.
    """
    waiting = list(
        run.reminders.filter(state=ReminderState.QUEUED)
        .select_related("person__user")
        .order_by("pk")
    )
    if not waiting:
        return 0
    done = _done_meanwhile(run, [row.person_id for row in waiting])
    sent = 0
    with get_connection() as connection:
        for row in waiting:
            state, error = ReminderState.SENT, ""
            address = row.person.user.email if row.person.user else ""
            if row.person_id in done:
                state = ReminderState.SPARED
            elif not address:
                state, error = ReminderState.FAILED, _("The account has no e-mail any more.")
            else:
                mail = _mail(run, row, address)
                mail.connection = connection
                error = refusal(mail)
                state = ReminderState.FAILED if error else ReminderState.SENT
                sent += not error
            Reminder.objects.filter(pk=row.pk, state=ReminderState.QUEUED).update(
                state=state, error=error
            )
    return sent


def _done_meanwhile(run: ReminderRun, people: list[int]) -> set[int]:
    """Who of them has reached the goal, or has completed the course since the run began."""
    if run.course_id is None:
        reached = Standing.objects.filter(
            period=run.period_id, person__in=people, status__in=REACHED
        )
        return set(reached.values_list("person_id", flat=True))
    completed = Enrolment.objects.completed().filter(
        person__in=people, edition__course=run.course_id, completed_at__gte=run.at
    )
    return set(completed.values_list("person_id", flat=True))


def refusal(mail: EmailMessage) -> str:
    """Hand a mail over; what the server said if it refuses this one address."""
    try:
        mail.send()
    except SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        return f"{code} {words.decode(errors='replace')}"[:200]
    return ""


def _mail(run: ReminderRun, row: Reminder, address: str) -> EmailMessage:
    host = settings.PUBLIC_URL.partition("://")[2].partition(":")[0]
    if run.course is not None:
        subject = _("Still to be completed: %(course)s") % {"course": run.course.title}
    else:
        goal = _("Digital skills: the goal of %(year)d is still open")
        subject = goal % {"year": run.period.year}
    return EmailMessage(
        subject=subject,
        body=text_of(run, row.person.full_name),
        to=[address],
        headers={"Message-ID": f"<reminder-{row.pk}@{host}>"},
    )


def text_of(run: ReminderRun, name: str) -> str:
    """What a run says to one person; to everybody when no name is given."""
    if run.course is None:
        return reminder_text(run.period, name, run.note)
    return course_reminder_text(run.course, run.due_on, name, run.note)


def reminder_text(period: ReportingPeriod, name: str, note: str = "") -> str:
    """What is said of the year's goal, ready to be pasted into a message."""
    body = _(
        "By %(day)s every cadre, civil servant and public employee completes one course, one "
        "class or one approved self-training in digital skills. Courses take one to four hours "
        "and run on a phone; you can stop at any time and go on later."
    ) % {"day": period.ends_on.strftime("%d/%m/%Y")}
    return _letter(name, body, note)


def course_reminder_text(course: CoursePage, due_on: date | None, name: str, note: str = "") -> str:
    """What is said of one course, ready to be pasted into a message."""
    facts = {
        "course": course.title,
        "hours": number_format(course.hours or 1),
        "day": f"{due_on:%d/%m/%Y}" if due_on else "",
    }
    body = (
        _(
            "The course “%(course)s” is to be completed by %(day)s. It takes about %(hours)s"
            " hours and runs on a phone; you can stop at any time and go on later."
        )
        if due_on
        else _(
            "The course “%(course)s” is still to be completed. It takes about %(hours)s hours"
            " and runs on a phone; you can stop at any time and go on later."
        )
    )
    return _letter(name, body % facts, note)


def _letter(name: str, body: str, note: str) -> str:
    greeting = _("Dear %(name)s,") % {"name": name} if name else _("Dear colleagues,")
    link = _("Learn here: %(address)s") % {"address": learning_address()}
    return "\n\n".join(part for part in (greeting, body, note, link) if part)


def learning_address() -> str:
    """Short enough for a message and a small QR."""
    return f"{settings.PUBLIC_URL}/hoc-tap/"
