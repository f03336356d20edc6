"""What a page that only reads asks for once, however many of its parts want to know."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, DecimalField, JSONField, QuerySet, Value
from django.db.models.functions import JSONObject

P = ParamSpec("P")
T = TypeVar("T")

MOST_VALUES = 30_000
"""In one statement: SQLite takes 32,766 as it comes from its makers."""

_kept: ContextVar[dict[tuple, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Nothing is written inside: what was found once is found again, without a query."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(function: Callable[P, T]) -> Callable[P, T]:
    """Called once for the same arguments while a page is read, each time everywhere else.

    The callers share the answer, so nobody changes it; positional arguments only.
    """

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        kept = _kept.get()
        if kept is None:
            return function(*args, **kwargs)
        key = (function, *args)
        if key not in kept:
            kept[key] = function(*args, **kwargs)
        return kept[key]

    return asked


def in_one(*asked: tuple[QuerySet, dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The rows of several queries, of unlike tables, in one; each with the columns wanted of it.

    For few rows. They come in no order, and values as JSON has them: a day as a text, a number
    with a fraction as a float. `from_json` makes them what a field holds.
    """
    return apart(as_one(*asked), len(asked))


def as_one(*asked: tuple[QuerySet, dict[str, Any]]) -> QuerySet:
    """The query of `in_one`, not yet asked: rows with the place of their query."""
    parts = [
        rows.order_by()
        .annotate(one_place=Value(place), one_row=JSONObject(**columns))
        .values_list("one_place", "one_row")
        for place, (rows, columns) in enumerate(asked)
    ]
    return parts[0].union(*parts[1:], all=True)


def apart(rows: Iterable[tuple[int, dict[str, Any]]], number: int) -> list[list[dict[str, Any]]]:
    """By query, what `as_one` found."""
    found: list[list[dict[str, Any]]] = [[] for _place in range(number)]
    for place, row in rows:
        found[place].append(row)
    return found


def count_each(*asked: QuerySet) -> list[int]:
    """How many rows each query has: in one query, or in as few as can hold all their values."""
    counts = [0] * len(asked)
    with connection.cursor() as cursor:
        for statement, values in _packed(asked):
            cursor.execute(statement, values)
            for place, number in cursor.fetchall():
                counts[place] = number
    return counts


def _packed(asked: Sequence[QuerySet]) -> Iterator[tuple[str, list[Any]]]:
    parts: list[str] = []
    values: list[Any] = []
    for place, rows in enumerate(asked):
        try:
            statement, its = rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        if parts and len(values) + len(its) > MOST_VALUES:
            yield " UNION ALL ".join(parts), values
            parts, values = [], []
        parts.append(f"SELECT {place}, COUNT(*) FROM ({statement}) AS found")  # noqa: S608
        values += its
    if parts:
        yield " UNION ALL ".join(parts), values


def from_json(field: Any, value: Any) -> Any:
    """What the field holds, of a value of `in_one`."""
    if value is None:
        return None
    if isinstance(field, JSONField):
        # SQLite keeps it as a text, and gives a text in a text.
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(field, DecimalField):
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-field.decimal_places))
    if isinstance(field, DateTimeField):
        # SQLite keeps it in UTC, without saying so.
        at = datetime.fromisoformat(value)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return field.to_python(value)
