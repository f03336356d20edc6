"""Sending what the ledger of class notices holds."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.actions.class_plans import plan_of
from learners.actions.class_texts import headline, notice_text
from learners.actions.reminders import refusal
from learners.choices import NoticeKind, SeatState, ToldState
from learners.models import ClassCancellation, ClassNotice, ClassTold, Seat

TAKEN_FOR = timedelta(minutes=15)
"""After so long a sender counts as dead, and another may take its mail."""


def send_due() -> int:
    """Send what waits; how many went out. Two senders at once send each mail once.

    A line is taken by a conditional change of its state. A sender that dies between the mail
    and the note sends it twice, under the same Message-ID. Raises OSError while no mail server
    answers: the line waits again then.
    """
    dead = Q(state=ToldState.SENDING, taken_at__lt=timezone.now() - TAKEN_FOR)
    waiting = ClassTold.objects.filter(Q(state=ToldState.QUEUED) | dead)
    rows = waiting.select_related("notice__class_group", "person__user").order_by("pk")
    if not rows.exists():
        return 0
    sent = 0
    with get_connection() as connection:
        for told in rows:
            if _take(told):
                sent += _send(told, connection)
    return sent


def _take(told: ClassTold) -> bool:
    own = ClassTold.objects.filter(pk=told.pk, state=told.state, taken_at=told.taken_at)
    return bool(own.update(state=ToldState.SENDING, taken_at=timezone.now()))


def _send(told: ClassTold, connection: BaseEmailBackend) -> bool:
    """Send one that is taken, and note what became of it."""
    if not _is_still_true(told):
        _note(told, ToldState.SPARED)
        return False
    account = told.person.user
    if account is None or not account.email or not account.is_active:
        _note(told, ToldState.FAILED, _("The account has no e-mail any more."))
        return False
    mail = _mail(told, account.email)
    mail.connection = connection
    try:
        error = refusal(mail)
    except OSError:
        _note(told, ToldState.QUEUED)
        raise
    _note(told, ToldState.FAILED if error else ToldState.SENT, error)
    return not error


def _note(told: ClassTold, state: ToldState, error: str = "") -> None:
    ClassTold.objects.filter(pk=told.pk, state=ToldState.SENDING).update(
        state=state, error=error[:200]
    )


def _is_still_true(told: ClassTold) -> bool:
    """Whether the person still has to hear it: not whoever withdrew meanwhile, and nothing that
    a later notice has made wrong."""
    notice, group = told.notice, told.notice.class_group
    seat = Seat.objects.filter(person=told.person_id, class_group=group).first()
    if seat is None or seat.state == SeatState.WITHDRAWN or told.person.erased_at:
        return False
    if notice.kind == NoticeKind.CANCELLED:
        return True
    if ClassCancellation.objects.filter(class_group=group).exists():
        return False
    if notice.kind == NoticeKind.CHANGED:
        later = ClassNotice.objects.filter(class_group=group, kind=notice.kind, pk__gt=notice.pk)
        return not later.exists()
    if seat.state != SeatState.SEATED:
        return False
    if notice.kind == NoticeKind.REMINDER and notice.session_at:
        starts = [start for start, _end in plan_of(group).sessions]
        is_planned = notice.session_at.replace(microsecond=0) in starts
        return is_planned and notice.session_at > timezone.now()
    return True


def _mail(told: ClassTold, address: str) -> EmailMessage:
    host = settings.PUBLIC_URL.partition("://")[2].partition(":")[0]
    greeting = _("Dear %(name)s,") % {"name": told.person.full_name}
    return EmailMessage(
        subject=headline(told.notice),
        body=f"{greeting}\n\n{notice_text(told.notice)}",
        to=[address],
        headers={"Message-ID": f"<class-{told.pk}@{host}>"},
    )
