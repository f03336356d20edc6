"""The leader's screen: both goals, where they are heading, and where it is stuck.

One page to be taken in at a glance, and one sheet of A4. All of it comes from tallies; the
page with every detail is `home.dashboards.goals`.
"""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from home.dashboards import Goal, participation_goal_of, staff_goal_of
from home.tile_map import TileMap, tile_map
from learners.models import CountingRule, Target
from learners.reports.communes import places
from learners.reports.completion import (
    Counts,
    UnitRow,
    counts_by_unit,
    extremes,
    staff_figures,
    unit_rows,
)
from learners.reports.fairness import FairnessRow, by_age, by_place
from learners.reports.participations import ParticipationFigures, participation_figures
from learners.reports.plan import rules_on, targets_of
from learners.views.frame import Frame, frame_of


@dataclass(frozen=True)
class Overview:
    """Everything that the screen and the sheet say."""

    frame: Frame
    targets: dict[str, Target]
    rules: dict[str, CountingRule]
    counts: Counts
    staff: Goal
    participations: ParticipationFigures
    participation: Goal
    lowest: list[UnitRow]
    highest: list[UnitRow]
    communes: TileMap | None
    """Of the province alone."""
    by_place: list[FairnessRow]
    by_age: list[FairnessRow]


def overview_of(frame: Frame) -> Overview:
    """Eight queries, whatever the number of people."""
    period, tree = frame.period, frame.tree
    targets, rules = targets_of(period), rules_on(period.cut_off())
    staff = staff_figures(period, frame.units)
    participations = participation_figures(period, frame.units)
    by_unit = counts_by_unit(period, frame.units)
    lowest, highest = extremes(unit_rows(period, tree, frame.unit, by_unit))
    found = places(tree) if frame.unit is None else []
    return Overview(
        frame=frame,
        targets=targets,
        rules=rules,
        counts=staff.counts,
        staff=staff_goal_of(period, staff, targets, rules),
        participations=participations,
        participation=participation_goal_of(
            # The plan sets its number for the province; a unit only contributes.
            period,
            participations,
            targets if frame.unit is None else {},
            rules,
        ),
        lowest=lowest,
        highest=highest,
        communes=tile_map(found, tree, by_unit),
        by_place=by_place(tree, by_unit, found) if found else [],
        by_age=by_age(period, frame.units),
    )


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Both goals of one year on one screen, for one unit and all below it."""
    found = overview_of(frame_of(request))
    context = {"frame": found.frame, "overview": found, "now": timezone.localtime()}
    return render(request, "home/leader/overview.html", context)
