"""Names of units, also of those that are no more."""

from collections.abc import Iterable
from datetime import date

from learners.models import OrganisationVersion
from learners.tree import Tree

_PREFIX = "Ủy ban nhân dân "


def unit_names(units: Iterable[int], tree: Tree) -> dict[int, str]:
    """Names on the tree's day; a unit not in the tree keeps the last name it had.

    No query when the tree holds them all, one otherwise.
    """
    wanted = set(units)
    names = {unit: tree.name(unit) for unit in wanted if unit in tree}
    if lost := wanted - names.keys():
        versions = OrganisationVersion.objects.filter(organisation__in=lost).order_by("valid_from")
        names |= dict(versions.values_list("organisation_id", "name"))
    return names


def names_on(days: Iterable[tuple[int, date]]) -> dict[tuple[int, date], str]:
    """The name that each unit had on its day. One query."""
    wanted = set(days)
    versions = OrganisationVersion.objects.filter(
        organisation__in={unit for unit, _day in wanted}
    ).order_by("valid_from")
    names: dict[tuple[int, date], str] = {}
    for unit, name, valid_from in versions.values_list("organisation_id", "name", "valid_from"):
        for wanted_unit, day in wanted:
            if wanted_unit == unit and valid_from <= day:
                names[unit, day] = name
    return names


def short_name(name: str) -> str:
    """ "Xã Kim Liên" for "Ủy ban nhân dân xã Kim Liên": what people call it in a table."""
    if not name.startswith(_PREFIX):
        return name
    rest = name.removeprefix(_PREFIX)
    return rest[:1].upper() + rest[1:]
