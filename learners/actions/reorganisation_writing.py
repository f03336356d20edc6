"""Write a document into the register, every row by way of the journal."""

from copy import copy
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.text import fold
from learners.actions.reorganisation_journal import (
    ASSIGNMENTS,
    GRANTS,
    PERIODS,
    POSTS,
    RESIDENTS,
    SUCCESSIONS,
    UNITS,
    Journal,
    Values,
    batches,
)
from learners.actions.reorganisation_plan import Plan, assignments_of, residents_of
from learners.actions.reorganisation_tree import ONE_DAY, Next, Ref, Step
from learners.actions.standing import refresh_since
from learners.choices import ChangeKind, Level, SuccessionKind
from learners.models import (
    Assignment,
    Organisation,
    OrganisationVersion,
    Post,
    RoleGrant,
    Succession,
)
from learners.tree import forget_trees

Row = TypeVar("Row", Post, RoleGrant)

_SUCCESSIONS = {
    ChangeKind.MERGE: SuccessionKind.MERGE,
    ChangeKind.ABSORB: SuccessionKind.ABSORB,
    ChangeKind.RENAME: SuccessionKind.REPLACE,
    ChangeKind.SPLIT: SuccessionKind.SPLIT,
    ChangeKind.DISSOLVE: SuccessionKind.DISSOLVE,
    ChangeKind.FUNCTION_TRANSFER: SuccessionKind.FUNCTION_TRANSFER,
}


class RegisterChanged(Exception):
    """A row is no longer as the plan read it; the caller rolls back."""


def write(plan: Plan) -> None:
    """Write the whole plan; the caller holds the transaction. Raises RegisterChanged."""
    _Writing(plan).write()


