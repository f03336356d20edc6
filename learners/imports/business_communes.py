"""Communes as lists of businesses name them: by code or name, of today or of before."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from courses.text import fold
from learners.imports.staff_units import Found, Units
from learners.models import OrganisationVersion
from learners.reports.names import short_name

_COMMUNE_CODE = re.compile(r"X\d{5}")
_BEGINNINGS = ("xa ", "phuong ", "thi tran ")


class Communes(Units):
    """As Units, of communes alone and also by what people call them ("Kim Liên" for "Ủy ban nhân
    dân xã Kim Liên"). `within` are those that whoever brought the list answers for; None: all.
    """

    def __init__(self, day: date, within: frozenset[int] | None) -> None:
        super().__init__(day, None)
        self.within = within
        # Codes of communes alone; schools and stations have names of communes in theirs.
        self._codes = defaultdict(
            list,
            {code: rows for code, rows in self._codes.items() if _COMMUNE_CODE.fullmatch(code)},
        )
        communes = [node for node in self.tree.nodes.values() if node.is_commune]
        self._names = _by_names((node.name, node.id) for node in communes)
        versions = OrganisationVersion.objects.filter(code__regex=r"^X[0-9]{5}$")
        self._old_names = _by_names(versions.values_list("name", "organisation_id"))

    def _in_scope(self, found: Found) -> Found:
        if self.within is None or found.unit is None or found.unit in self.within:
            return found
        return Found(
            why=_("%(commune)s is none of the communes that you answer for.")
            % {"commune": short_name(self.tree.name(found.unit))},
            repair=_("Take the row out, or ask the officer of that commune."),
        )


def _by_names(communes: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    names: dict[str, set[int]] = defaultdict(set)
    for name, unit in communes:
        short = fold(short_name(name))
        for beginning in _BEGINNINGS:
            if short.startswith(beginning):
                names[short.removeprefix(beginning)].add(unit)
        names[short].add(unit)
        names[fold(name)].add(unit)
    return names
