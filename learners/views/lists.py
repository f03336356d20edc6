"""A list behind a number: the same columns and rows on the page and in the file."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.paginator import Page
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from courses.models import ClassGroup
from learners.exports import Cell, Column, Kind
from learners.permissions import Viewer, people_for, provable_classes, taggable_classes
from learners.reports.paging import CountedPaginator
from learners.reports.results import Results
from learners.tree import Tree
from learners.views.frame import Frame

ON_A_PAGE = 50
IN_A_BATCH = 500
FIGURES = (Kind.NUMBER, Kind.PERCENT)


@dataclass(frozen=True)
class Row:
    cells: list[Cell]
    person: int | None = None
    """Whose page the first cell leads to, for those who may see it."""
    key: int | None = None
    """Of the class or course that the row is about."""


class ResultList(ABC):
    """One way to list results. Rows are found by keys, a page or a batch at a time."""

    leads_to_classes = False
    """Whether the rows are classes, whose evidence some may see."""

    def __init__(self, results: Results, tree: Tree, count: int | None = None) -> None:
        """`count`, if it is known: the figure that leads to the list."""
        self.results, self.tree, self._known = results, tree, count

    @property
    @abstractmethod
    def title(self) -> str:
        """Of the list, without the number."""

    @property
    @abstractmethod
    def columns(self) -> list[Column]: ...

    @property
    def totals(self) -> dict[int, int | Decimal]:
        """By place of the column: what the figures of its rows add up to."""
        return {}

    @property
    @abstractmethod
    def keys(self) -> QuerySet[Any]:
        """In the order of the list, one for each row."""

    @abstractmethod
    def rows(self, keys: Sequence[Any]) -> list[Row]:
        """The rows of some keys, in a number of queries that does not depend on how many."""

    @cached_property
    def count(self) -> int:
        return self.keys.count() if self._known is None else self._known

    def page(self, number: str | None) -> Page:
        return CountedPaginator(self.keys, ON_A_PAGE, self.count).get_page(number)

    def cells(self) -> Iterator[list[Cell]]:
        """Of every row. What belongs to the list is settled first: a job that writes while it
        reads leaves no statement open (learners.reports.batches)."""
        keys = iter(list(self.keys.iterator(chunk_size=IN_A_BATCH)))
        while batch := list(islice(keys, IN_A_BATCH)):
            for row in self.rows(batch):
                yield row.cells


@dataclass(frozen=True)
class ShownRow:
    """A row as the page prints it."""

    head: Cell
    address: str
    """Where the first cell leads; empty for who may not go there."""
    cells: list[tuple[Cell, bool]]
    """The others; whether each is a figure."""
    key: int | None
    may_tag: bool
    """Whether the viewer says what the class serves in the plan."""


def shown_rows(
    viewer: Viewer, frame: Frame, listing: ResultList, rows: Sequence[Row]
) -> list[ShownRow]:
    """With links to people and classes where the viewer may go. One query for each that occurs."""
    figures = [column.kind in FIGURES for column in listing.columns]
    people = _people(viewer, rows)
    provable, taggable = _classes(viewer, rows) if listing.leads_to_classes else (set(), set())
    return [
        ShownRow(
            head=row.cells[0],
            address=_address(frame, row, people, provable),
            cells=list(zip(row.cells[1:], figures[1:], strict=True)),
            key=row.key,
            may_tag=row.key in taggable,
        )
        for row in rows
    ]


def _people(viewer: Viewer, rows: Sequence[Row]) -> set[int]:
    wanted = [row.person for row in rows if row.person is not None]
    return set(people_for(viewer).filter(pk__in=wanted).values_list("pk", flat=True))


def _classes(viewer: Viewer, rows: Sequence[Row]) -> tuple[set[int], set[int]]:
    """Whose evidence the viewer may see, and of which he says what they serve."""
    wanted = [row.key for row in rows if row.key is not None]
    found = ClassGroup.objects.filter(pk__in=wanted).values_list(
        "pk",
        Exists(provable_classes(viewer).filter(pk=OuterRef("pk"))),
        Exists(taggable_classes(viewer).filter(pk=OuterRef("pk"))),
    )
    known = list(found)
    return {pk for pk, proves, _t in known if proves}, {pk for pk, _p, tags in known if tags}


def _address(frame: Frame, row: Row, people: set[int], classes: set[int]) -> str:
    if row.person in people:
        return f"{reverse('reports:person', args=[row.person])}?{frame.query(unit=None, part='')}"
    return reverse("learners:evidence", args=[row.key]) if row.key in classes else ""
