"""Indicator "every agency has an officer in charge of IT": agencies, not people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from learners.models import Post
from learners.tree import Tree


@dataclass(frozen=True)
class ItOfficers:
    agencies: int
    without: list[tuple[int, str]]
    """Id and name of each agency with no IT officer in it or below it, by name."""

    @property
    def covered(self) -> int:
        return self.agencies - len(self.without)


def it_officers(tree: Tree, unit: int | None, day: date) -> ItOfficers:
    """The agencies right below a unit (None: below all roots), judged on one day.

    An officer in a division counts for the agency above it. One query.
    """
    holders = frozenset(
        Post.objects.on(day)
        .filter(is_it_officer=True)
        .values_list("managing_unit_id", flat=True)
        .order_by()
        .distinct()
    )
    parents: Iterable[int] = tree.roots() if unit is None else [unit]
    agencies = [child for parent in parents for child in tree.children(parent)]
    if not agencies and unit is not None:
        agencies = [unit]
    without = [agency for agency in agencies if holders.isdisjoint(tree.subtree_ids(agency))]
    return ItOfficers(len(agencies), [(agency, tree.name(agency)) for agency in without])
