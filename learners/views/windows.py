"""Reports of a month, a quarter, a half-year, or the year of the other calendar, on one page.

What was reached within those days stands beside what was reached since the year began.
"""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from courses.choices import ECOMMERCE_TOPICS, Audience, Topic
from learners.choices import REACHED, IndicatorCode, Status
from learners.periods import Span
from learners.reports.completion import arranged, percent, total_of, unit_rows
from learners.reports.it_officers import it_officers
from learners.reports.participations import (
    ParticipationFigures,
    figures_of,
    institutions_teaching_within,
)
from learners.reports.plan import rules_on, targets_of
from learners.reports.windows import AT_ONCE, WindowPeople, is_long, window_people
from learners.views.frame import Frame, frame_of
from learners.views.selection import frame_participations


@dataclass(frozen=True)
class StatusLine:
    status: Status
    in_window: int
    """People whose first counted evidence of the year lies in the window, by their way."""
    since: int
    share: object
    is_reached: bool


@dataclass(frozen=True)
class GroupLine:
    name: str
    """An audience or a topic, as addresses name it."""
    label: str
    in_window: int
    since: int


def frame_people(frame: Frame) -> WindowPeople | None:
    """Everybody of the unit and below it, counted for a part of a year; None: a whole year, which
    the summaries tell."""
    if not frame.is_part:
        return None
    return window_people(frame.window, frame.cut_off, frame.whole_units)


def is_too_long(frame: Frame) -> bool:
    """Whether counting these days takes longer than anybody waits for a page."""
    return frame.is_part and is_long(frame.cut_off, frame.units)


def too_long(request: HttpRequest, frame: Frame, kind: str) -> HttpResponse:
    """Offer what a page would take too long for: the same as a file, drawn up by a job."""
    query = request.GET.copy()
    query.pop("dang", None)
    context = {
        "frame": frame,
        "kind": kind,
        "query": query.urlencode(),
        "at_once": AT_ONCE,
        "picker": PICKERS.get(kind, "reports:units"),
    }
    return render(request, "learners/reports/too_long.html", context)


PICKERS = {"movement": "reports:movement", "movement_people": "reports:movement"}
"""Where other days may be chosen, by the kind of file."""


@login_required
@require_GET
def window(request: HttpRequest) -> HttpResponse:
    """Both goals, the providers and the IT officers of one window. A whole year has its own."""
    frame = frame_of(request, windows=True)
    if not frame.is_part:
        return redirect(f"{reverse('reports:goals')}?{frame.query()}")
    if is_too_long(frame):
        return too_long(request, frame, "units")
    period, tree = frame.period, frame.tree
    people = window_people(frame.window, frame.cut_off, frame.units)
    # A part of a unit has no units below it.
    rows = [] if frame.part else unit_rows(period, tree, frame.unit, people.by_unit)
    in_window, since = figures_of(frame_participations(frame), frame.window.starts_on)
    targets = targets_of(period)
    context = {
        "frame": frame,
        "counts": people.counts,
        "in_window": people.in_window,
        "statuses": _statuses(people),
        "target": targets.get(IndicatorCode.STAFF_TRAINED),
        "participation_target": (
            targets.get(IndicatorCode.PARTICIPATIONS) if frame.unit is None else None
        ),
        "rules": rules_on(frame.cut_off),
        "participations": in_window,
        "participations_since": since,
        "audiences": _groups(in_window, since, "audience"),
        "topics": _groups(in_window, since, "topic"),
        "rows": arranged(rows),
        "row_total": total_of(rows),
        "is_whole": True,
        "it_officers": it_officers(tree, frame.unit, frame.cut_off),
    }
    if frame.unit is None:
        days = Span(frame.window.starts_on, frame.window.ends_on)
        year = Span(frame.window.year_starts_on, frame.window.ends_on)
        context["institutions"], context["institutions_since"] = institutions_teaching_within(
            year, days
        )
        context["institutions_target"] = targets.get(IndicatorCode.PROVIDERS)
    return render(request, "learners/reports/window.html", context)


def _statuses(people: WindowPeople) -> list[StatusLine]:
    counts, new = people.counts, people.in_window
    return [
        StatusLine(
            status,
            new.of(status),
            counts.of(status),
            percent(counts.of(status), counts.headcount),
            status in REACHED,
        )
        for status in Status
    ]


def _groups(
    in_window: ParticipationFigures, since: ParticipationFigures, by: str
) -> list[GroupLine]:
    choices = list(Audience) if by == "audience" else [Topic(topic) for topic in ECOMMERCE_TOPICS]
    return [
        GroupLine(one.value, str(one.label), in_window.of(**{by: one}), since.of(**{by: one}))
        for one in choices
    ]
