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
    agencies = _agencies(tree, unit)
    without = [agency for agency in agencies if holders.isdisjoint(tree.subtree_ids(agency))]
    return ItOfficers(len(agencies), [(agency, tree.name(agency)) for agency in without])


@dataclass(frozen=True)
class Agency:
    id: int
    name: str
    level: str
    officers: list[Post]
    """In it or below it, by name; each with its person."""


def agency_rows(tree: Tree, unit: int | None, day: date) -> list[Agency]:
    """The same agencies with their officers, those without one first. One query."""
    by_unit: dict[int, list[Post]] = {}
    posts = Post.objects.on(day).filter(is_it_officer=True).select_related("person")
    for post in posts.order_by("person__name_key", "person"):
        by_unit.setdefault(post.managing_unit_id, []).append(post)
    rows = [
        Agency(
            agency,
            tree.name(agency),
            tree[agency].level,
            [post for one in tree.subtree_ids(agency) for post in by_unit.get(one, [])],
        )
        for agency in _agencies(tree, unit)
    ]
    return sorted(rows, key=lambda row: bool(row.officers))


def _agencies(tree: Tree, unit: int | None) -> list[int]:
    """The units right below one; itself when it has none."""
    parents: Iterable[int] = tree.roots() if unit is None else [unit]
    found = [child for parent in parents for child in tree.children(parent)]
    return [unit] if not found and unit is not None else found
