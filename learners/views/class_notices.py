"""Telling people of their classes: the trainer's page, the officer's list, a class called off."""

from datetime import timedelta

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses.models import ClassGroup, ClassSession
from learners.actions.class_notices import CannotCancel, cancel_class, may_be_cancelled
from learners.actions.class_plans import plan_of
from learners.actions.class_texts import class_address, headline, notice_text
from learners.choices import NoticeKind
from learners.class_forms import CancelForm
from learners.models import ClassNotice
from learners.permissions import REMIND_PEOPLE, account_of, granted_roots, people_for, refuse
from learners.reports.class_notices import SHOWN_FOR, meetings_of, reached, told_figures
from learners.tasks import tell_classes
from learners.views.class_desk import class_of

DAYS = (1, 3, 7, 14)
"""How far ahead the officer's list looks; the first but one unless asked otherwise."""


@login_required
@require_GET
def told(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be said now, to whom it is said in person, and what has been told."""
    group = class_of(request, pk)
    notice = _news(group) or _reminder(group)
    people = []
    if notice is not None:
        people = reached(group, with_waiting=notice.kind != NoticeKind.REMINDER)
    address = class_address(group)
    context = {
        "group": group,
        "title": headline(notice) if notice else "",
        "text": notice_text(notice) if notice else "",
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4, border=4),
        "people": people,
        "by_hand": [one for one in people if one.channel == "hand"],
        "figures": told_figures(group),
    }
    return render(request, "learners/classes/told.html", context)


def _news(group: ClassGroup) -> ClassNotice | None:
    """The newest change, while it is news; a class that was called off stays so."""
    kinds = (NoticeKind.CHANGED, NoticeKind.CANCELLED)
    notices = group.notices.filter(kind__in=kinds, made_at__gte=timezone.now() - SHOWN_FOR)
    found = notices.select_related("class_group__cancellation").first()
    soon = timezone.now() + timedelta(days=1)
    is_soon = group.sessions.filter(starts_at__gt=timezone.now(), starts_at__lte=soon).exists()
    return None if found and found.kind == NoticeKind.CHANGED and is_soon else found


def _reminder(group: ClassGroup) -> ClassNotice | None:
    """What will be said of the next session, whether it was said already or not."""
    ahead = group.sessions.filter(starts_at__gt=timezone.now()).order_by("starts_at").first()
    return _unsaid(ahead) if ahead else None


def _unsaid(session: ClassSession) -> ClassNotice:
    group = session.class_group
    return ClassNotice(
        class_group=group,
        kind=NoticeKind.REMINDER,
        session_at=session.starts_at,
        plan=plan_of(group).as_json(),
    )


@login_required
@require_GET
def ahead(request: HttpRequest) -> HttpResponse:
    """The people of one's units who have a class in the next days, and who of them has to be
    told in person."""
    if granted_roots(request.user, REMIND_PEOPLE) == []:
        raise refuse(request.user, "classes ahead", REMIND_PEOPLE)
    asked = request.GET.get("ngay", "")
    days = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in DAYS else DAYS[1]
    people = people_for(request.user, REMIND_PEOPLE).filter(merged_into__isnull=True)
    until = timezone.now() + timedelta(days=days)
    meetings = meetings_of(people, until)
    context = {
        "meetings": [(one, notice_text(_unsaid(one.session))) for one in meetings],
        "days": days,
        "choices": DAYS,
        "by_hand": sum(len(one.by_hand) for one in meetings),
    }
    return render(request, "learners/classes/ahead.html", context)


@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a class off, after seeing whom it is told to."""
    group = class_of(request, pk)
    if not request.user.has_perm("courses.change_classgroup"):
        raise refuse(request.user, "cancelling of class", pk)
    if hasattr(group, "cancellation") or not may_be_cancelled(group):
        messages.warning(request, _cannot())
        return redirect("learners:kept_class", pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_class(group, reason=form.cleaned_data["reason"], by=account_of(request.user))
        except CannotCancel:
            messages.warning(request, _cannot())
            return redirect("learners:kept_class", pk)
        tell_classes.enqueue()
        messages.success(request, _("The class is cancelled; its people are being told."))
        return redirect("learners:class_told", pk)
    people = reached(group, with_waiting=True)
    context = {
        "group": group,
        "form": form,
        "count": len(people),
        "by_hand": sum(one.channel == "hand" for one in people),
    }
    status = 422 if form.is_bound else 200
    return render(request, "learners/classes/cancel.html", context, status=status)


def _cannot() -> str:
    return _(
        "This class cannot be cancelled: somebody attended it, it is over, or it was cancelled"
        " before. Change its sessions in the administration instead."
    )
