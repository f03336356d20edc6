"""The one screen that shows both goals of the plan, for a leader and for an HR officer.

It reads summaries, targets and the tree; its cost does not grow with people.
"""

import math
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from courses.choices import ECOMMERCE_TOPICS, Topic
from home.charts import LineChart, figure, line_chart
from home.models import Schedule
from learners.choices import REACHED, IndicatorCode, Status
from learners.models import CountingRule, ReportingPeriod, Target
from learners.periods import month_bounds
from learners.permissions import REMIND_PEOPLE, account_of, granted_roots
from learners.reports.completion import (
    StaffFigures,
    arranged,
    extremes,
    percent,
    staff_figures,
    total_of,
    unit_rows,
)
from learners.reports.it_officers import it_officers
from learners.reports.pace import Pace, pace_of
from learners.reports.participations import (
    ParticipationFigures,
    audience_rows,
    institutions_teaching,
    participation_figures,
)
from learners.reports.plan import rules_on, targets_of
from learners.views.frame import PARAMETERS, frame_of

FEW_UNITS = 12
"""So many units and fewer are shown whole; of more, the five lowest and the five highest."""


SHORT_TOPICS = {
    Topic.ECOMMERCE_LAW: pgettext_lazy("e-commerce", "Law"),
    Topic.ECOMMERCE_SKILLS: pgettext_lazy("e-commerce", "Skills"),
}
"""Under a title that says e-commerce."""


@dataclass(frozen=True)
class MonthRow:
    first: date
    last: date
    in_month: int
    cumulative: int
    needed: int
    """By that day, at an even pace."""


@dataclass(frozen=True)
class Goal:
    """One goal as the page prints it."""

    target: Target | None
    rule: CountingRule | None
    pace: Pace | None
    """None: nothing to measure against, for want of a target or of people."""
    chart: LineChart | None
    months: list[MonthRow]


@login_required
@require_GET
def goals(request: HttpRequest) -> HttpResponse:
    """Both goals of one year for one unit and all below it."""
    if request.GET.keys() & {PARAMETERS["window"], PARAMETERS["calendar"]}:
        return redirect(f"{reverse('reports:window')}?{request.GET.urlencode()}")
    frame = frame_of(request)
    period = frame.period
    targets, rules = targets_of(period), rules_on(period.cut_off())
    staff = staff_figures(period, frame.units)
    participations = participation_figures(period, frame.units)
    rows = unit_rows(period, frame.tree, frame.unit)
    lowest, highest = extremes(rows)
    context = {
        "frame": frame,
        "now": timezone.localtime(),
        "tree_day": period.cut_off(),
        "counts": staff.counts,
        "statuses": _status_rows(staff),
        "staff_goal": staff_goal_of(period, staff, targets, rules),
        "participations": participations,
        "participation_goal": participation_goal_of(
            # The plan sets its number for the province; a unit only contributes.
            period,
            participations,
            targets if frame.unit is None else {},
            rules,
        ),
        "audiences": audience_rows(participations),
        "topics": [
            (topic, SHORT_TOPICS[topic], participations.of(topic=topic))
            for topic in ECOMMERCE_TOPICS
        ],
        "rules": rules,
        "it_officers": it_officers(frame.tree, frame.unit, period.cut_off()),
        "units": arranged(rows) if len(rows) <= FEW_UNITS else [],
        "late_reports": late_reports(request),
        "may_remind": granted_roots(request.user, REMIND_PEOPLE) != [],
        "unit_count": len(rows),
        "unit_total": total_of(rows),
        "unit_whole": None if frame.part else staff.counts,
        "lowest": lowest,
        "highest": highest,
    }
    if frame.unit is None:
        context["institutions"] = institutions_teaching(period)
        context["institutions_target"] = targets.get(IndicatorCode.PROVIDERS)
    return render(request, "home/dashboard/goals.html", context)


def late_reports(request: HttpRequest) -> list[Schedule]:
    """The viewer's own scheduled reports of which something due has not gone out; everybody's for
    whoever administers the site, so that one whose owner is away is missed as well. One query."""
    account = account_of(request.user)
    schedules = Schedule.objects.all()
    if not account.is_superuser:
        schedules = schedules.filter(view__owner=account)
    return schedules.late(timezone.localtime())


@dataclass(frozen=True)
class StatusRow:
    status: Status
    people: int
    share: object
    is_reached: bool


def _status_rows(staff: StaffFigures) -> list[StatusRow]:
    counts = staff.counts
    return [
        StatusRow(
            status,
            counts.of(status),
            percent(counts.of(status), counts.headcount),
            status in REACHED,
        )
        for status in Status
    ]


def staff_goal_of(
    period: ReportingPeriod,
    staff: StaffFigures,
    targets: dict[str, Target],
    rules: dict[str, CountingRule],
) -> Goal:
    target = targets.get(IndicatorCode.STAFF_TRAINED)
    headcount = staff.counts.headcount
    rule = rules.get(IndicatorCode.STAFF_TRAINED)
    if target is None or not headcount:
        return Goal(target, rule, None, None, [])
    wanted = math.ceil(headcount * target.value / 100)
    pace = _pace(period, staff.by_month, wanted, ceiling=headcount)
    return Goal(
        target,
        rule,
        pace,
        line_chart(pace, _title(pace, pgettext("counted", "people"))),
        months_of(pace),
    )


def participation_goal_of(
    period: ReportingPeriod,
    participations: ParticipationFigures,
    targets: dict[str, Target],
    rules: dict[str, CountingRule],
) -> Goal:
    target = targets.get(IndicatorCode.PARTICIPATIONS)
    rule = rules.get(IndicatorCode.PARTICIPATIONS)
    if target is None:
        return Goal(None, rule, None, None, [])
    pace = _pace(period, participations.by_month, target.value)
    title = _title(pace, pgettext("counted", "participations"))
    return Goal(target, rule, pace, line_chart(pace, title), months_of(pace))


def _pace(
    period: ReportingPeriod, by_month: tuple[int, ...], target: int, ceiling: int | None = None
) -> Pace:
    return pace_of(
        by_month,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        today=timezone.localdate(),
        target=target,
        ceiling=ceiling,
    )


def _title(pace: Pace, unit: str) -> str:
    """The chart in one sentence."""
    figures = {
        "reached": figure(pace.reached),
        "unit": unit,
        "day": date_format(pace.today),
        "target": figure(pace.target),
        "low": figure(pace.forecast_low),
        "high": figure(pace.forecast_high),
        "last": date_format(pace.ends_on),
    }
    if not pace.has_forecast:
        return _("Line by month: %(reached)s %(unit)s by %(day)s; the target is %(target)s.") % (
            figures
        )
    return (
        _(
            "Line by month: %(reached)s %(unit)s by %(day)s; the target is %(target)s;"
            " forecast %(low)s to %(high)s by %(last)s."
        )
        % figures
    )


def months_of(pace: Pace) -> list[MonthRow]:
    """The figures of the chart as rows: one for each month that has begun."""
    rows: list[MonthRow] = []
    before = pace.points[0]
    for month, point in enumerate(pace.points[1:], start=1):
        passed = (point.day - pace.starts_on).days + 1
        rows.append(
            MonthRow(
                first=month_bounds(month, pace.starts_on)[0],
                last=point.day,
                in_month=point.reached - before.reached,
                cumulative=point.reached,
                needed=math.ceil(pace.target * passed / pace.days_total),
            )
        )
        before = point
    return rows
