"""Figures to be signed: drawn up from facts, written in one form only, compared.

The same facts, days, rules and tree give the same bytes and so the same hash, in whatever
year they are asked for.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from learners.choices import REACHED, Status
from learners.models import Participation, ReportingPeriod, Snapshot
from learners.periods import Window
from learners.reports.counting import Assessment, assess, basis_for
from learners.reports.plan import rules_on, targets_of
from learners.tree import Tree, tree_on

FORMAT = 2
"""2 says with each rule how many hours training has to last. What was signed in format 1 is
written in format 1 when it is counted again, so its hash stays comparable."""

Person = list[Any]
"""Id, unit and status; of a part of a year, whether newly reached in it too."""
UNIT, STATUS, NEW = 1, 2, 3
"""Places in it."""


@dataclass(frozen=True)
class Drawn:
    content: dict[str, Any]
    people: list[Person]
    participations: list[int]

    @property
    def sha256(self) -> str:
        return hash_of(self.content, self.people, self.participations)


def hash_of(content: object, people: object, participations: object) -> str:
    """SHA-256 of the one way to write it: keys sorted, no spaces, UTF-8."""
    whole = {"content": content, "people": people, "participations": participations}
    written = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()


def draw(
    window: Window,
    period: ReportingPeriod,
    *,
    unit: int | None,
    cut_off: date,
    tree_day: date,
    form: int = FORMAT,
) -> Drawn:
    """The figures of a unit with all below it, of facts up to `cut_off`, by the tree of a day.

    Always from the year's beginning. Of a part of the year it is told besides who was newly
    reached in it, and what took place in it. Counted anew from the facts, not from summaries. A
    handful of queries; time and memory grow with the people (70,000 take some seconds).
    """
    tree = tree_on(tree_day)
    members = None if unit is None else frozenset(tree.subtree_ids(unit))
    people = _people(
        window, assess(basis_for(window.year, window.year_starts_on, cut_off)), members
    )
    lots = Participation.objects.counted().filter(
        happened_on__range=(window.year_starts_on, cut_off)
    )
    if members is not None:
        lots = lots.filter(organisation__in=members)
    rows = list(
        lots.order_by("pk").values_list(
            "pk",
            "person_id",
            "audience",
            "class_group__topic",
            "class_group__provider__name",
            "completed",
            "happened_on",
        )
    )
    content = {
        "format": form,
        "unit": tree[unit].code if unit is not None else "",
        "unit_name": tree.name(unit) if unit is not None else "",
        "year": window.year,
        "first_day": window.year_starts_on.isoformat(),
        "last_day": cut_off.isoformat(),
        "tree": tree_day.isoformat(),
        **_plan(period, cut_off, form),
        "staff": _by_status(row[STATUS] for row in people),
        "units": _units(tree, unit, people),
        "participations": len(rows),
        "participants": len({row[1] for row in rows}),
        "by_group": _groups(rows),
    }
    if not window.is_year:
        within = [row for row in rows if row[-1] >= window.starts_on]
        content["window"] = {
            "part": window.part,
            "first_day": window.starts_on.isoformat(),
            "staff": _by_status(row[STATUS] for row in people if is_new(row)),
            "participations": [row[0] for row in within],
            "participants": len({row[1] for row in within}),
            "by_group": _groups(within),
        }
    return Drawn(content, people, [row[0] for row in rows])


def _people(
    window: Window, found: dict[int, Assessment], members: frozenset[int] | None
) -> list[Person]:
    """By id. Of a part of a year with a fourth word: 1 for whoever was newly reached in it."""
    people: list[Person] = []
    for person, one in found.items():
        if members is None or one.organisation_id in members:
            row: Person = [person, one.organisation_id, one.status]
            if not window.is_year:
                reached_on = one.reached_on or date.min
                row.append(int(reached_on >= window.starts_on))
            people.append(row)
    return sorted(people)


def is_new(row: Person) -> bool:
    """Whether somebody was newly reached in the part of the year that the figures are of."""
    return len(row) > NEW and bool(row[NEW])


def _plan(period: ReportingPeriod, day: date, form: int) -> dict[str, Any]:
    return {
        "targets": [
            [code, target.value, target.legal_act]
            + ([target.denominator.sentence] if target.denominator else [])
            for code, target in sorted(targets_of(period).items())
        ],
        "rules": [
            [code, rule.version, rule.sentence]
            + ([f"{rule.minimum_hours:.1f}"] if form > 1 else [])
            for code, rule in sorted(rules_on(day).items())
        ],
    }


def _by_status(statuses: Iterable[str]) -> dict[str, int]:
    return {status: n for status, n in sorted(Counter(statuses).items()) if n}


def _units(tree: Tree, unit: int | None, people: list[Person]) -> list[dict[str, Any]]:
    """Each unit that has people, below the one it belongs to: its own and all; of a part of a year
    those newly reached besides. People of units that the tree does not hold come last, under no
    code."""
    own: dict[int, Counter[str]] = {}
    for row in people:
        counts = own.setdefault(row[UNIT], Counter())
        counts[row[STATUS]] += 1
        if len(row) > NEW:
            counts[_NEW_WORD] += row[NEW]
    rows: list[dict[str, Any]] = []

    def walk(here: int, above: str) -> Counter[str]:
        place = len(rows)
        rows.append({})
        whole = Counter(own.get(here, Counter()))
        for child in tree.children(here):
            whole.update(walk(child, tree[here].code))
        if whole:
            found = own.get(here, Counter())
            rows[place] = _unit(tree[here].code, tree.name(here), above, found, whole)
        return whole

    for root in tree.roots() if unit is None else [unit]:
        walk(root, "")
    lost: Counter[str] = Counter()
    for where, counts in own.items():
        if where not in tree:
            lost.update(counts)
    if lost:
        rows.append(_unit("", "", "", lost, lost))
    return [row for row in rows if row]


_NEW_WORD = "new"
"""Beside the statuses while units are added up."""


def _unit(
    code: str, name: str, above: str, own: Counter[str], whole: Counter[str]
) -> dict[str, Any]:
    row: dict[str, Any] = {"code": code, "name": name, "above": above}
    for word, counts in (("own", own), ("all", whole)):
        row[word] = {key: n for key, n in sorted(counts.items()) if key != _NEW_WORD}
    if _NEW_WORD in whole:
        row["new"] = [own[_NEW_WORD], whole[_NEW_WORD]]
    return row


def _groups(rows: list[tuple]) -> list[list[Any]]:
    """Audience, topic, provider, participations, people, completed; rows as `draw` reads them."""
    groups: dict[tuple[str, str, str], list[tuple]] = {}
    for row in rows:
        groups.setdefault((row[2], row[3], row[4]), []).append(row)
    return [
        [*key, len(found), len({row[1] for row in found}), sum(bool(row[5]) for row in found)]
        for key, found in sorted(groups.items())
    ]


# ------------------------------------------------------------------ looking at figures


def headcount(counts: Mapping[str, int]) -> int:
    return sum(counts.values())


def reached(counts: Mapping[str, int]) -> int:
    return sum(counts.get(status, 0) for status in REACHED)


def faults(drawn: Drawn) -> list[str]:
    """Codes of units whose children and own people do not sum to what stands there; "" for the
    whole. Figures with a fault are not signed."""
    content = drawn.content
    below: dict[str, Counter[str]] = {}
    for row in content["units"]:
        below.setdefault(row["above"], Counter()).update(_words(row, "all"))
    wrong = [
        row["code"]
        for row in content["units"]
        if row["code"]
        and _words(row, "own") + below.get(row["code"], Counter()) != _words(row, "all")
    ]
    whole = Counter(row[STATUS] for row in drawn.people)
    if whole != Counter(content["staff"]):
        wrong.append("")
    new = Counter(row[STATUS] for row in drawn.people if is_new(row))
    if new != Counter(content.get("window", {}).get("staff", {})):
        wrong.append("")
    if below.get("", Counter()) != whole + Counter({_NEW_WORD: new.total()}):
        wrong.append("")
    parts = [(content["by_group"], drawn.participations)]
    if window := content.get("window"):
        parts.append((window["by_group"], window["participations"]))
    if any(sum(row[3] for row in groups) != len(lots) for groups, lots in parts):
        wrong.append("")
    return wrong


def _words(row: dict[str, Any], which: str) -> Counter[str]:
    """A unit's counts with those newly reached among them."""
    new = row.get("new", [0, 0])[which == "all"]
    return Counter(row[which]) + Counter({_NEW_WORD: new})


