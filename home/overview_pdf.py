"""The leader's overview as one sheet of official paper."""

from collections.abc import Sequence
from typing import IO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from home.charts import HEIGHT, WIDTH, LineChart, figure
from home.dashboards import Goal
from home.official_pdf import PLAIN, official_pdf, say, small_table
from home.overview import Overview
from home.tile_map import GAP, SIDE, TileMap
from learners.choices import IndicatorCode
from learners.reports.completion import UnitRow
from learners.reports.fairness import FairnessRow
from learners.reports.pace import Pace, Verdict
from learners.templatetags.reports import rate
from learners.views.downloads import source_lines

MARGIN = 12 * mm
INNER = A4[0] - 2 * MARGIN
HALF = INNER / 2 - 2 * mm

SHADES = {
    "tile-0": ("#ffffff", "#000000"),
    "tile-1": ("#cfe3f2", "#000000"),
    "tile-2": ("#86b9dd", "#000000"),
    "tile-3": ("#1c6aa8", "#ffffff"),
    "tile-4": ("#083a66", "#ffffff"),
    "tile-none": ("#ffffff", "#666666"),
}


def overview_sheet(overview: Overview) -> IO[bytes]:
    """One page, as long as the unit has a name of ordinary length."""
    frame, counts = overview.frame, overview.counts
    share = "–" if counts.percent is None else f"{figure(float(counts.percent), 1)}%"
    people, shares = pgettext("counted", "people"), pgettext("counted", "participations")
    reached = f"{figure(counts.reached)}/{figure(counts.headcount)} {people}"
    goals = _pair(
        _goal(_("Staff trained in digital skills"), share, reached, overview.staff, people),
        _goal(
            _("Participations in e-commerce training"),
            figure(overview.participations.total),
            "",
            overview.participation,
            shares,
        ),
    )
    story: list[Flowable] = [goals]
    if overview.lowest:
        story.append(
            _pair(
                [_extremes(_("Lowest share"), overview.lowest)],
                [_extremes(_("Highest share"), overview.highest)] if overview.highest else [],
            )
        )
    if overview.communes:
        story += [
            say(
                _("Communes and wards, share reached (whole per cent)"),
                "heading",
            ),
            _tiles(overview.communes),
        ]
    if overview.by_age:
        places = [_fairness(_("Where they work"), overview.by_place)] if overview.by_place else []
        ages = [_fairness(_("Age in the year"), overview.by_age)]
        story += [Spacer(0, 2 * mm), _pair(places, ages) if places else _pair(ages, [])]
    return official_pdf(
        title=_("Overview of the training goals, %(year)s") % {"year": frame.period.year},
        unit=frame.name,
        source=source_lines(frame, IndicatorCode.STAFF_TRAINED),
        story=story,
        margin=MARGIN,
    )


def _pair(left: Sequence[Flowable], right: Sequence[Flowable]) -> Table:
    return Table([[list(left), list(right)]], colWidths=[INNER / 2] * 2, style=PLAIN)


# ------------------------------------------------------------------ the goals


def _goal(title: str, number: str, below: str, goal: Goal, unit: str) -> list[Flowable]:
    found: list[Flowable] = [say(title, "bold"), say(number, "big")]
    if below:
        found.append(say(below))
    if goal.pace is None or goal.chart is None:
        return found
    found += [say(line) for line in _pace_lines(goal.pace, unit)]
    return [*found, _chart(goal.chart)]


def _pace_lines(pace: Pace, unit: str) -> list[str]:
    lines = [
        _("%(verdict)s; target %(target)s, missing %(missing)s")
        % {
            "verdict": _verdict(pace.verdict),
            "target": figure(pace.target),
            "missing": figure(pace.missing),
        }
    ]
    if pace.missing and pace.days_left and not pace.is_over:
        lines.append(
            _("Needed: %(needed)s; pace now: %(now)s; %(days)s days left")
            % {
                "needed": rate(pace.needed_per_day, unit, weekly=pace.is_slow, up=True),
                "now": rate(pace.recent_per_day, unit, weekly=pace.is_slow),
                "days": pace.days_left,
            }
        )
    if pace.has_forecast and pace.days_left:
        lines.append(
            _("Forecast for %(day)s: %(value)s %(unit)s (%(low)s to %(high)s)")
            % {
                "day": date_format(pace.ends_on),
                "value": figure(pace.forecast),
                "unit": unit,
                "low": figure(pace.forecast_low),
                "high": figure(pace.forecast_high),
            }
        )
    return lines


