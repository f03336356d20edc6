"""Reminding those who miss the year's goal or have a course to do, from the list of them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from courses.models import CoursePage
from learners.actions.reminders import (
    REMINDED_WITHIN,
    away_today,
    course_reminder_text,
    learning_address,
    remind,
    reminded_today,
    reminder_text,
    text_of,
)
from learners.choices import MISSING, ReminderChannel, ReminderState
from learners.models import Person, ReminderRun, Standing
from learners.permissions import (
    REMIND_PEOPLE,
    account_of,
    granted_roots,
    may_see_reports,
    people_for,
    refuse,
)
from learners.reminder_forms import ReminderForm
from learners.reports.assignments import LEARNING, LEFT, NOT_BEGUN
from learners.reports.channels import channel_of
from learners.reports.claims import unit_names_of
from learners.reports.names import short_name, unit_names
from learners.tasks import send_reminders
from learners.views.frame import Frame
from learners.views.matrix_selection import matrix_people
from learners.views.selection import PeopleSelection, people_selection
from learners.views.wording import status_label

AT_ONCE = 2000
"""People in one run: more than that is no list that anybody looks through."""


@dataclass(frozen=True)
class Asked:
    """Who would be reminded of what, and where the viewer comes from."""

    frame: Frame
    people: list[Person]
    """One more than AT_ONCE at the most."""
    units: dict[int, int]
    """By person: the unit that the list names."""
    label: str
    back: str
    course: CoursePage | None = None
    due_on: date | None = None

    @property
    def text(self) -> str:
        if self.course is None:
            return reminder_text(self.frame.period, "")
        return course_reminder_text(self.course, self.due_on, "")


@login_required
def prepare(request: HttpRequest) -> HttpResponse:
    """Who misses the year's goal and would be reminded by what way; on POST, remind them."""
    selection = people_selection(request, REMIND_PEOPLE)
    _require_running(selection.frame)
    standings = _missing(selection)
    words = f" · “{selection.words}”" if selection.words else ""
    using = f" · {selection.using_label}" if selection.using else ""
    frame = selection.frame
    back = frame.query(status=selection.status, using=selection.using)
    asked = Asked(
        frame=frame,
        people=[standing.person for standing in standings],
        units={standing.person_id: standing.organisation_id for standing in standings},
        label=f"{status_label(selection.status)}{using}{words}",
        back=f"{reverse('reports:people')}?{back}",
    )
    return _answer(request, asked)


@login_required
def prepare_course(request: HttpRequest) -> HttpResponse:
    """Who still has one course to do and would be reminded by what way; on POST, remind them."""
    found = matrix_people(request, REMIND_PEOPLE)
    _require_running(found.matrix.frame)
    if found.one is None or found.state not in (LEFT, LEARNING, NOT_BEGUN):
        raise Http404
    posts = list(found.posts.select_related("person__user")[: AT_ONCE + 1])
    asked = Asked(
        frame=found.matrix.frame,
        people=[post.person for post in posts],
        units={post.person_id: post.managing_unit_id for post in posts},
        label=f"{found.one.course.title} · {found.label}",
        back=f"{reverse('reports:course_matrix_people')}?{found.query()}",
        course=found.one.course,
        due_on=found.one.due_on,
    )
    return _answer(request, asked)


def _require_running(frame: Frame) -> None:
    """Nobody is reminded of a year that is over."""
    if not frame.period.starts_on <= timezone.localdate() <= frame.period.ends_on:
        raise Http404


def _answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Tells before it acts."""
    frame, people = asked.frame, asked.people
    is_too_many = len(people) > AT_ONCE
    form = ReminderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and not is_too_many:
        run = remind(
            people=people,
            period=frame.period,
            unit_name=frame.name,
            note=form.cleaned_data["note"],
            by=account_of(request.user),
            course=asked.course,
            due_on=asked.due_on,
        )
        if run is None:
            messages.warning(request, _("Everybody here was reminded today already."))
            return redirect(request.get_full_path())
        send_reminders.enqueue(run.pk)
        return redirect("reports:reminder_run", run.pk)
    done = reminded_today(person.pk for person in people)
    away = away_today(person.pk for person in people) - done
    names = unit_names(asked.units.values(), frame.tree)
    rows = [
        (person, short_name(names[asked.units[person.pk]]), channel_of(person))
        for person in people
        if person.pk not in done | away
    ]
    context = {
        "frame": frame,
        "asked": asked,
        "form": form,
        "rows": rows,
        "ways": _ways(channel for _person, _unit, channel in rows),
        "done": len(done),
        "away": len(away),
        "is_too_many": is_too_many,
        "at_once": AT_ONCE,
    }
    return render(request, "learners/reminders/prepare.html", context)


@login_required
@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of one run: who was reminded how, and the list of those to be told in person."""
    runs = ReminderRun.objects.select_related("period", "by", "course")
    found = runs.filter(pk=pk).first()
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
        "queued": (queued := sum(row.state == ReminderState.QUEUED for row in rows)),
        "is_stuck": queued and found.at < timezone.now() - REMINDED_WITHIN,
        "failed": [row for row in rows if row.state == ReminderState.FAILED],
        "text": text_of(found, ""),
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