@dataclass(frozen=True)
class Change:
    """One person whose standing is another than it was signed."""

    person: int
    before: str
    """A status; empty: was not counted."""
    after: str

    @property
    def kind(self) -> str:
        """joined, left, reached, lost or other: another unit, another way, another day."""
        if not self.before or not self.after:
            return "left" if self.before else "joined"
        was, now = Status(self.before) in REACHED, Status(self.after) in REACHED
        if was == now:
            return "other"
        return "reached" if now else "lost"


def changes(before: Snapshot, after: Drawn) -> list[Change]:
    """Who stands otherwise than in the earlier figures, by id."""
    then = {person: tuple(rest) for person, *rest in before.people}
    now = {person: tuple(rest) for person, *rest in after.people}
    return [
        Change(person, then.get(person, (0, ""))[1], now.get(person, (0, ""))[1])
        for person in sorted(then.keys() | now.keys())
        if then.get(person) != now.get(person)
    ]


def lots_changed(before: Snapshot, after: Drawn) -> tuple[int, int]:
    """Participations that came in, and those that went out, since the earlier figures."""
    then, now = set(before.participations), set(after.participations)
    return len(now - then), len(then - now)


def as_drawn(snapshot: Snapshot) -> Drawn:
    return Drawn(snapshot.content, snapshot.people, snapshot.participations)


def drawn_today(snapshot: Snapshot) -> Drawn:
    """The same figures from the facts as they are known now, on the days and tree of then."""
    return draw(
        snapshot.window,
        snapshot.period,
        unit=snapshot.unit_id,
        cut_off=snapshot.cut_off,
        tree_day=snapshot.tree_on,
        form=snapshot.content["format"],
    )
