"""Many rows at once, without an object for each: COPY on PostgreSQL, one prepared statement on
SQLite; and one parameter for the thousand values by which rows are looked for.

For tables that are written by the hundred thousand; everything else goes through the models.
"""

import gc
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from operator import attrgetter
from typing import Any

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

Model = type[models.Model]


def insert_rows(model: Model, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert the rows, whose values stand in the order of `names` (columns' attributes).

    Values are as the attribute holds them. No defaults, signals or checks of the model; all of
    the database. All or none. Raises IntegrityError as any insert does.
    """
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    written = _written(rows, _writers(fields))
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
            ):
                for row in written:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(names))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(statement, list(written))


def insert_objects(model: Model, objects: Sequence[models.Model]) -> None:
    """As `insert_rows`, of unsaved objects, which get their keys. For rows that are at hand as
    objects anyway; what they point at is read from their `…_id`."""
    for one, key in zip(objects, reserve_keys(model, len(objects)), strict=True):
        one.pk = key
    fields = model._meta.concrete_fields
    insert_rows(
        model,
        [field.attname for field in fields],
        ([field.pre_save(one, add=True) for field in fields] for one in objects),
    )


def add_to_counts(
    model: Model, key: Sequence[str], count: str, moved: Mapping[tuple, int], **fixed: Any
) -> None:
    """Add to the count of each key, whose values stand in the order of `key`; a key that has no
    row yet gets one. `fixed` is the part of the key that all have in common.

    The database adds, so that nothing is read before. A unique constraint must hold the key.
    """
    if not moved:
        return
    names = [*fixed, *key, count]
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = [connection.ops.quote_name(field.column) for field in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    marks = ", ".join(["%s"] * len(names))
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
        f" ON CONFLICT ({', '.join(columns[:-1])})"
        f" DO UPDATE SET {columns[-1]} = {table}.{columns[-1]} + excluded.{columns[-1]}"
    )
    # In one order, so that two who add to the same rows wait for one another and do not lock.
    rows = [(*fixed.values(), *of, change) for of, change in sorted(moved.items())]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def among(values: Collection[Any]) -> RawSQL | Collection[Any]:
    """The values (numbers, texts or days of one kind) for a look-up `__in`, as one parameter.

    Thousands of placeholders cost more than the look-up, and SQLite has no more than 250,000.
    """
    if not values:
        return values  # Django asks nothing then.
    first = next(iter(values))
    packed = json.dumps(list(values), default=date.isoformat)
    if connection.vendor == "postgresql":
        kind = {int: "bigint", date: "date"}.get(type(first), "text")
        statement = f"SELECT unnest(ARRAY(SELECT json_array_elements_text(%s::json)::{kind}))"
        return RawSQL(statement, [packed])  # noqa: S611
    return RawSQL("SELECT value FROM json_each(%s)", [packed])


def keys_where(model: Model, names: Sequence[str], values: Collection[tuple]) -> RawSQL:
    """The primary keys of the rows whose attributes `names` have the values of one of the tuples,
    for a look-up `pk__in`: one search of an index for each tuple."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = [connection.ops.quote_name(field.column) for field in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    packed = json.dumps(list(values), default=date.isoformat)
    if connection.vendor == "postgresql":
        wanted = "json_array_elements(%s::json) AS wanted (value) JOIN"
        kinds = ["::date" if isinstance(field, models.DateField) else "" for field in fields]
        parts = [f"(wanted.value ->> {at}){kind}" for at, kind in enumerate(kinds)]
    else:
        # CROSS JOIN: what is wanted is gone through, whatever SQLite thinks of the table.
        wanted = "json_each(%s) AS wanted CROSS JOIN"
        parts = [f"json_extract(wanted.value, '$[{at}]')" for at in range(len(fields))]
    same = " AND ".join(
        f"found.{column} = {part}" for column, part in zip(columns, parts, strict=True)
    )
    statement = f"SELECT found.id FROM {wanted} {table} AS found ON {same}"  # noqa: S608
    if connection.vendor == "postgresql":
        # Found first and for itself: joined with the rest, a table that was never analysed
        # would be gone through once for each row.
        statement = f"SELECT unnest(ARRAY({statement}))"
    return RawSQL(statement, [packed])  # noqa: S611


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for cycles only when it is asked to (`gc.collect`), and only among what
    was made since: with a hundred thousand rows at hand it would look through all of them
    again and again, and find none.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def reserve_keys(model: Model, count: int) -> list[int]:
    """Keys that nobody else will get, for rows to be inserted in this transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), count],
            )
            return [key for (key,) in cursor.fetchall()]
        # Whoever is in a transaction that writes is alone on SQLite.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        last = found[0] if found else 0
        return list(range(last + 1, last + 1 + count))


Writer = Callable[[Any], Any]


def _writers(fields: Sequence[Any]) -> list[tuple[int, Writer]]:
    """By place, what must be written otherwise than it is held."""
    found: list[tuple[int, Writer]] = []
    for place, field in enumerate(fields):
        if isinstance(field, models.JSONField):
            found.append((place, _as_json))
        elif isinstance(field, models.DateTimeField):
            found.append((place, connection.ops.adapt_datetimefield_value))
        elif isinstance(field, models.DateField) and connection.vendor == "sqlite":
            found.append((place, date.isoformat))
        elif field.choices:
            found.append((place, str))
        elif connection.vendor == "sqlite" and _holds_uuids(field):
            found.append((place, attrgetter("hex")))
    return found


def _holds_uuids(field: Any) -> bool:
    return isinstance(field.target_field if field.is_relation else field, models.UUIDField)


def _as_json(value: Any) -> str:
    # Most rows of a list have nothing to say there.
    return "[]" if value == [] else json.dumps(value, ensure_ascii=False)


def _written(
    rows: Iterable[Sequence[Any]], writers: Sequence[tuple[int, Writer]]
) -> Iterator[Sequence[Any]]:
    if not writers:
        yield from rows
        return
    for row in rows:
        values = list(row)
        for place, write in writers:
            value = values[place]
            if value is not None and not (write is str and type(value) is str):
                values[place] = write(value)
        yield values
