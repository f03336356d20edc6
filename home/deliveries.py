"""Reports that go out by mail: written down when due, sent once, and never silently lost."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import IO

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from home.models import Delivery, Page, SavedView, Schedule
from home.overview import overview_of
from home.overview_pdf import overview_sheet
from home.report_sources import Source, request_of, source_of
from learners.exports import workbook
from learners.models import User
from learners.permissions import EXPORT_PEOPLE
from learners.views.downloads import XLSX
from learners.views.frame import Frame, frame_of

TAKEN_FOR = timedelta(minutes=15)
"""After so long a sender counts as dead, and another may take its mail."""


def write_due() -> None:
    """Write down what is due by today. Two at once write each line once."""
    today, new = timezone.localdate(), []
    for schedule in Schedule.objects.filter(is_on=True).prefetch_related("recipients"):
        due = schedule.due_on(today)
        if due is not None:
            new += [
                Delivery(schedule=schedule, recipient=recipient, due_on=due)
                for recipient in schedule.recipients.all()
            ]
    Delivery.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)


def send_due() -> int:
    """Send what is due; how many went out. Two senders at once send each mail once.

    A line is taken by a conditional change of its state. A sender that dies between the mail
    and the note sends it twice, under the same Message-ID. Raises OSError while no mail server
    answers: the line is due again then.
    """
    dead = Q(state=Delivery.State.SENDING, taken_at__lt=timezone.now() - TAKEN_FOR)
    waiting = Delivery.objects.filter(Q(state=Delivery.State.DUE) | dead, schedule__is_on=True)
    sent = 0
    for delivery in waiting.select_related("schedule__view", "recipient").order_by("pk"):
        if _take(delivery):
            sent += _send(delivery)
    return sent


def _take(delivery: Delivery) -> bool:
    own = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, taken_at=delivery.taken_at)
    return bool(own.update(state=Delivery.State.SENDING, taken_at=timezone.now()))


def _send(delivery: Delivery) -> bool:
    """Send one that is taken, and note what became of it."""
    error = ""
    try:
        error = _unsendable(delivery) or _hand_over(delivery)
    except Http404:
        error = _("The recipient may not see this unit any more.")
    except OSError:
        _note(delivery, Delivery.State.DUE)
        raise
    _note(delivery, Delivery.State.FAILED if error else Delivery.State.SENT, error)
    return not error


def _unsendable(delivery: Delivery) -> str:
    if not settings.MAIL_IS_SENT:
        return _("No mail server is set up.")
    if not delivery.recipient.email:
        return _("The account has no e-mail any more.")
    return "" if delivery.recipient.is_active else _("The account is closed.")


def _hand_over(delivery: Delivery) -> str:
    try:
        mail_of(delivery).send()
    except SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        return f"{code} {words.decode(errors='replace')}"[:200]
    return ""


def _note(delivery: Delivery, state: Delivery.State, error: str = "") -> None:
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING).update(
        state=state,
        error=error[:200],
        sent_at=timezone.now() if state == Delivery.State.SENT else None,
    )


def mail_of(delivery: Delivery) -> EmailMessage:
    """The mail, drawn with the recipient's own rights. A list of people is never attached: the
    link opens it for whoever signs in. Raises Http404 for what the recipient may not see."""
    view = delivery.schedule.view
    host = settings.PUBLIC_URL.partition("://")[2].partition(":")[0]
    facts = {"name": view.name, "day": date_format(delivery.due_on, "d/m/Y")}
    mail = EmailMessage(
        subject=_("%(name)s, %(day)s") % facts,
        body="\n\n".join(
            [
                _("The report “%(name)s” as of %(day)s.") % facts,
                _("Open it on the site: %(address)s")
                % {"address": f"{settings.PUBLIC_URL}{view.address}"},
                _("You receive this because %(owner)s put you on the list of recipients.")
                % {"owner": view.owner.get_full_name() or view.owner.get_username()},
            ]
        ),
        to=[delivery.recipient.email],
        headers={"Message-ID": f"<report-{delivery.pk}@{host}>"},
    )
    attached = drawn(view, delivery.recipient)
    if attached is not None:
        name, content, kind = attached
        with content:
            mail.attach(name, content.read(), kind)
    return mail


def drawn(view: SavedView, reader: User) -> tuple[str, IO[bytes], str] | None:
    """What a reader is sent of a view: name, file and type; None when only a link goes out.

    Raises Http404 when the reader may not see it.
    """
    found = seen(view, reader)
    if isinstance(found, Frame):
        file = overview_sheet(overview_of(found))
        return f"tong-quan-{found.period}.pdf", file, "application/pdf"
    if Page(view.page).names_people:
        return None
    return f"{found.name}.xlsx", workbook(found.sheet), XLSX


def seen(view: SavedView, reader: User) -> Frame | Source:
    """What the view shows to a reader, nothing of it drawn yet. Raises Http404 when nothing."""
    page, request = Page(view.page), request_of(reader, view.query)
    return source_of(page.kind, request) if page.kind else frame_of(request, EXPORT_PEOPLE)
