"""Reminding those who miss the year's goal, straight from the list that names them."""

from collections import Counter
from collections.abc import Iterable

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from learners.actions.reminders import (
    away_today,
    learning_address,
    remind,
    reminded_today,
    reminder_text,
)
from learners.choices import MISSING, ReminderChannel, ReminderState
from learners.models import ReminderRun, Standing
from learners.permissions import (
    REMIND_PEOPLE,
    account_of,
    granted_roots,
    may_see_reports,
    people_for,
    refuse,
)
from learners.reminder_forms import ReminderForm
from learners.reports.channels import channel_of
from learners.reports.claims import unit_names_of
from learners.reports.names import short_name, unit_names
from learners.tasks import send_reminders
from learners.views.selection import PeopleSelection, people_selection

AT_ONCE = 2000
"""People in one run: more than that is no list that anybody looks through."""


@login_required
def prepare(request: HttpRequest) -> HttpResponse:
    """Who would be reminded and by what way; on POST, remind them. Tells before it acts."""
    selection = people_selection(request, REMIND_PEOPLE)
    frame = selection.frame
    today = timezone.localdate()
    if not frame.period.starts_on <= today <= frame.period.ends_on:
        raise Http404
    standings = _missing(selection)
    people = [standing.person for standing in standings]
    is_too_many = len(people) > AT_ONCE
    form = ReminderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and not is_too_many:
        run = remind(
            people=people,
            period=frame.period,
            unit_name=frame.name,
            note=form.cleaned_data["note"],
            by=account_of(request.user),
        )
        if run is None:
            messages.warning(request, _("Everybody here was reminded today already."))
            return redirect(request.get_full_path())
        send_reminders.enqueue(run.pk)
        return redirect("reports:reminder_run", run.pk)
    done = reminded_today(person.pk for person in people)
    away = away_today(person.pk for person in people) - done
    names = unit_names((standing.organisation_id for standing in standings), frame.tree)
    rows = [
        (standing.person, short_name(names[standing.organisation_id]), channel_of(standing.person))
        for standing in standings
        if standing.person_id not in done | away
    ]
    context = {
        "frame": frame,
        "selection": selection,
        "form": form,
        "rows": rows,
        "ways": _ways(channel for _person, _unit, channel in rows),
        "done": len(done),
        "away": len(away),
        "text": reminder_text(frame.period, ""),
        "is_too_many": is_too_many,
        "at_once": AT_ONCE,
    }
    return render(request, "learners/reminders/prepare.html", context)


@login_required
@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of one run: who was reminded how, and the list of those to be told in person."""
    found = ReminderRun.objects.select_related("period", "by").filter(pk=pk).first()
    in_scope = people_for(request.user)
    if (
        found is None
        or not may_see_reports(request.user)
        or not found.reminders.filter(person__in=in_scope).exists()
    ):
        raise refuse(request.user, "reminder run", pk)
    rows = list(found.reminders.filter(person__in=in_scope).select_related("person"))
    units = unit_names_of(rows)
    address = learning_address()
    context = {
        "run": found,
        "rows": [(row, units.get(row.person_id, "")) for row in rows],
        "by_hand": [
            (row.person, units.get(row.person_id, ""))
            for row in rows
            if row.channel == ReminderChannel.HAND
        ],
        "ways": _ways(row.channel for row in rows),
        "queued": sum(row.state == ReminderState.QUEUED for row in rows),
        "failed": [row for row in rows if row.state == ReminderState.FAILED],
        "text": reminder_text(found.period, "", found.note),
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4, border=4),
        "summary": ngettext("%(n)d person reminded", "%(n)d people reminded", len(rows))
        % {"n": len(rows)},
    }
    return render(request, "learners/reminders/run.html", context)


def may_remind(request: HttpRequest, selection: PeopleSelection) -> bool:
    """Whether the list offers the reminder: somebody on it misses the running year's goal, and
    the viewer may remind there."""
    period = selection.frame.period
    is_running = period.starts_on <= timezone.localdate() <= period.ends_on
    is_missing = any(status in MISSING for status in selection.statuses)
    return (
        is_running
        and not selection.frame.is_part
        and is_missing
        and selection.count > 0
        and granted_roots(request.user, REMIND_PEOPLE) != []
    )


def _missing(selection: PeopleSelection) -> list[Standing]:
    """The selected people who miss the goal, by name; one more than AT_ONCE at the most."""
    statuses = [status for status in selection.statuses if status in MISSING]
    if not statuses:
        raise Http404
    found = selection.standings.filter(status__in=statuses).select_related("person__user")
    return list(found.order_by("name_key", "pk")[: AT_ONCE + 1])


def _ways(channels: Iterable[str]) -> list[tuple[ReminderChannel, int]]:
    """How many are reached by each way; ways that reach nobody are left out."""
    count = Counter(channels)
    return [(way, count[way]) for way in ReminderChannel if count[way]]
