"""What a document does to the tree, worked out in memory before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from courses.text import fold
from learners.choices import ChangeKind, PeopleGo
from learners.models import OrganisationVersion, Reorganisation, ReorganisationLine
from learners.models.organisations import ranks_with_departments

ONE_DAY = timedelta(days=1)

ENDING = {ChangeKind.MERGE, ChangeKind.ABSORB, ChangeKind.DISSOLVE}
NEEDS_TARGET = {ChangeKind.MERGE, ChangeKind.ABSORB, ChangeKind.SPLIT}

Ref = int | str
"""An organisation that is there, by id, or one that the document founds, by code."""


@dataclass(frozen=True)
class Fault:
    """Why the document cannot be put into effect; `line` None: the document as a whole."""

    line: int | None
    text: str


@dataclass
class Next:
    """The period that begins on the day: of a new unit, or the next one of an old unit."""

    code: str
    name: str
    level: str
    parent: Ref | None
    parent_code: str = ""
    """As the document says; empty: where the unit before stood."""
    is_specialised: bool = False


@dataclass(frozen=True)
class Step:
    """A line that was understood."""

    line: ReorganisationLine
    origin: int
    target: Ref | None
    """None: nobody follows, or a body outside the register."""


@dataclass
class TreeChange:
    day: date
    ended: dict[int, OrganisationVersion] = field(default_factory=dict)
    """Units that are no more, with their last period."""
    renewed: dict[int, tuple[OrganisationVersion, Next]] = field(default_factory=dict)
    """Units that go on under another name or elsewhere: the period that ends, and the next."""
    founded: dict[str, Next] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    heirs: dict[int, Ref] = field(default_factory=dict)
    """Who takes over from a unit: its people whom no line names, its units, its officers."""
    faults: list[Fault] = field(default_factory=list)
    names: dict[Ref, str] = field(default_factory=dict)

    def name(self, ref: Ref | None) -> str:
        return "" if ref is None else self.names.get(ref, str(ref))


def tree_change(document: Reorganisation, lines: Sequence[ReorganisationLine]) -> TreeChange:
    """Read the lines against the register of the day before. One query; writes nothing.

    What cannot be done stands in `faults`; the rest may then be incomplete.
    """
    return _Reading(document.effective_on, lines).read()


class _Reading:
    def __init__(self, day: date, lines: Sequence[ReorganisationLine]) -> None:
        self.eve, self.lines = day - ONE_DAY, lines
        self.before: dict[str, OrganisationVersion] = {}
        self.later: list[OrganisationVersion] = []
        rows = OrganisationVersion.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=self.eve)
        )
        for version in rows:
            if version.valid_from <= self.eve:
                self.before[version.code] = version
            else:
                self.later.append(version)
        self.codes = {version.organisation_id: code for code, version in self.before.items()}
        self.first_origin: dict[str, OrganisationVersion] = {}
        self.change = TreeChange(day)
        self.change.names = {v.organisation_id: v.name for v in self.before.values()}

    def read(self) -> TreeChange:
        if not self.lines:
            self._fault(None, _("The document has no lines yet."))
            return self.change
        for line in self.lines:
            if line.kind == ChangeKind.FOUND:
                self._found(line)
        begun = [line for line in self.lines if line.kind != ChangeKind.FOUND]
        known = [line for line in begun if self._knows(line)]
        for line in known:
            if _ends(line):
                version = self.before[line.from_code]
                self.change.ended[version.organisation_id] = version
        for line in known:
            if _keeps_identity(line):
                self._renew(line, self.before[line.from_code])
        for line in known:
            if not _keeps_identity(line):
                self._succeed(line, self.before[line.from_code])
        self._take_children_along()
        for plan in [*self.change.founded.values(), *self._renewals()]:
            self._settle(plan)
        self._check_time()
        self._check_line_up()
        return self.change

    def _renewals(self) -> list[Next]:
        return [plan for _version, plan in self.change.renewed.values()]

    def _fault(self, line: ReorganisationLine | None, text: str) -> None:
        self.change.faults.append(Fault(line.position if line else None, text))

    # ------------------------------------------------------------ one line

    def _knows(self, line: ReorganisationLine) -> bool:
        if line.from_code in self.before:
            return True
        text = _("No unit has the code %(code)s on %(day)s. Check the code and the date.")
        self._fault(line, text % {"code": line.from_code, "day": f"{self.eve:%d/%m/%Y}"})
        return False

    def _found(self, line: ReorganisationLine) -> None:
        """A unit that follows nobody."""
        if not (line.to_code and line.to_name and line.to_level and line.to_parent_code):
            self._fault(line, _("Write code, name and level of the new unit, and the unit above."))
        elif line.to_code in self.before or line.to_code in self.change.founded:
            text = _("There is a unit with the code %(code)s already. Take another code.")
            self._fault(line, text % {"code": line.to_code})
        else:
            self.change.founded[line.to_code] = Next(
                line.to_code, line.to_name, line.to_level, None, line.to_parent_code
            )
            self.change.names[line.to_code] = line.to_name

    def _renew(self, line: ReorganisationLine, version: OrganisationVersion) -> None:
        if version.organisation_id in self.change.ended:
            text = _("Another line ends %(unit)s. Take one of the two out.")
            self._fault(line, text % {"unit": version.name})
        elif line.kind == ChangeKind.REPARENT and not line.to_parent_code:
            self._fault(line, _("Write the code of the unit above."))
        elif line.kind == ChangeKind.RENAME and not line.to_name:
            self._fault(line, _("Write the new name."))
        else:
            plan = self._next_of(version)
            plan.name = line.to_name or plan.name
            plan.level = line.to_level or plan.level
            plan.parent_code = line.to_parent_code or plan.parent_code
            self.change.names[version.organisation_id] = plan.name

    def _next_of(self, version: OrganisationVersion) -> Next:
        same = Next(version.code, version.name, version.level, version.parent_id)
        same.is_specialised = version.is_specialised
        return self.change.renewed.setdefault(version.organisation_id, (version, same))[1]

    def _succeed(self, line: ReorganisationLine, version: OrganisationVersion) -> None:
        if line.kind in NEEDS_TARGET and not line.to_code:
            self._fault(line, _("Write the code of the unit that follows."))
            return
        origin = version.organisation_id
        target = self._target(line, version) if line.to_code else None
        if target == origin:
            self._fault(line, _("A unit cannot follow itself. Check the two codes."))
            return
        self.change.steps.append(Step(line, origin, target))
        if target is None:
            if line.people != PeopleGo.NONE:
                self._fault(line, _("Write the code of the unit to which the people go."))
        elif line.people == PeopleGo.ALL:
            self._inherit(line, origin, target)

    def _inherit(self, line: ReorganisationLine, origin: int, target: Ref) -> None:
        unit = {"unit": self.change.name(origin)}
        if origin not in self.change.ended:
            self._fault(line, _("%(unit)s goes on: name the people who leave it.") % unit)
        elif self.change.heirs.setdefault(origin, target) != target:
            text = _("Another line sends everybody of %(unit)s elsewhere. Name the people here.")
            self._fault(line, text % unit)

    def _target(self, line: ReorganisationLine, origin: OrganisationVersion) -> Ref:
        there = self.before.get(line.to_code)
        if there is not None and there.organisation_id not in self.change.ended:
            names = {fold(there.name), fold(self.change.name(there.organisation_id))}
            if line.to_name and fold(line.to_name) not in names:
                text = _("%(code)s is %(unit)s. Add a line that renames it, or take another code.")
                self._fault(line, text % {"code": there.code, "unit": there.name})
            return there.organisation_id
        if line.kind == ChangeKind.ABSORB:
            text = _("No unit with the code %(code)s goes on. A new unit is made by merging.")
            self._fault(line, text % {"code": line.to_code})
        self.first_origin.setdefault(line.to_code, origin)
        new = self.change.founded.setdefault(
            line.to_code, Next(line.to_code, "", "", origin.parent_id)
        )
        described = {
            "name": line.to_name,
            "level": line.to_level,
            "parent_code": line.to_parent_code,
        }
        for name, value in described.items():
            if value and getattr(new, name) not in ("", value):
                text = _("Two lines describe the new unit %(code)s differently.")
                self._fault(line, text % {"code": line.to_code})
            elif value:
                setattr(new, name, value)
        self.change.names[line.to_code] = new.name or line.to_code
        return line.to_code

    # ------------------------------------------------------------ all lines together

    def _take_children_along(self) -> None:
        """Units below one that ends go to its heir, unless a line says where."""
        for version in self.before.values():
            unit, parent = version.organisation_id, version.parent_id
            if parent in self.change.ended and unit not in self.change.ended:
                plan = self._next_of(version)
                if parent not in self.change.heirs and not plan.parent_code:
                    text = _("%(unit)s stands below %(parent)s, which ends. Add a line for it.")
                    names = {"unit": version.name, "parent": self.change.name(parent)}
                    self._fault(None, text % names)

    def _settle(self, plan: Next) -> None:
        """Give the period its parent and its rank."""
        if not plan.name:
            self._fault(None, _("Write the name of the new unit %(code)s.") % {"code": plan.code})
        if not plan.level:
            plan.level = self.first_origin[plan.code].level
        had = plan.parent
        if plan.parent_code:
            plan.parent = self._standing_then(plan.parent_code)
            if plan.parent is None:
                text = _("No unit has the code %(code)s from the day of effect on.")
                self._fault(None, text % {"code": plan.parent_code})
        elif isinstance(plan.parent, int) and plan.parent in self.change.ended:
            plan.parent = self.change.heirs.get(plan.parent)
            if plan.parent is None and plan.code in self.change.founded:
                text = _("Write below which unit the new unit %(code)s stands.")
                self._fault(None, text % {"code": plan.code})
        above = plan.parent if isinstance(plan.parent, str) else self.codes.get(plan.parent or 0)
        plan.is_specialised = ranks_with_departments(plan.code, plan.name, above or "") or (
            plan.is_specialised and plan.parent == had
        )

    def _standing_then(self, code: str) -> Ref | None:
        if code in self.change.founded:
            return code
        there = self.before.get(code)
        if there is None or there.organisation_id in self.change.ended:
            return None
        return there.organisation_id

    def _check_time(self) -> None:
        """The register must not know yet what comes after the day."""
        touched = {**self.change.ended, **{u: v for u, (v, _n) in self.change.renewed.items()}}
        for version in touched.values():
            if version.valid_to is not None:
                text = _("%(unit)s ends on %(day)s already, as the register says.")
                day = f"{version.valid_to:%d/%m/%Y}"
                self._fault(None, text % {"unit": version.name, "day": day})
        for version in self.later:
            known = version.organisation_id in touched or version.parent_id in self.change.ended
            if known or version.code in self.change.founded:
                text = _("The register has %(unit)s (%(code)s) from %(day)s on already.")
                day = f"{version.valid_from:%d/%m/%Y}"
                self._fault(None, text % {"unit": version.name, "code": version.code, "day": day})

    def _check_line_up(self) -> None:
        parents: dict[Ref, Ref | None] = {
            v.organisation_id: v.parent_id for v in self.before.values()
        }
        parents |= {unit: plan.parent for unit, (_v, plan) in self.change.renewed.items()}
        parents |= {code: plan.parent for code, plan in self.change.founded.items()}
        begun: list[Ref] = [*self.change.renewed, *self.change.founded]
        for start in begun:
            seen: set[Ref] = set()
            above: Ref | None = start
            while above is not None and above not in seen:
                seen.add(above)
                above = parents.get(above)
            if above is not None:
                text = _("%(unit)s would stand below itself. Check the units above.")
                self._fault(None, text % {"unit": self.change.name(start)})
                return


def _ends(line: ReorganisationLine) -> bool:
    """Whether the unit is no more afterwards; one that takes another code is another unit."""
    if line.kind == ChangeKind.RENAME:
        return line.to_code not in ("", line.from_code)
    return line.kind in ENDING


def _keeps_identity(line: ReorganisationLine) -> bool:
    return line.kind == ChangeKind.REPARENT or (line.kind == ChangeKind.RENAME and not _ends(line))
