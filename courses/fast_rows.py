"""Many new rows at once, without an object for each: COPY on PostgreSQL, one prepared statement
on SQLite.

For tables that are written by the hundred thousand; everything else goes through the models.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db import connection, models, transaction

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
            found.append((place, partial(json.dumps, ensure_ascii=False)))
        elif isinstance(field, models.DateTimeField):
            found.append((place, connection.ops.adapt_datetimefield_value))
        elif isinstance(field, models.DateField) and connection.vendor == "sqlite":
            found.append((place, date.isoformat))
        elif field.choices:
            found.append((place, str))
    return found


def _written(
    rows: Iterable[Sequence[Any]], writers: Sequence[tuple[int, Writer]]
) -> Iterator[list[Any]]:
    for row in rows:
        values = list(row)
        for place, write in writers:
            if values[place] is not None:
                values[place] = write(values[place])
        yield values
