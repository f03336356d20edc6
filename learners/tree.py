"""The tree of organisations on one day, in memory: a few thousand rows, one query."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.db.models import Count, Max

from courses.text import fold
from learners.choices import Level, SuccessionKind
from learners.models import OrganisationVersion, Succession
from learners.normalise import text_key
from learners.reading import once

_COMMUNE_CODE = re.compile(r"X\d{5}")
_NO_MAIN_LINE = [
    SuccessionKind.FUNCTION_TRANSFER,
    SuccessionKind.DISSOLVE_DISTRICT,
    SuccessionKind.DISSOLVE,
    SuccessionKind.SPLIT,
]
_LEVEL_ORDER = {level: order for order, level in enumerate(Level.values)}


class Node(NamedTuple):
    """One organisation as it was on the day."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    is_specialised: bool

    @property
    def is_commune(self) -> bool:
        """The commune itself, not an office or a school in it: X and the official number."""
        return _COMMUNE_CODE.fullmatch(self.code) is not None


class Version(NamedTuple):
    """What was true of one organisation from one day to another."""

    pk: int
    parent: int | None
    name: str
    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or self.last >= day)


@dataclass
class Tree:
    """Organisations in force on one day; `in` asks whether one was."""

    day: date
    nodes: dict[int, Node] = field(default_factory=dict)

    def __contains__(self, organisation_id: object) -> bool:
        return organisation_id in self.nodes

    def __getitem__(self, organisation_id: int) -> Node:
        return self.nodes[organisation_id]

    def name(self, organisation_id: int) -> str:
        return self.nodes[organisation_id].name

    @cached_property
    def _children(self) -> dict[int | None, list[int]]:
        """Province before communes, departments first, then by name as Vietnamese sorts it."""
        children: dict[int | None, list[int]] = defaultdict(list)
        for node in sorted(self.nodes.values(), key=_display_order):
            parent = node.parent_id if node.parent_id in self.nodes else None
            children[parent].append(node.id)
        return children

    def roots(self) -> list[int]:
        return self._children[None]

    def children(self, organisation_id: int) -> list[int]:
        return self._children.get(organisation_id, [])

    def ancestors(self, organisation_id: int) -> list[int]:
        """From the root down, without the organisation itself."""
        chain: list[int] = []
        parent = self.nodes[organisation_id].parent_id
        while parent in self.nodes and parent not in chain:
            chain.append(parent)
            parent = self.nodes[parent].parent_id
        return chain[::-1]

    def subtree_ids(self, organisation_id: int) -> list[int]:
        """The organisation and all below it, each once."""
        found = [organisation_id]
        for current in found:
            found.extend(self.children(current))
        return found

    def search(self, words: str) -> list[int]:
        """Organisations whose name holds the words, whatever the marks."""
        wanted = fold(words)
        return [i for i, node in self.nodes.items() if wanted in fold(node.name)]


def _display_order(node: Node) -> tuple:
    return (_LEVEL_ORDER[node.level], not node.is_specialised, text_key(node.name))


def tree_on(day: date) -> Tree:
    """The tree in force on that day. One query while it is kept, two when it is not.

    Kept per process and shared by its requests, so nobody changes it; found by a stamp of the
    register, so no process has to be told of a change.
    """
    return _built(day, *_stamp())


def versions_of(organisation_id: int) -> list[Version]:
    """What it was since there is a register, the oldest first. One query while they are kept."""
    return versions().get(organisation_id, [])


def versions() -> dict[int, list[Version]]:
    """As `versions_of`, of every organisation. Kept as the trees are."""
    return _versions(*_stamp())


@once
def _stamp() -> tuple[int, datetime | None]:
    found = OrganisationVersion.objects.aggregate(n=Count("pk"), last=Max("updated_at"))
    return (found["n"], found["last"])


@lru_cache(maxsize=2)
def _versions(_count: int, _last: datetime | None) -> dict[int, list[Version]]:
    found: dict[int, list[Version]] = {}
    rows = OrganisationVersion.objects.order_by("valid_from").values_list(
        "organisation_id", "pk", "parent_id", "name", "valid_from", "valid_to"
    )
    for organisation_id, pk, parent, name, first, last in rows:
        found.setdefault(organisation_id, []).append(Version(pk, parent, name, first, last))
    return found


@lru_cache(maxsize=64)
def _built(day: date, _count: int, _last: datetime | None) -> Tree:
    rows = OrganisationVersion.objects.on(day).values_list(
        "organisation_id", "code", "name", "level", "parent_id", "is_specialised"
    )
    tree = Tree(day, {row[0]: Node(*row) for row in rows})
    tree.roots()  # sorted once, kept with the tree
    return tree


def forget_trees() -> None:
    """For whoever changes the register while the clock stands still."""
    _built.cache_clear()
    _versions.cache_clear()


def organisation_by_code(code: str, day: date) -> int | None:
    """The organisation that a code meant on that day; also by the statistics office's digits.

    "16690" is phường Trường Thi until 30 June 2025 and phường Trường Vinh since.
    """
    wanted = {code, f"X{code}", f"D{code}"}
    return (
        OrganisationVersion.objects.on(day)
        .filter(code__in=wanted)
        .values_list("organisation_id", flat=True)
        .first()
    )


def successors_on(organisations: Iterable[int], day: date) -> dict[int, int]:
    """Who carries on for each organisation on that day: itself, or the end of its main line.

    Transfers of a single function and parts split off are not followed: the unit goes on. A
    dissolved unit has many successors and no main one: it stays itself. One query.
    """
    moved = Succession.objects.filter(effective_from__lte=day, successor__isnull=False).exclude(
        kind__in=_NO_MAIN_LINE
    )
    lines = moved.order_by("effective_from", "pk").values_list("predecessor_id", "successor_id")
    next_of = dict(lines)
    return {organisation: _end_of_line(organisation, next_of) for organisation in organisations}


def successor_on(organisation_id: int, day: date) -> int:
    """As `successors_on`, for one."""
    return successors_on([organisation_id], day)[organisation_id]


def _end_of_line(organisation_id: int, next_of: dict[int, int]) -> int:
    seen = set()
    while organisation_id in next_of and organisation_id not in seen:
        seen.add(organisation_id)
        organisation_id = next_of[organisation_id]
    return organisation_id
