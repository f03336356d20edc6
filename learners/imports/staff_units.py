"""Units as lists name them: by code or by name, of today or of before a reorganisation."""

import difflib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from courses.text import fold
from learners.models import OrganisationVersion
from learners.tree import successors_on, tree_on

CLOSE = 0.85
"""How alike a misspelt name must be to be proposed."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a code and a name lead to; `unit` None with the reason in `why`.

    `proposed` is the unit that a misspelt name probably means.
    """

    unit: int | None = None
    note: str = ""
    why: str = ""
    repair: str = ""
    proposed: int | None = None


class Units:
    """The register of units on one day, in memory; two queries, and every answer is kept.

    `root` is the unit whose list it is (None: the whole province): units outside it are refused.
    """

    def __init__(self, day: date, root: int | None) -> None:
        self.day, self.root = day, root
        self.tree = tree_on(day)
        self.within: frozenset[int] | None = (
            None if root is None else frozenset(self.tree.subtree_ids(root))
        )
        self._codes: dict[str, list[tuple[date, int]]] = defaultdict(list)
        self._old_names: dict[str, set[int]] = defaultdict(set)
        self._names: dict[str, set[int]] = defaultdict(set)
        for code, name, unit, since in OrganisationVersion.objects.order_by(
            "valid_from"
        ).values_list("code", "folded_name", "organisation_id", "valid_from"):
            self._codes[code.upper()].append((since, unit))
            self._old_names[name].add(unit)
        for node in self.tree.nodes.values():
            self._names[fold(node.name)].add(node.id)
        self._successors = successors_on(
            {unit for of in self._old_names.values() for unit in of}, day
        )
        self._answers: dict[tuple[str, str], Found] = {}

    def find(self, code: str, name: str) -> Found:
        """The unit that the code or the name means; the list's own where both are empty."""
        key = (code, name)
        if key not in self._answers:
            self._answers[key] = self._in_scope(self._look_up(code, name))
        return self._answers[key]

    def name(self, unit: int) -> str:
        return self.tree.name(unit) if unit in self.tree else ""

    def _look_up(self, code: str, name: str) -> Found:
        if not code and not name:
            return self._own()
        if code:
            return self._by_code(code, name)
        if (found := self._by_code(name, "")).unit is not None:
            return found  # A code in the column for names.
        return self._by_name(name)

    def _own(self) -> Found:
        if self.root is not None:
            return Found(self.root)
        return Found(
            why=_("No unit is given."), repair=_("Fill in the unit's code or its full name.")
        )

    def _by_code(self, code: str, name: str) -> Found:
        upper = code.upper()
        rows = next(
            (self._codes[c] for c in (upper, f"X{upper}", f"D{upper}") if c in self._codes), []
        )
        standing = [unit for _since, unit in rows if unit in self.tree]
        if standing:
            return self._agreeing(standing[-1], code, name)
        if not rows:
            if name and (found := self._by_name(name)).unit is not None:
                note = _("No unit has the code %(code)s; the name was taken.") % {"code": code}
                return Found(found.unit, note)
            if " " in code:
                return self._by_name(code)  # A name in the column for codes.
            return Found(
                why=_("No unit has the code %(code)s.") % {"code": code},
                repair=_("Check the code, or write the unit's full name."),
            )
        return self._led_on({rows[-1][1]}, code)

    def _agreeing(self, unit: int, code: str, name: str) -> Found:
        """A code in force, unless the name beside it clearly means another unit."""
        if not name or fold(name) == fold(self.tree.name(unit)):
            return Found(unit)
        named = self._by_name(name)
        if named.unit is None or named.unit == unit:
            return Found(unit, named.note if named.unit else "")
        return Found(
            why=_("The code %(code)s is %(unit)s, but the name says %(name)s.")
            % {"code": code, "unit": self.tree.name(unit), "name": self.tree.name(named.unit)},
            repair=_("Take the unit by its name: %(name)s.") % {"name": self.tree.name(named.unit)},
            proposed=named.unit,
        )

    def _by_name(self, name: str) -> Found:
        folded = fold(name)
        here = self._names.get(folded, set())
        inside = {unit for unit in here if self.within is None or unit in self.within}
        if len(inside) == 1 or len(here) == 1:
            return Found(next(iter(inside or here)))
        if here:
            return Found(
                why=_("Several units are called “%(name)s”.") % {"name": name[:100]},
                repair=_("Write the unit's code."),
            )
        if folded in self._old_names:
            return self._led_on(self._old_names[folded], name)
        alike = difflib.get_close_matches(folded, self._names, n=1, cutoff=CLOSE)
        if alike and len(self._names[alike[0]]) == 1:
            (near,) = self._names[alike[0]]
            return Found(
                why=_("No unit is called “%(name)s”.") % {"name": name[:100]},
                repair=_("Take it as %(unit)s.") % {"unit": self.tree.name(near)},
                proposed=near,
            )
        return Found(
            why=_("No unit is called “%(name)s”.") % {"name": name[:100]},
            repair=_("Write the unit's code, or its name as it stands in the tree of units."),
        )

    def _led_on(self, units: set[int], written: str) -> Found:
        """To whoever carries on for units that are no more."""
        heirs = {self._successors[unit] for unit in units}
        living = {heir for heir in heirs if heir in self.tree}
        if len(living) == 1:
            (heir,) = living
            note = _("%(old)s is no more; %(unit)s carries on.") % {
                "old": written[:100],
                "unit": self.tree.name(heir),
            }
            return Found(heir, note)
        return Found(
            why=_("%(old)s is no more, and no single unit carries on for it.")
            % {"old": written[:100]},
            repair=_("Write the code of the present unit."),
        )

    def _in_scope(self, found: Found) -> Found:
        if self.within is None:
            return found
        if found.proposed is not None and found.proposed not in self.within:
            return Found(why=found.why, repair=_("Check the unit."))
        if found.unit is not None and found.unit not in self.within:
            return Found(
                why=_("%(unit)s lies outside the unit whose list this is.")
                % {"unit": self.tree.name(found.unit)},
                repair=_("Take the row out, or ask the officer of that unit."),
            )
        return found
