"""Long lists read piece by piece, with no statement left open in between.

Whoever writes while reading, as a job does that tells how far it is, would find a database of
one file locked by its own open statement. What belongs to the list is settled at the start, for
eight bytes a row.
"""

from array import array
from collections.abc import Iterator

from django.db.models import Model, QuerySet

SIZE = 500


def id_batches(rows: QuerySet[Model], field: str = "pk", size: int = SIZE) -> Iterator[list[int]]:
    """The whole numbers in one column of the rows, in their order, so many at a time."""
    ids = array("q", rows.values_list(field, flat=True).iterator())
    for start in range(0, len(ids), size):
        yield ids[start : start + size].tolist()
