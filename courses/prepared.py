"""A query that most visits ask, put into SQL once a process instead of once a visit.

Composing a statement costs the mapper more than the database takes to answer one. Only for the
few queries that every page asks; what they find is the same.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

NUMBER = -7_700_000_001
WORD = "\ue000word"
"""Stand for the value that is asked for, in the query from which the statement is made."""


class Prepared:
    """Rows as tuples, of a query that is given as a function of one number and one word.

    `make` is called once, when rows are first asked for, and gives a `values_list`; it must use
    what it is given as plain values of conditions.
    """

    def __init__(self, make: Callable[[int, str], QuerySet]) -> None:
        self.make = make

    def rows(self, number: int = 0, word: str = "") -> list[tuple[Any, ...]]:
        """One query."""
        sql, params, compiler, converters = self._composed
        values = [number if p == NUMBER else word if p == WORD else p for p in params]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall()
        if not converters:
            return found
        return [tuple(row) for row in compiler.apply_converters(found, converters)]

    @cached_property
    def _composed(self) -> tuple[str, Sequence[Any], Any, Any]:
        compiler = self.make(NUMBER, WORD).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [expression for expression, _sql, _alias in compiler.select]
        return sql, params, compiler, compiler.get_converters(columns)
