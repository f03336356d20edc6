"""Reminding those who have not reached the year's goal."""

from collections.abc import Iterable, Sequence
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.choices import REACHED, ReminderChannel, ReminderState
from learners.models import Leave, Person, Reminder, ReminderRun, ReportingPeriod, Standing, User
from learners.reports.channels import channel_of


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
    *, people: Sequence[Person], period: ReportingPeriod, unit_name: str, note: str, by: User
) -> ReminderRun | None:
    """Write a reminder for each who had none today; None when nobody was left.

    Two presses at once share the people between them: the database holds person and day
    unique. Mails are sent afterwards by `send_mails`.
    """
    spared = reminded_today(p.pk for p in people) | away_today(p.pk for p in people)
    left = [p for p in people if p.pk not in spared]
    if not left:
        return None
    run = ReminderRun.objects.create(period=period, unit_name=unit_name, note=note, by=by)
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
    """Send what waits in the run, sparing those who have reached the goal meanwhile.

    Repeatable: each row leaves the queue once it was sent. A worker that dies between the
    sending and the note sends one mail twice, under the same Message-ID.
    Raises OSError while no mail server answers; nothing is lost then.
    """
    waiting = list(
        run.reminders.filter(state=ReminderState.QUEUED)
        .select_related("person__user")
        .order_by("pk")
    )
    reached = set(
        Standing.objects.filter(
            period=run.period_id, person__in=[row.person_id for row in waiting], status__in=REACHED
        ).values_list("person_id", flat=True)
    )
    if not waiting:
        return 0
    sent = 0
    with get_connection() as connection:
        for row in waiting:
            state, error = ReminderState.SENT, ""
            address = row.person.user.email if row.person.user else ""
            if row.person_id in reached:
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
    return EmailMessage(
        subject=_("Digital skills: the goal of %(year)d is still open") % {"year": run.period.year},
        body=reminder_text(run.period, row.person.full_name, run.note),
        to=[address],
        headers={"Message-ID": f"<reminder-{row.pk}@{host}>"},
    )


def reminder_text(period: ReportingPeriod, name: str, note: str = "") -> str:
    """What is said, ready to be pasted into a message; to everybody when no name is given."""
    greeting = _("Dear %(name)s,") % {"name": name} if name else _("Dear colleagues,")
    body = _(
        "By %(day)s every cadre, civil servant and public employee completes one course, one "
        "class or one approved self-training in digital skills. Courses take one to four hours "
        "and run on a phone; you can stop at any time and go on later."
    ) % {"day": period.ends_on.strftime("%d/%m/%Y")}
    link = _("Learn here: %(address)s") % {"address": learning_address()}
    return "\n\n".join(part for part in (greeting, body, note, link) if part)


def learning_address() -> str:
    """Short enough for a message and a small QR."""
    return f"{settings.PUBLIC_URL}/hoc-tap/"
