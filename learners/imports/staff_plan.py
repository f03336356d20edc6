"""What each row of a list would do to the register, decided without writing anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from courses.text import fold
from learners.choices import RowDecision, RowOutcome, StaffKind
from learners.imports.staff_match import Register, StoredPerson, StoredPost
from learners.imports.staff_rows import Fault, StaffRow
from learners.imports.staff_said import Said, other_name
from learners.imports.staff_units import Units
from learners.personal_numbers import year_of

_UNIT = {"unit", "unit_code"}
ONE_DAY = timedelta(days=1)
WRITING = (RowOutcome.CREATED, RowOutcome.CHANGED, RowOutcome.MOVED)
"""Outcomes of rows that change the register."""


@dataclass(slots=True)
class Plan:
    """One row's effect. `person` None and not refused: somebody new."""

    row: StaffRow
    outcome: RowOutcome = RowOutcome.REFUSED
    person: StoredPerson | None = None
    unit: int | None = None
    faults: list[Fault] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    """In words, for the officer."""
    fields: dict[str, object] = field(default_factory=dict)
    """Of the person, to be written."""
    new_number: str = ""
    closed: StoredPost | None = None
    post_fields: dict[str, object] = field(default_factory=dict)
    """Of the post that goes on, to be written."""
    opened: dict[str, object] | None = None
    """A new post."""
    opens_on: date | None = None
    created: int | None = None
    """Who was made of it, once stored."""
    joins: int = 0
    """The earlier line that brings the same new person; 0 for none."""

    @property
    def person_id(self) -> int | None:
        """Whom the row is about; somebody new has none until stored."""
        return self.person.id if self.person else self.created

    @property
    def writes(self) -> bool:
        return self.outcome in WRITING


