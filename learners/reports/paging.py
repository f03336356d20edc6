"""Pages by cursor: the last page of seventy thousand rows costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Model, Q, QuerySet

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


class CountedPaginator(Paginator):
    """Of rows whose number is known before: the figure that leads to them."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self._known = count

    @property
    def count(self) -> int:
        return self._known


@dataclass(frozen=True)
class ListPage:
    """As `Page`, of a list in memory."""

    rows: list[int]
    next: int | None
    previous: int | None


def page_of(
    rows: QuerySet[Row],
    key: str,
    *,
    runs: Sequence[Q] = (),
    descending: bool = False,
    after: Row | None = None,
    before: Row | None = None,
) -> Page[Row]:
    """The rows after or before a cursor, ordered by `key` and id; the first without one.

    Rows that consist of several runs are read run by run, each at most a page, and merged: so an
    index that begins with what distinguishes the runs serves them all. One query; two for runs.
    """
    backwards = before is not None
    cursor = before if backwards else after
    falling = descending != backwards
    order = [f"-{key}", "-pk"] if falling else [key, "pk"]
    wanted = rows.order_by(*order)
    if cursor is not None:
        wanted = _from(wanted, key, cursor, falling)
    if runs:
        wanted = rows.filter(pk__in=_first_of([wanted.filter(run) for run in runs]))
        wanted = wanted.order_by(*order)
    found = list(wanted[: PAGE_ROWS + 1])
    more, shown = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if backwards:
        shown.reverse()
    if not shown:
        return Page([], None, None)
    has_next = backwards or more
    has_previous = more if backwards else after is not None
    return Page(shown, shown[-1].pk if has_next else None, shown[0].pk if has_previous else None)


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


def _first_of(runs: Sequence[QuerySet]) -> list[int]:
    """Keys of the first page of each run. Limited queries cannot be united by the mapper on
    SQLite, so that they are put into one statement here."""
    parts: list[str] = []
    values: list[Any] = []
    for number, run in enumerate(runs):
        try:
            sql, of_run = run.values_list("pk")[: PAGE_ROWS + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({sql}) AS run_{number}")  # noqa: S608  the mapper's own
        values += of_run
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return [key for (key,) in cursor.fetchall()]


def _from(run: QuerySet[Row], key: str, cursor: Row, falling: bool) -> QuerySet[Row]:
    """Past the cursor. Not an OR of two ranges: this form starts at the cursor in the index."""
    here_on, up_to = ("lte", "gte") if falling else ("gte", "lte")
    value = getattr(cursor, key)
    return run.filter(**{f"{key}__{here_on}": value}).exclude(
        **{key: value, f"pk__{up_to}": cursor.pk}
    )
