"""Who goes where when a document takes effect: the dry run, and what applying then writes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from learners.actions.reorganisation_tree import Fault, Ref, Step, TreeChange, tree_change
from learners.choices import Mode, PeopleGo, RecordState
from learners.models import (
    Assignment,
    Person,
    Post,
    Reorganisation,
    ReorganisationLine,
    RoleGrant,
    TrainingRecord,
)
from learners.normalise import staff_number

NAMED_AT_MOST = 5
"""Staff numbers quoted in one sentence."""


@dataclass(frozen=True, slots=True)
class Move:
    """One post whose units end, or whose holder a line names."""

    post_id: int
    person_id: int
    origin: int
    managing: Ref | None
    """None: nobody said where; the post stays at a unit that is no more."""
    using: Ref
    line: int | None
    """The line that says so, by position; None: only the place of work ends."""
    writes: bool
    """Whether the post changes its units at all."""


@dataclass
class LineOutcome:
    """What one line does, in figures."""

    line: ReorganisationLine
    from_name: str
    to_name: str
    people: set[int] = field(default_factory=set)
    claims: int = 0
    """Self-trainings that wait for approval, and will wait at the successor."""
    officers: int = 0
    """Roles that go to the successor with their holders."""
    it_officers: int = 0


@dataclass
class Plan:
    """What putting the document into effect would do. Nothing of it is written."""

    document: Reorganisation
    change: TreeChange
    moves: list[Move]
    lines: list[LineOutcome]
    left: dict[int, set[int]]
    """People who would be left without a unit, by the unit that ends."""
    grants: list[tuple[RoleGrant, Ref | None]]
    """Roles at units that end, and who takes them over; None: the role ends with its unit."""
    faults: list[Fault]

    @cached_property
    def people(self) -> int:
        """How many people get another unit, each counted once."""
        return len({move.person_id for move in self.moves if move.writes})

    @property
    def left_count(self) -> int:
        return len({person for people in self.left.values() for person in people})

    @property
    def claims(self) -> int:
        return sum(outcome.claims for outcome in self.lines)


def plan_reorganisation(document: Reorganisation) -> Plan:
    """The dry run: who goes where, who stays behind, and what stands in the way.

    A fixed number of queries, whatever the number of lines and people.
    """
    lines = list(document.lines.all())
    change = tree_change(document, lines)
    named = _named(change)
    moves = _moves(change, named)
    outcomes = {
        step.line.position: LineOutcome(
            step.line,
            change.name(step.origin),
            change.name(step.target) or step.line.to_name,
        )
        for step in change.steps
    }
    left: dict[int, set[int]] = defaultdict(set)
    for move in moves:
        if move.line is not None:
            outcomes[move.line].people.add(move.person_id)
        elif move.managing is None:
            left[move.origin].add(move.person_id)
    grants = _grants(change)
    _count(change, outcomes, moves, grants)
    return Plan(
        document,
        change,
        moves,
        [outcomes.get(line.position) or _renewal(line, change) for line in lines],
        dict(left),
        grants,
        change.faults,
    )


def _renewal(line: ReorganisationLine, change: TreeChange) -> LineOutcome:
    """Of a line by which a unit goes on, or that could not be understood: nobody moves."""
    for version, plan in change.renewed.values():
        if version.code == line.from_code:
            return LineOutcome(line, version.name, plan.name)
    return LineOutcome(line, line.from_code, line.to_name or line.to_code)


# ------------------------------------------------------------------ people


def posts_from(change: TreeChange) -> QuerySet[Post]:
    """Posts that last beyond the eve of the day."""
    return Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=change.day))


Named = dict[tuple[int, int], Step]
"""Line by person and unit that they leave."""


def _named(change: TreeChange) -> Named:
    """The people whom lines name. A number that nobody there has is a fault of its line."""
    wanted: dict[tuple[int, str], Step] = {}
    for step in change.steps:
        for number in step.line.named():
            key = (step.origin, staff_number(number))
            if wanted.setdefault(key, step) is not step:
                text = _("Two lines name the staff number %(number)s.") % {"number": number}
                change.faults.append(Fault(step.line.position, text))
    if not wanted:
        return {}
    rows = (
        posts_from(change)
        .filter(
            managing_unit__in={origin for origin, _number in wanted},
            person__staff_number__in={number for _origin, number in wanted},
        )
        .values_list("person_id", "managing_unit_id", "person__staff_number")
    )
    named: Named = {}
    missing = set(wanted)
    for person_id, unit_id, typed in rows:
        key = (unit_id, typed or "")
        if key in wanted:
            named[person_id, unit_id] = wanted[key]
            missing.discard(key)
    _miss(change, {key: wanted[key] for key in wanted if key in missing})
    return named


def _miss(change: TreeChange, missing: dict[tuple[int, str], Step]) -> None:
    by_line: dict[int, list[str]] = defaultdict(list)
    for (_origin, number), step in missing.items():
        by_line[step.line.position].append(number)
    for position, numbers in by_line.items():
        text = _("Nobody of this unit has the staff number %(numbers)s.")
        quoted = ", ".join(numbers[:NAMED_AT_MOST])
        change.faults.append(Fault(position, text % {"numbers": quoted}))


def _moves(change: TreeChange, named: Named) -> list[Move]:
    ended = set(change.ended)
    all_lines = {
        step.origin: step.line.position for step in change.steps if step.line.people == PeopleGo.ALL
    }
    rows = posts_from(change).filter(
        Q(managing_unit__in=ended)
        | Q(using_unit__in=ended)
        | Q(managing_unit__in={unit for _p, unit in named}, person__in={p for p, _u in named})
    )
    moves = []
    for post_id, person_id, managing, using in rows.order_by("pk").values_list(
        "pk", "person_id", "managing_unit_id", "using_unit_id"
    ):
        step = named.get((person_id, managing))
        target: Ref | None = managing
        line = None
        if step is not None:
            target, line = step.target, step.line.position
        elif managing in ended:
            target = change.heirs.get(managing)
            line = all_lines.get(managing) if target is not None else None
        elif using not in ended:
            continue  # Somebody else's second post at the unit that others leave.
        place = _place(change, managing, using, target)
        writes = target is not None and (target, place) != (managing, using)
        moves.append(Move(post_id, person_id, managing, target, place, line, writes))
    return moves


def _place(change: TreeChange, managing: int, using: int, target: Ref | None) -> Ref:
    """Where the work is done then; where nobody said, as before."""
    if using == managing:
        return managing if target is None else target
    return change.heirs.get(using, using)


# ------------------------------------------------------------------ what hangs on units


def _grants(change: TreeChange) -> list[tuple[RoleGrant, Ref | None]]:
    grants = RoleGrant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=change.day), organisation__in=change.ended
    )
    return [
        (grant, change.heirs.get(grant.organisation_id))
        for grant in grants.select_related("user").order_by("pk")
    ]


def assignments_of(change: TreeChange) -> QuerySet[Assignment]:
    """Courses given to units that end."""
    return Assignment.objects.in_force().filter(unit__in=change.ended).order_by("pk")


def residents_of(change: TreeChange) -> QuerySet[Person]:
    """People without a post who belong to a commune that ends and has an heir."""
    return Person.objects.filter(commune__in=change.heirs).order_by("pk")


def _count(
    change: TreeChange,
    outcomes: dict[int, LineOutcome],
    moves: Sequence[Move],
    grants: Sequence[tuple[RoleGrant, Ref | None]],
) -> None:
    """Pending approvals, officers and IT officers of each line. Two queries."""
    origins = {move.origin for move in moves}
    waiting = TrainingRecord.objects.filter(
        mode=Mode.SELF_STUDY,
        state=RecordState.WAITING,
        person__in=Post.objects.filter(managing_unit__in=origins).values("person"),
    )
    claims: dict[int, int] = defaultdict(int)
    for person_id in waiting.values_list("person_id", flat=True):
        claims[person_id] += 1
    it_officers = set(
        posts_from(change)
        .filter(managing_unit__in=origins, is_it_officer=True)
        .values_list("pk", flat=True)
    )
    by_origin = {
        outcome.line.from_code: outcome
        for outcome in outcomes.values()
        if outcome.line.people == PeopleGo.ALL
    }
    for outcome in outcomes.values():
        outcome.claims = sum(claims[person] for person in outcome.people)
    for move in moves:
        if move.line is not None and move.post_id in it_officers:
            outcomes[move.line].it_officers += 1
    for grant, heir in grants:
        code = change.ended[grant.organisation_id].code
        if heir is not None and code in by_origin:
            by_origin[code].officers += 1
