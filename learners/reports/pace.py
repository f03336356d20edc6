"""Pace, need and forecast of a year's goal. Pure functions: no database, no clock.

Days are local days and both ends of a period count. Today counts as passed, so that
days passed and days left always make the whole period.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from learners.periods import month_bounds, period_month

TOO_EARLY_DAYS = 30
"""A forecast from fewer days would be noise."""

RECENT_MONTHS = 3
"""The recent pace covers the running month of the period and the two before it."""


class Verdict(StrEnum):
    REACHED = "reached"
    ON_PACE = "on_pace"
    CLOSE = "close"
    BEHIND = "behind"
    TOO_EARLY = "too_early"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Point:
    """How many were reached at the end of one day."""

    day: date
    reached: int


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a goal stands on one day and where it is heading."""

    starts_on: date
    ends_on: date
    today: date
    """The last day counted: never after the period."""
    reached: int
    target: int
    points: tuple[Point, ...]
    """Cumulative: the eve of the period as zero, each month's last day, and today."""
    recent_since: date
    recent_per_day: float
    whole_per_day: float
    is_over: bool
    ceiling: int | None
    """Nobody can be reached twice: a forecast stops at the number of people."""

    @property
    def days_total(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def days_passed(self) -> int:
        return (self.today - self.starts_on).days + 1

    @property
    def days_left(self) -> int:
        return (self.ends_on - self.today).days

    @property
    def missing(self) -> int:
        return max(0, self.target - self.reached)

    @property
    def needed_per_day(self) -> float:
        """What the days left must bring; on the last day, what is still missing."""
        return self.missing / max(1, self.days_left)

    @property
    def is_slow(self) -> bool:
        """Less than one a day: both paces are then told by the week, so they compare."""
        paces = [self.recent_per_day, *([self.needed_per_day] if self.missing else [])]
        return min(paces) < 1

    @property
    def has_forecast(self) -> bool:
        return not self.is_over and self.days_passed >= TOO_EARLY_DAYS

    @property
    def forecast(self) -> int:
        """At the end of the period if the recent pace holds."""
        return self._at(self.recent_per_day)

    @property
    def forecast_low(self) -> int:
        return self._at(min(self.recent_per_day, self.whole_per_day))

    @property
    def forecast_high(self) -> int:
        return self._at(max(self.recent_per_day, self.whole_per_day))

    def _at(self, per_day: float) -> int:
        # The grain keeps 0.1 * 30 from ending as 2.
        projected = self.reached + math.floor(per_day * self.days_left + 1e-9)
        return projected if self.ceiling is None else min(projected, self.ceiling)

    @property
    def verdict(self) -> Verdict:
        """One word: on pace if both forecasts meet the target, close if one of them does."""
        if self.reached >= self.target:
            return Verdict.REACHED
        if self.is_over:
            return Verdict.MISSED
        if not self.has_forecast:
            return Verdict.TOO_EARLY
        if self.forecast_low >= self.target:
            return Verdict.ON_PACE
        return Verdict.CLOSE if self.forecast_high >= self.target else Verdict.BEHIND


def pace_of(
    by_month: Sequence[int],
    *,
    starts_on: date,
    ends_on: date,
    today: date,
    target: int,
    ceiling: int | None = None,
) -> Pace:
    """The pace on a local day, from how many were reached in each month of the period.

    `by_month` holds one figure for each month, the first month first; a day after the
    period gives the final state.
    """
    is_over = today > ends_on
    today = min(today, ends_on)
    month = period_month(today, starts_on)
    first_recent = max(1, month - RECENT_MONTHS + 1)
    recent_since, _last = month_bounds(first_recent, starts_on)
    reached = sum(by_month)
    return Pace(
        starts_on=starts_on,
        ends_on=ends_on,
        today=today,
        reached=reached,
        target=target,
        points=_points(by_month[:month], starts_on, today),
        recent_since=recent_since,
        recent_per_day=sum(by_month[first_recent - 1 :]) / ((today - recent_since).days + 1),
        whole_per_day=reached / ((today - starts_on).days + 1),
        is_over=is_over,
        ceiling=ceiling,
    )


def _points(by_month: Sequence[int], starts_on: date, today: date) -> tuple[Point, ...]:
    points, reached = [Point(starts_on, 0)], 0
    for month, count in enumerate(by_month, start=1):
        reached += count
        points.append(Point(min(month_bounds(month, starts_on)[1], today), reached))
    return tuple(points)
