"""Chance that can be repeated."""

import random
from datetime import date, timedelta


def chance(*what: object) -> random.Random:
    """A generator for one thing, so that nothing depends on what was made before it."""
    return random.Random(":".join(map(str, what)))  # noqa: S311  nothing secret


WAVES = (0.45, 0.85)
"""Campaigns of training in early summer and in autumn, as parts of the plan year."""


def training_day(luck: random.Random, starts_on: date, ends_on: date, today: date) -> date:
    """A working day of the plan year up to today: half in the waves, half at any time."""
    last = min(today, ends_on)
    day = last + timedelta(days=1)
    for _ in range(10):
        if not starts_on <= day <= last:
            part = luck.random() if luck.random() < 0.5 else luck.gauss(luck.choice(WAVES), 0.06)
            day = starts_on + timedelta(days=int(part * (ends_on - starts_on).days))
    if not starts_on <= day <= last:  # the year is young: no wave has been yet
        day = starts_on + timedelta(days=luck.randrange((last - starts_on).days + 1))
    if day.weekday() >= 5:
        day -= timedelta(days=2)
    return max(day, starts_on)