def _verdict(verdict: Verdict) -> str:
    return {
        Verdict.REACHED: _("Target met"),
        Verdict.ON_PACE: _("On pace"),
        Verdict.CLOSE: _("Touch and go"),
        Verdict.BEHIND: _("Behind"),
        Verdict.MISSED: _("Target missed"),
        Verdict.TOO_EARLY: _("Not enough data yet"),
    }[verdict]


def _chart(chart: LineChart) -> Drawing:
    """The geometry of the screen, upside down as paper wants it."""
    drawing = Drawing(WIDTH, HEIGHT)
    axis, ink = colors.HexColor("#c9d3da"), colors.black
    for tick in chart.y_ticks:
        y = HEIGHT - float(tick.place)
        drawing.add(Line(float(chart.left), y, float(chart.right), y, strokeColor=axis))
        drawing.add(_text(float(chart.tick_x), y - 3, tick.text, "end"))
    for tick in chart.x_ticks:
        drawing.add(_text(float(tick.place), HEIGHT - float(chart.tick_y), tick.text, "middle"))
    y = HEIGHT - float(chart.target_y)
    dashed = {"strokeColor": ink, "strokeDashArray": (6, 3)}
    drawing.add(Line(float(chart.left), y, float(chart.right), y, **dashed))
    drawing.add(PolyLine(_flipped(chart.need), strokeColor=ink, strokeDashArray=(1, 4)))
    if chart.forecast:
        drawing.add(PolyLine(_flipped(chart.forecast), strokeColor=ink, strokeDashArray=(5, 3)))
    drawing.add(PolyLine(_flipped(chart.line), strokeColor=ink, strokeWidth=2.5))
    drawing.add(Circle(float(chart.point[0]), HEIGHT - float(chart.point[1]), 4, fillColor=ink))
    for label in chart.side_labels:
        drawing.add(_text(label.x, HEIGHT - label.y, f"{label.name} {label.figure}"))
    if chart.point_label:
        label = chart.point_label
        words = f"{label.name} {label.figure}"
        drawing.add(_text(label.x, HEIGHT - label.y, words, label.anchor))
    return _scaled(drawing, HALF * 0.72)


def _flipped(path: str) -> list[float]:
    points = [point.split(",") for point in path.split()]
    return [value for x, y in points for value in (float(x), HEIGHT - float(y))]


def _text(x: float, y: float, words: str, anchor: str = "start", colour: str = "#000000") -> String:
    return String(
        x,
        y,
        words,
        fontName="Report",
        fontSize=10,
        textAnchor=anchor,
        fillColor=colors.HexColor(colour),
    )


def _scaled(drawing: Drawing, width: float) -> Drawing:
    factor = min(1, width / drawing.width)
    width = drawing.width * factor
    drawing.scale(factor, factor)
    drawing.width, drawing.height = width, drawing.height * factor
    drawing.hAlign = "CENTER"
    return drawing


# ------------------------------------------------------------------ the tables


def _extremes(title: str, rows: Sequence[UnitRow]) -> Table:
    return small_table(
        [title, _("Reached"), _("Headcount"), _("Share (%)")],
        [[row.name, row.counts.reached, row.counts.headcount, row.counts.percent] for row in rows],
        [HALF * 0.49, HALF * 0.16, HALF * 0.19, HALF * 0.16],
    )


def _fairness(title: str, rows: Sequence[FairnessRow]) -> Table:
    return small_table(
        [
            title,
            _("Headcount"),
            _("Share (%)"),
            _("Not started"),
            _("Learning now"),
            _("At the approval"),
        ],
        [
            [
                str(row.name),
                row.counts.headcount,
                row.counts.percent,
                row.nothing,
                row.learning,
                row.approval,
            ]
            for row in rows
        ],
        [HALF * share for share in (0.34, 0.14, 0.12, 0.14, 0.12, 0.14)],
    )


def _tiles(found: TileMap) -> Drawing:
    height = found.rows * SIDE
    drawing = Drawing(found.columns * SIDE, height)
    for tile in found.tiles:
        fill, ink = SHADES[tile.shade_class]
        x, y = tile.column * SIDE, height - (tile.row + 1) * SIDE
        side = SIDE - GAP
        edge = colors.HexColor("#666666")
        drawing.add(Rect(x, y, side, side, fillColor=colors.HexColor(fill), strokeColor=edge))
        drawing.add(_text(x + side / 2, y + side / 2 - 4, tile.figure, "middle", ink))
    return _scaled(drawing, INNER * 0.5)
