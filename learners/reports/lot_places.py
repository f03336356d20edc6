"""In which commune of a tree something lies: a class by its address, a person by his unit.

A code without a date points at the wrong unit, so a class's commune is the one that its code
meant on its first day; what is no longer in the tree lies where its successor stands.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from learners.models import OrganisationVersion
from learners.reports.regrouping import graft
from learners.tree import Tree


class Dated(Protocol):
    """What of a class says where it takes place."""

    pk: int
    commune_code: str
    starts_on: date


def class_places(classes: Iterable[Dated], tree: Tree) -> dict[int, int | None]:
    """By class: the commune where it takes place; None for one that names none, as an online one
    does. Three queries at most."""
    found = list(classes)
    units = _units_meant({(one.commune_code, one.starts_on) for one in found if one.commune_code})
    communes = unit_places(units.values(), tree)
    return {one.pk: communes.get(units.get((one.commune_code, one.starts_on), 0)) for one in found}


def unit_places(units: Iterable[int], tree: Tree) -> dict[int, int | None]:
    """By unit: the commune that it is or lies in; None for a unit of the province or a district.
    Two queries, none when the tree holds them all."""
    wanted = set(units)
    missing = sorted(unit for unit in wanted if unit not in tree)
    whole = graft(tree, missing) if missing else tree
    return {unit: _commune_of(unit, whole) for unit in wanted}


def _commune_of(unit: int, tree: Tree) -> int | None:
    if unit not in tree:
        return None
    line = [unit, *reversed(tree.ancestors(unit))]
    return next((one for one in line if tree[one].is_commune), None)


def _units_meant(codes: set[tuple[str, date]]) -> dict[tuple[str, date], int]:
    """What each code meant on its day. One query."""
    named = {f"X{code.removeprefix('X')}" for code, _day in codes}
    versions = OrganisationVersion.objects.filter(code__in=named).values_list(
        "code", "organisation_id", "valid_from", "valid_to"
    )
    by_code: dict[str, list[tuple[int, date, date | None]]] = {}
    for code, unit, first, last in versions:
        by_code.setdefault(code, []).append((unit, first, last))
    meant = {}
    for code, day in codes:
        for unit, first, last in by_code.get(f"X{code.removeprefix('X')}", []):
            if first <= day and (last is None or day <= last):
                meant[code, day] = unit
    return meant
