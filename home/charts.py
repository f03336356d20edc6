"""Charts as geometry: every coordinate is worked out here, a template only draws it.

The words and figures come from the same Pace that the page prints, so a chart cannot
say anything else. Coordinates are strings, out of reach of the page's number format.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from learners.periods import month_bounds
from learners.reports.pace import Pace

WIDTH, HEIGHT = 340, 214
LEFT, RIGHT, TOP, BOTTOM = 48, 274, 14, 186
"""The plot; labels of the lines stand to the right of it, in a column of their own."""
LABEL_X = RIGHT + 7
LABEL_HEIGHT = 30
LETTER = 6.4
"""Width of a letter, a little generous."""


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    name: str
    figure: str
    anchor: str = "start"

    @property
    def place(self) -> str:
        return f"translate({self.x:.1f} {self.y:.1f})"


@dataclass(frozen=True)
class Tick:
    place: str
    text: str


@dataclass(frozen=True)
class LineChart:
    """Cumulative months against a target."""

    title: str
    """One sentence with the figures: what a screen reader says instead of the picture."""
    line: str
    need: str
    """From nothing to the target in even steps."""
    forecast: str
    band: str
    point: tuple[str, str]
    target_y: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    side_labels: list[Label]
    """Beside the plot: a name above its figure."""
    point_label: Label | None
    """At the point of today, in one line, while it is far from the right edge."""

    view_box = f"0 0 {WIDTH} {HEIGHT}"
    left, right, bottom = str(LEFT), str(RIGHT), str(BOTTOM)
    tick_y = str(BOTTOM + 16)
    tick_x = str(LEFT - 6)


def line_chart(pace: Pace, title: str) -> LineChart:
    """The chart of one goal. Labels never overlap, in whatever month it is drawn."""
    highest = max(pace.target, pace.forecast_high if pace.has_forecast else 0, pace.reached, 1)

    def x_of(day: date) -> float:
        return LEFT + (RIGHT - LEFT) * (day - pace.starts_on).days / (pace.days_total - 1)

    def y_of(count: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * count / highest

    today = (x_of(pace.today), y_of(pace.reached))
    forecast = band = ""
    if pace.has_forecast and pace.days_left:
        forecast = _path([today, (RIGHT, y_of(pace.forecast))])
        band = _path([today, (RIGHT, y_of(pace.forecast_low)), (RIGHT, y_of(pace.forecast_high))])
    side, point_label = _labels(pace, today, y_of)
    return LineChart(
        title=title,
        line=_path([(x_of(point.day), y_of(point.reached)) for point in pace.points]),
        need=_path([(LEFT, BOTTOM), (RIGHT, y_of(pace.target))]),
        forecast=forecast,
        band=band,
        point=(f"{today[0]:.1f}", f"{today[1]:.1f}"),
        target_y=f"{y_of(pace.target):.1f}",
        x_ticks=_x_ticks(pace, x_of),
        y_ticks=[
            Tick(f"{y_of(count):.1f}", figure(count)) for count in _y_steps(pace.target, highest)
        ],
        side_labels=side,
        point_label=point_label,
    )


def figure(count: float, decimals: int = 0) -> str:
    """A number as the page writes it: 1.234,5 in Vietnamese."""
    return number_format(count, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def _path(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _x_ticks(pace: Pace, x_of: Callable[[date], float]) -> list[Tick]:
    days = [month_bounds(month, pace.starts_on)[0] for month in (1, 4, 7, 10)]
    return [Tick(f"{x_of(day):.1f}", f"{day.day}/{day.month}") for day in [*days, pace.ends_on]]


def _y_steps(target: int, highest: int) -> list[int]:
    """Zero, the target, and half of it while a half is a whole number worth naming."""
    steps = [0, target // 2, target] if target >= 10 else [0, target]
    # A target of a few beside a result of many would print its ticks onto one another.
    return steps if target * 3 >= highest else [0, highest]


def _labels(
    pace: Pace, today: tuple[float, float], y_of: Callable[[float], float]
) -> tuple[list[Label], Label | None]:
    x, y = today
    reached = Label(x, y, _("Result") if pace.is_over else _("Today"), figure(pace.reached))
    beside = [Label(LABEL_X, y_of(pace.target), _("Target"), figure(pace.target))]
    if pace.has_forecast and pace.days_left:
        at = y_of(pace.forecast)
        beside.append(Label(LABEL_X, at, _("Forecast"), figure(pace.forecast)))
    if x > LEFT + 0.72 * (RIGHT - LEFT):
        beside.append(replace(reached, x=LABEL_X))
        return _spread(beside), None
    return _spread(beside), _at_point(reached)


def _spread(labels: list[Label]) -> list[Label]:
    """Each as near to its line as the others allow, from the top down, inside the picture."""
    placed: list[Label] = []
    lowest: float = TOP
    for label in sorted(labels, key=lambda label: label.y):
        y = max(label.y, lowest)
        placed.append(replace(label, y=y))
        lowest = y + LABEL_HEIGHT
    ceiling = BOTTOM - LABEL_HEIGHT / 2
    for place in reversed(range(len(placed))):
        y = min(placed[place].y, ceiling)
        placed[place] = replace(placed[place], y=y)
        ceiling = y - LABEL_HEIGHT
    return placed


def _at_point(label: Label) -> Label:
    """Above and to the left of the point, where the rising line never is."""
    width = LETTER * (len(label.name) + len(label.figure) + 1)
    above = label.y - 10
    y = above if above > TOP + 12 else label.y + 20
    if label.x - 6 - width > LEFT:
        return replace(label, x=label.x - 6, y=y, anchor="end")
    return replace(label, x=LEFT + 4, y=y)
