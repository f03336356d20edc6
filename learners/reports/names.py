"""Names of units, also of those that are no more."""

from collections.abc import Iterable
from datetime import date

from learners.tree import Tree, versions

_PREFIX = "Ủy ban nhân dân "


def unit_names(units: Iterable[int], tree: Tree) -> dict[int, str]:
    """Names on the tree's day; a unit not in the tree keeps the last name it had."""
    wanted = set(units)
    names = {unit: tree.name(unit) for unit in wanted if unit in tree}
    if lost := wanted - names.keys():
        known = versions()
        names |= {unit: known[unit][-1].name for unit in lost if unit in known}
    return names


def names_on(days: Iterable[tuple[int, date]]) -> dict[tuple[int, date], str]:
    """The name that each unit had on its day, or last before it. One query while the register of
    units is kept (learners.tree)."""
    wanted = set(days)
    if not wanted:
        return {}
    known = versions()
    names: dict[tuple[int, date], str] = {}
    for unit, day in wanted:
        for version in known.get(unit, []):
            if version.first <= day:
                names[unit, day] = version.name
    return names


def short_name(name: str) -> str:
    """ "Xã Kim Liên" for "Ủy ban nhân dân xã Kim Liên": what people call it in a table."""
    if not name.startswith(_PREFIX):
        return name
    rest = name.removeprefix(_PREFIX)
    return rest[:1].upper() + rest[1:]