class _Writing:
    """One document on its way into the register."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.change = plan, plan.change
        self.day: date = plan.change.day
        self.eve = self.day - ONE_DAY
        self.journal = Journal(plan.document)
        self.ids: dict[Ref, int] = {}

    def write(self) -> None:
        self._units()
        self._successions()
        self._posts()
        self._grants()
        self._assignments()
        self._residents()
        self.journal.keep()
        refresh_since(self._people(), self.day)
        transaction.on_commit(forget_trees)

    def _people(self) -> list[int]:
        """Unit by unit: each batch of standings then moves the tallies of few units."""
        moves = sorted(self.plan.moves, key=lambda move: (move.origin, move.person_id))
        return list(dict.fromkeys(move.person_id for move in moves if move.writes))

    def _id(self, ref: Ref) -> int:
        return self.ids[ref] if isinstance(ref, str) else ref

    def _units(self) -> None:
        founded = [Organisation(key=f"{code}@{self.day}") for code in self.change.founded]
        self.journal.make(UNITS, founded)
        for code, unit in zip(self.change.founded, founded, strict=True):
            self.ids[code] = unit.pk
        ending = [*self.change.ended.values(), *(v for v, _n in self.change.renewed.values())]
        self.journal.change(
            PERIODS,
            {v.pk: ({"valid_to": v.valid_to}, {"valid_to": self.eve}) for v in ending},
        )
        opened = [self._version(self.ids[code], n) for code, n in self.change.founded.items()]
        opened += [self._version(unit, n) for unit, (_v, n) in self.change.renewed.items()]
        self.journal.make(PERIODS, opened)

    def _version(self, unit: int, plan: Next) -> OrganisationVersion:
        return OrganisationVersion(
            organisation_id=unit,
            code=plan.code,
            name=plan.name,
            folded_name=fold(plan.name),
            level=plan.level,
            parent_id=None if plan.parent is None else self._id(plan.parent),
            is_specialised=plan.is_specialised,
            valid_from=self.day,
        )

    def _successions(self) -> None:
        rows: dict[tuple, Succession] = {}
        for step in self.change.steps:
            outside = step.target is None and step.line.to_name
            if step.target is None and not outside:
                continue  # Nobody follows: the end of the period says it.
            row = Succession(
                predecessor_id=step.origin,
                successor_id=None if step.target is None else self._id(step.target),
                kind=self._kind(step),
                effective_from=self.day,
                note=f"{step.line.to_name}: {step.line.note}"[:300] if outside else step.line.note,
                reorganisation=self.plan.document,
            )
            rows[row.predecessor_id, row.successor_id, row.kind, row.note] = row
        self.journal.make(SUCCESSIONS, list(rows.values()))

    def _kind(self, step: Step) -> SuccessionKind:
        """Communes and districts have words of their own in the register."""
        kind, ended = ChangeKind(step.line.kind), self.change.ended.get(step.origin)
        if kind == ChangeKind.MERGE and ended and ended.level == Level.COMMUNE:
            return SuccessionKind.MERGED_WHOLE
        if kind == ChangeKind.DISSOLVE and ended and ended.level == Level.DISTRICT:
            return SuccessionKind.DISSOLVE_DISTRICT
        return _SUCCESSIONS[kind]

    def _posts(self) -> None:
        """A post that lasts beyond the eve ends with it, and goes on as a new one."""
        moves = {move.post_id: move for move in self.plan.moves if move.writes}
        changed: dict[int, tuple[Values, Values]] = {}
        opened = []
        for ids in batches(list(moves)):
            posts = Post.objects.select_for_update().filter(pk__in=ids).order_by("pk")
            for post in posts:
                move = moves[post.pk]
                if post.managing_unit_id != move.origin or ends_before(post, self.day):
                    raise RegisterChanged
                changed[post.pk] = self._end(post)
                target = {
                    "managing_unit_id": self._id(move.managing or move.origin),
                    "using_unit_id": self._id(move.using),
                }
                if post.valid_from >= self.day:
                    before = {name: getattr(post, name) for name in target}
                    changed[post.pk] = (before, target)
                else:
                    opened.append(_copy(post, valid_from=self.day, **target))
        self.journal.change(POSTS, changed)
        self.journal.make(POSTS, opened)

    def _end(self, row: OrganisationVersion | Post | RoleGrant) -> tuple[Values, Values]:
        return {"valid_to": row.valid_to}, {"valid_to": self.eve}

    def _grants(self) -> None:
        """Roles go to the heir of their unit; without one they end with it."""
        changed, opened = {}, []
        known = set(
            RoleGrant.objects.filter(valid_from=self.day).values_list(
                "user_id", "role", "organisation_id"
            )
        )
        for grant, heir in self.plan.grants:
            if grant.valid_from >= self.day:
                continue  # Given for a unit that will not be there: it opens nothing.
            changed[grant.pk] = self._end(grant)
            if heir is None:
                continue
            key = (grant.user_id, grant.role, self._id(heir))
            if key not in known:
                known.add(key)
                opened.append(_copy(grant, valid_from=self.day, organisation_id=key[2]))
        self.journal.change(GRANTS, changed)
        self.journal.make(GRANTS, opened)

    def _assignments(self) -> None:
        """Courses to do go on at the heir; a second one of the same kind there is withdrawn."""
        changed: dict[int, tuple[Values, Values]] = {}
        heirs = {unit: self._id(ref) for unit, ref in self.change.heirs.items()}
        key_fields = ("course_id", "unit_id", "staff_kind", "position")
        in_force = Assignment.objects.in_force().filter(unit__in=heirs.values())
        known = set(in_force.values_list(*key_fields))
        for assignment in assignments_of(self.change):
            unit = heirs.get(assignment.unit_id or 0)
            if unit is None:
                continue
            key = (assignment.course_id, unit, assignment.staff_kind, assignment.position)
            after: Values = {"unit_id": unit}
            if key in known:
                reason = _("The successor has the same: %(document)s")
                after = {
                    "withdrawn_at": timezone.now(),
                    "withdrawn_reason": (reason % {"document": self.plan.document})[:300],
                }
            known.add(key)
            changed[assignment.pk] = ({n: getattr(assignment, n) for n in after}, after)
        self.journal.change(ASSIGNMENTS, changed)

    def _residents(self) -> None:
        self.journal.change(
            RESIDENTS,
            {
                person_id: ({"commune_id": unit}, {"commune_id": self._id(self.change.heirs[unit])})
                for person_id, unit in residents_of(self.change).values_list("pk", "commune_id")
            },
        )


def _copy(row: Row, **values: Any) -> Row:
    """The same row with other values, not yet stored."""
    twin = copy(row)
    twin.pk = None
    for name, value in values.items():
        setattr(twin, name, value)
    return twin


def ends_before(post: Post, day: date) -> bool:
    return post.valid_to is not None and post.valid_to < day
