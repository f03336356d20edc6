"""What a leader is told of one year and one unit; screen and sheet print the same."""

from dataclasses import dataclass

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
from learners.views.frame import Frame


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
