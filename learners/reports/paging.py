"""Pages by cursor: the last page of seventy thousand rows costs what the first does."""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

PAGE_ROWS = 50

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows between two cursors; a cursor is the id of a row."""

    rows: list[Row]
    next: int | None
    """Show the rows after this one; None on the last page."""
    previous: int | None
    """Show the rows before this one; None on the first page."""


@dataclass(frozen=True)
class ListPage:
    """As `Page`, of a list in memory."""

    rows: list[int]
    next: int | None
    previous: int | None


def page_of(
    runs: Sequence[QuerySet[Row]],
    key: str,
    *,
    descending: bool = False,
    after: Row | None = None,
    before: Row | None = None,
) -> Page[Row]:
    """The rows after or before a cursor, ordered by `key` and id; the first without one.

    Several runs are read in order and merged, each with one query of at most a page: so
    an index that begins with what distinguishes the runs serves them all.
    """
    backwards = before is not None
    cursor = before if backwards else after
    falling = descending != backwards
    order = [f"-{key}", "-pk"] if falling else [key, "pk"]
    pages = []
    for run in runs:
        run = run.order_by(*order)
        if cursor is not None:
            run = _from(run, key, cursor, falling)
        pages.append(run[: PAGE_ROWS + 1])
    place: Callable = attrgetter(key, "pk")
    found = list(islice(heapq.merge(*pages, key=place, reverse=falling), PAGE_ROWS + 1))
    more, rows = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([], None, None)
    has_next = backwards or more
    has_previous = more if backwards else after is not None
    return Page(rows, rows[-1].pk if has_next else None, rows[0].pk if has_previous else None)


def list_page(
    keys: Sequence[int], *, after: int | None = None, before: int | None = None
) -> ListPage:
    """As `page_of`, of a list in memory; a cursor is one of its keys. One that is gone begins the
    list anew."""
    first = 0
    if after in keys:
        first = keys.index(after) + 1
    elif before in keys:
        first = max(0, keys.index(before) - PAGE_ROWS)
    shown = list(keys[first : first + PAGE_ROWS])
    if not shown:
        return ListPage([], None, None)
    more = first + PAGE_ROWS < len(keys)
    return ListPage(shown, shown[-1] if more else None, shown[0] if first else None)


def _from(run: QuerySet[Row], key: str, cursor: Row, falling: bool) -> QuerySet[Row]:
    """Past the cursor. Not an OR of two ranges: this form starts at the cursor in the index."""
    here_on, up_to = ("lte", "gte") if falling else ("gte", "lte")
    value = getattr(cursor, key)
    return run.filter(**{f"{key}__{here_on}": value}).exclude(
        **{key: value, f"pk__{up_to}": cursor.pk}
    )