class Planner:
    """Decides batch after batch; remembers whom the rows so far meant."""

    def __init__(self, units: Units, *, effective_on: date, default_kind: str = "") -> None:
        self.units = units
        self.effective_on = effective_on
        self.default_kind = default_kind
        self.said = Said()
        self.people: set[int] = set()
        """Everybody in the register whom the list names."""
        self._taken: dict[tuple[int, int | None], int] = {}

    def forget(self, rows: Sequence[StaffRow]) -> None:
        """The rows are to be planned once more."""
        lines = {row.line for row in rows}
        self.said.forget(lines)
        self._taken = {key: line for key, line in self._taken.items() if line not in lines}

    def plan(
        self, rows: Sequence[StaffRow], decisions: Mapping[int, str] | None = None
    ) -> list[Plan]:
        """The effect of each row, by the register as it is. A few queries; writes nothing."""
        register = Register(rows)
        decisions = decisions or {}
        return [self._plan(row, register, decisions.get(row.line, "")) for row in rows]

    def _plan(self, row: StaffRow, register: Register, decision: str) -> Plan:
        plan = Plan(row, faults=list(row.faults))
        if twice := self.said.note(row):
            plan.outcome = RowOutcome.REFUSED
            plan.faults.append(twice)
            self._remember(register.number_match(row))
            return plan
        self._find_unit(plan, accept=decision == RowDecision.ACCEPTED)
        if not row.full_name and not any(fault.column == "full_name" for fault in plan.faults):
            _refused(plan, "full_name", _("The name is missing."), _("Write the name in full."))
        if plan.faults:
            self._remember(register.number_match(row))
            return plan
        self._find_person(plan, register, decision)
        if plan.faults:
            return plan
        if plan.person is None:
            return self._create_or_join(plan)
        self.people.add(plan.person.id)
        key = (plan.person.id, plan.unit if row.second else None)
        earlier = self._taken.setdefault(key, row.line)
        if earlier != row.line:
            why = _("Row %(line)d is about the same person.") % {"line": earlier}
            return _refused(plan, "", why, _("Keep one of the two rows."))
        return self._compare(plan, plan.person, register)

    def _remember(self, person: int | None) -> None:
        """Whoever is in the list has not left, though the row is not taken."""
        if person is not None:
            self.people.add(person)

    def _find_unit(self, plan: Plan, *, accept: bool) -> None:
        found = self.units.find(plan.row.unit_code, plan.row.unit)
        plan.unit = found.unit
        if found.unit is None and accept and found.proposed is not None:
            plan.unit = found.proposed
        elif found.unit is None and not any(f.column in _UNIT for f in plan.faults):
            fault = Fault("unit", found.why, found.repair, found.proposed is not None)
            plan.faults.append(fault)
        if found.note:
            plan.row.notes.append(found.note)

    # -------------------------------------------------------------- who

    def _find_person(self, plan: Plan, register: Register, decision: str) -> None:
        row = plan.row
        by_digest = register.by_digest.get(register.digests.get(row.personal_number, ""))
        by_number = register.by_staff_number.get(row.staff_number)
        if by_digest and by_number and by_digest != by_number:
            _refused(
                plan,
                "staff_number",
                _("The personal number and the staff number belong to two different people."),
                _("Check both numbers."),
            )
            return
        match = by_digest or by_number
        if match is not None:
            self._check_match(plan, register.people[match], by_digest=by_digest is not None)
            return
        decided = decision in (RowDecision.ACCEPTED, RowDecision.OTHER)
        if not decided and (day := register.was_erased(row)):
            _refuse_erased(plan, day)
            return
        if decision == RowDecision.OTHER:
            return
        self._propose(plan, register, accepted=decision == RowDecision.ACCEPTED)

    def _check_match(self, plan: Plan, person: StoredPerson, *, by_digest: bool) -> None:
        row = plan.row
        other_name = person.full_name != row.full_name and (
            fold(person.full_name) != fold(row.full_name)
        )
        other_birth = bool(
            person.birth_date and row.birth_date and person.birth_date != row.birth_date
        )
        if other_name and (other_birth or not row.birth_date):
            _refused(
                plan,
                "personal_number" if by_digest else "staff_number",
                _("The number belongs to somebody with another name and date of birth."),
                _("Check the number."),
            )
            return
        mine = register_digest(person, row)
        if not by_digest and mine is not None and mine != "":
            _refused(
                plan,
                "personal_number",
                _("The register has another personal number for this staff number."),
                _("Check both numbers."),
            )
            return
        surely_same = by_digest or not (other_name or other_birth or not row.birth_date)
        if not surely_same and not self._is_here(person):
            _refused(
                plan,
                "staff_number",
                _("The staff number belongs to somebody of another unit."),
                _("Add the personal number or the date of birth to take the person over."),
            )
            return
        plan.person = person

    def _is_here(self, person: StoredPerson) -> bool:
        within = self.units.within
        return within is None or bool(person.main and person.main.managing_unit in within)

    def _propose(self, plan: Plan, register: Register, *, accepted: bool) -> None:
        """Namesakes born on the same day, or in the same unit where one day is unknown: the same
        where neither side says more, else for a person to say."""
        row = plan.row
        # Without a day of birth a name says something in its own unit alone.
        undated = [
            person
            for person in register.same_name_undated(row)
            if person.main and person.main.managing_unit == plan.unit
        ]
        alike = [
            person
            for person in [*register.same_name_and_birth(row), *undated]
            if self._is_here(person)
            and not (row.staff_number and person.staff_number)
            and not (row.personal_number and len(row.personal_number) in person.digests)
        ]
        if not alike:
            return
        person = next((p for p in alike if p.main and p.main.managing_unit == plan.unit), alike[0])
        brings_nothing = not (row.personal_number or row.staff_number)
        bare = [person for person in alike if person.is_bare]
        if brings_nothing and not row.birth_date and len(bare) == 1:
            # Nothing but a name on both sides: what this very list entered before.
            plan.person = bare[0]
            return
        is_brought = self.said.brings_name(row)
        if row.second and brings_nothing and is_brought and len(alike) == 1:
            plan.person = person  # Whom an earlier row of this list brought.
            return
        is_undated = person in undated
        here = bool(person.main and person.main.managing_unit == plan.unit)
        if accepted or (brings_nothing and here and len(alike) == 1 and not is_undated):
            plan.person = person
            return
        self.people.update(p.id for p in alike)
        plan.person = person
        plan.outcome = RowOutcome.UNSURE
        plan.faults.append(
            Fault(
                "full_name",
                (
                    _("The register knows somebody of this name in this unit: %(where)s.")
                    if is_undated
                    else _("The register knows somebody of this name and date of birth: %(where)s.")
                )
                % {"where": self._where(person)},
                _("It is the same person."),
                better=True,
            )
        )

    def _where(self, person: StoredPerson) -> str:
        unit = self.units.name(person.main.managing_unit) if person.main else ""
        return ", ".join(part for part in (unit, person.staff_number) if part) or _(
            "without a post"
        )

    # -------------------------------------------------------------- what

    def _create_or_join(self, plan: Plan) -> Plan:
        """Somebody new; or another post of somebody whom an earlier row of the list brings."""
        row = plan.row
        known = self.said.brought(row)
        if known is None or known[0] == row.line:
            self._create(plan)
            if plan.outcome == RowOutcome.CREATED:
                self.said.bring(row, plan.unit)
            return plan
        line, name = known
        if fold(name) != fold(row.full_name):
            plan.outcome = RowOutcome.REFUSED
            plan.faults.append(other_name(line, name, "personal_number"))
            return plan
        if not self.said.adds_post(row, line, plan.unit):
            why = _("Row %(line)d is about the same person.") % {"line": line}
            return _refused(plan, "", why, _("Keep one of the two rows."))
        return self._join(plan, line)

    def _join(self, plan: Plan, line: int) -> Plan:
        row = plan.row
        for number in self.said.new_numbers(row, line):
            if number == row.personal_number:
                plan.new_number = number
            else:
                plan.fields["staff_number"] = number
        kind = row.staff_kind or self.default_kind or StaffKind.CIVIL_SERVANT
        plan.joins = line
        plan.outcome = RowOutcome.CHANGED
        plan.opened = self._post(plan, kind, row.since or self.effective_on)
        unit = self.units.name(plan.unit or 0)
        said = _("Second post: %(unit)s") if row.second else _("Comes to %(unit)s")
        plan.changes.append(said % {"unit": unit})
        return plan

    def _create(self, plan: Plan) -> Plan:
        row, kind = plan.row, plan.row.staff_kind or self.default_kind
        if not kind:
            return _refused(
                plan,
                "staff_kind",
                _("The kind of staff is missing."),
                _("Write cán bộ, công chức, viên chức, người lao động or không chuyên trách."),
            )
        plan.outcome = RowOutcome.CREATED
        plan.fields = {
            "full_name": row.full_name,
            "staff_number": row.staff_number or None,
            "birth_date": row.birth_date,
            "phone": row.phone,
        }
        plan.new_number = row.personal_number
        plan.opened = self._post(plan, kind, row.since or self.effective_on)
        self._warn(plan)
        return plan

    def _compare(self, plan: Plan, person: StoredPerson, register: Register) -> Plan:
        row = plan.row
        plan.outcome = RowOutcome.UNCHANGED
        if not person.has_the_name(row.full_name):
            self._change(plan, "full_name", _("Full name"), person.full_name, row.full_name)
        if row.birth_date and row.birth_date != person.birth_date:
            plan.fields["birth_date"] = row.birth_date
            plan.changes.append(_("Date of birth"))
        if row.staff_number and row.staff_number != person.staff_number:
            self._change(
                plan, "staff_number", _("Staff number"), person.staff_number, row.staff_number
            )
        if row.phone and row.phone != person.phone:
            plan.fields["phone"] = row.phone
            plan.changes.append(_("Phone"))
        digest = register.digests.get(row.personal_number)
        if digest and digest != person.digests.get(len(row.personal_number)):
            plan.new_number = row.personal_number
            plan.changes.append(_("Personal number"))
        if row.second:
            self._compare_second(plan, person)
        else:
            self._compare_main(plan, person)
        if plan.outcome == RowOutcome.UNCHANGED and plan.changes:
            plan.outcome = RowOutcome.CHANGED
        if plan.outcome != RowOutcome.UNCHANGED:
            self._warn(plan)
        return plan

    def _change(self, plan: Plan, name: str, label: str, old: str, new: str) -> None:
        plan.fields[name] = new
        plan.changes.append(f"{label}: {old or '—'} → {new}")

    def _compare_main(self, plan: Plan, person: StoredPerson) -> None:
        row, main = plan.row, person.main
        if main is None:
            kind = row.staff_kind or self.default_kind
            if not kind:
                self._create(plan)
                return
            plan.opened = self._post(plan, kind, row.since or self.effective_on)
            plan.outcome = RowOutcome.MOVED
            plan.changes.append(_("Comes to %(unit)s") % {"unit": self.units.name(plan.unit or 0)})
            return
        moved = main.managing_unit != plan.unit
        kind = row.staff_kind or main.staff_kind
        if moved or kind != main.staff_kind:
            self._replace(plan, main, kind, moved=moved)
            return
        using = self._using(plan)
        if row.using_unit and using != main.using_unit:
            plan.post_fields["using_unit_id"] = using
            plan.changes.append(_("Using unit: %(unit)s") % {"unit": self.units.name(using)})
        if row.title and row.title != main.title:
            plan.post_fields["title"] = row.title
            plan.changes.append(f"{_('Position')}: {main.title or '—'} → {row.title}")
        if row.it_officer is not None and row.it_officer != main.is_it_officer:
            plan.post_fields["is_it_officer"] = row.it_officer
            plan.changes.append(
                _("Appointed IT officer") if row.it_officer else _("No IT officer any more")
            )
        if plan.post_fields:
            plan.closed = None
            plan.outcome = RowOutcome.CHANGED

    def _replace(self, plan: Plan, main: StoredPost, kind: str, *, moved: bool) -> None:
        """End the post the day before and open another: what was true stays readable."""
        row = plan.row
        since = row.since if row.since and row.since > main.valid_from else self.effective_on
        if since <= main.valid_from:
            _refused(
                plan,
                "since",
                _("The present post began on %(day)s, after the day of the list.")
                % {"day": f"{main.valid_from:%d/%m/%Y}"},
                _("Give a later day in the column “Từ ngày”."),
            )
            return
        plan.closed = main
        plan.opened = self._post(plan, kind, since)
        plan.opened["title"] = row.title or ("" if moved else main.title)
        if moved:
            plan.outcome = RowOutcome.MOVED
            plan.changes.append(
                f"{self.units.name(main.managing_unit) or '—'} → {self.units.name(plan.unit or 0)}"
            )
            return
        if row.it_officer is None:
            plan.opened["is_it_officer"] = main.is_it_officer
        plan.outcome = RowOutcome.CHANGED
        plan.changes.append(
            f"{_('Kind of staff')}: {StaffKind(main.staff_kind).label} → {StaffKind(kind).label}"
        )

    def _compare_second(self, plan: Plan, person: StoredPerson) -> None:
        row = plan.row
        if any(post.managing_unit == plan.unit for post in person.seconds):
            return
        kind = row.staff_kind or (person.main.staff_kind if person.main else self.default_kind)
        plan.opened = self._post(
            plan, kind or StaffKind.CIVIL_SERVANT, row.since or self.effective_on
        )
        plan.changes.append(_("Second post: %(unit)s") % {"unit": self.units.name(plan.unit or 0)})

    def _post(self, plan: Plan, kind: str, since: date) -> dict[str, object]:
        row = plan.row
        plan.opens_on = since
        return {
            "managing_unit_id": plan.unit,
            "using_unit_id": self._using(plan),
            "staff_kind": kind,
            "title": row.title,
            "is_main": not row.second,
            "is_it_officer": bool(row.it_officer),
            "valid_from": since,
        }

    def _using(self, plan: Plan) -> int:
        """The unit where the work is done; the managing one when the list's word is unclear."""
        written = plan.row.using_unit
        found = self.units.find("", written).unit if written else None
        return found or plan.unit or 0

    def _warn(self, plan: Plan) -> None:
        row = plan.row
        said = year_of(row.personal_number) if row.personal_number else None
        if said and row.birth_date and said != row.birth_date.year:
            row.notes.append(
                _("The personal number says born in %(said)d, the list %(listed)d.")
                % {"said": said, "listed": row.birth_date.year}
            )


def register_digest(person: StoredPerson, row: StaffRow) -> str | None:
    """The hash of another number of the same kind that the register has; None when the row
    brings none, "" when the register has none."""
    if not row.personal_number:
        return None
    return person.digests.get(len(row.personal_number), "")


def _refuse_erased(plan: Plan, day: date) -> None:
    """Nobody comes back unseen; who really works here again is recorded anew by a decision."""
    plan.outcome = RowOutcome.UNSURE
    plan.faults.append(
        Fault(
            "full_name",
            _("The data of this person was erased at his own request on %(day)s.")
            % {"day": f"{day:%d/%m/%Y}"},
            _("Leave the row out; or, if the person works here again, record him anew."),
            better=True,
        )
    )


def _refused(plan: Plan, column: str, why: str, repair: str) -> Plan:
    plan.outcome = RowOutcome.REFUSED
    plan.faults.append(Fault(column, why, repair, better=False))
    return plan
