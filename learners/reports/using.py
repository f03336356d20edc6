"""Where people of the denominator do their work, when that is another unit than the managing one.

Goal 1 counts everybody where the managing unit is. HR reaches people where they work: so lists
name that unit and can be narrowed to it, and no figure changes.
"""

from collections.abc import Collection
from datetime import date

from django.db.models import F, QuerySet

from learners.models import Post

ELSEWHERE = "noi-khac"
"""In addresses: whoever works in another unit than the managing one, wherever it is."""

MOST = 5000
"""Seconded posts looked through for a choice of using units."""


def seconded(day: date, units: Collection[int] | None) -> QuerySet[Post]:
    """Main posts of that day in some units (None: in all) whose work is done in another one. Read
    by an index of such posts alone, however many people there are."""
    posts = Post.objects.on(day).filter(is_main=True).exclude(using_unit=F("managing_unit"))
    return posts if units is None else posts.filter(managing_unit__in=units)


def using_units(day: date, units: Collection[int] | None) -> set[int]:
    """The units in which people of those units work who belong to others, of the first MOST such
    posts. One query."""
    # In the order of their index, and not too many: PostgreSQL takes nearly all posts for seconded
    # and would read every one. Told apart here: asked for distinct ones, SQLite does the same.
    found = seconded(day, units).order_by("managing_unit_id", "using_unit_id")
    return set(found.values_list("using_unit_id", flat=True)[:MOST])


def working_at(using: str, day: date, units: Collection[int] | None) -> QuerySet[Post]:
    """The main posts of that day whose work is done in a unit, or elsewhere than managed."""
    if using == ELSEWHERE:
        return seconded(day, units)
    posts = Post.objects.on(day).filter(is_main=True, using_unit=int(using))
    return posts if units is None else posts.filter(managing_unit__in=units)
