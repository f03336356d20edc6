"""A query that most visits ask, put into SQL once a process instead of once a visit.

Composing a statement costs the mapper more than the database takes to answer one. Only for the
few queries that every page asks; what they find is the same.
"""

from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.models import QuerySet

NUMBER = -7_700_000_001
WORD = "\ue000word"
"""Stand for the value that is asked for, in the query from which the statement is made."""


class Prepared:
    """Rows as tuples, of a query that is given as a function of one number and one word.

    `make` is called once for each database and gives a `values_list`; it must use what it is
    given as plain values of conditions.
    """

    def __init__(self, make: Callable[[int, str], QuerySet]) -> None:
        self.make = make
        self._composed: dict[str, tuple[str, list[Any], Any, Any]] = {}

    def rows(self, number: int = 0, word: str = "") -> list[tuple[Any, ...]]:
        """One query."""
        query = self._composed.get("default") or self._compose("default")
        sql, params, compiler, converters = query
        values = [number if p == NUMBER else word if p == WORD else p for p in params]
        connection = connections["default"]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall()
        if not converters:
            return found
        return [tuple(row) for row in compiler.apply_converters(found, converters)]

    def _compose(self, using: str) -> tuple[str, list[Any], Any, Any]:
        query = self.make(NUMBER, WORD).query
        compiler = query.get_compiler(using)
        sql, params = compiler.as_sql()
        columns = [expression for expression, _sql, _alias in compiler.select]
        converters = compiler.get_converters(columns)
        self._composed[using] = (sql, list(params), compiler, converters)
        return self._composed[using]
