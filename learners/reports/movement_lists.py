"""The names behind every figure of a movement: who, where, when, why and by which decision."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from learners.choices import (
    Act,
    ImportState,
    ReorganisationState,
    RowDecision,
    RowOutcome,
    StaffKind,
)
from learners.models import (
    AuditEntry,
    Person,
    Post,
    Reorganisation,
    ReorganisationChange,
    StaffImportRow,
)
from learners.reading import from_json, in_one
from learners.reports.batches import SIZE, id_batches
from learners.reports.movement import (
    STAY,
    Bulk,
    Line,
    Movement,
    Reason,
    RowKey,
    Stay,
    line_of,
)
from learners.reports.names import names_on, short_name
from learners.reports.places import ONE_DAY

CAME_BY_LIST = (RowOutcome.CREATED, RowOutcome.CHANGED, RowOutcome.MOVED)


class Entry(NamedTuple):
    """One person on one line; the same person may stand there again on another day."""

    day: date
    name_key: str
    before: Stay | None
    after: Stay | None
    reason: str


@dataclass(frozen=True)
class MovementRow:
    """One line of the list, ready to print."""

    person_id: int
    full_name: str
    staff_number: str
    staff_kind: str
    title: str
    origin: str
    """The unit left, by the name of then; empty of who was not counted before."""
    target: str
    day: date
    """The first day on which it was so; of the opening and closing figures, since when."""
    reason: str
    decision: str
    """What the register knows of it: a decision, or the list it came with."""
    has_page: bool
    """Whether the viewer may open the person's page."""


def standing_there(movement: Movement, line: Line, row: RowKey | None) -> QuerySet[Post]:
    """Who is behind the opening or the closing figure, by name: the posts at which they count."""
    asked = movement.asked
    day = asked.eve if line == Line.OPENING else asked.last
    places = {unit: asked.row_on(unit, day) for unit in asked.by_unit(day)}
    here = [
        unit
        for unit, place in places.items()
        if place is not None and (row is None or place == row)
    ]
    second = [pk for pk, unit in asked.second_posts(day) if unit in set(here)]
    found = asked.counted(day).filter(managing_unit__in=here).exclude(pk__in=second)
    return found.order_by("person__name_key", "person_id")


def entries(movement: Movement, line: Line, row: RowKey | None) -> list[Entry]:
    """Who joined, left, came or went, by day and name; as many as the figure says.

    One query for units that moved with everybody in them, none otherwise.
    """
    found = [
        Entry(step.day, (step.before or step.after).name_key, step.before, step.after, step.reason)  # type: ignore[union-attr]
        for step in movement.steps
        if line_of(step, row) == line
    ]
    found += _whole_units(movement, [one for one in movement.bulks if line_of(one, row) == line])
    return sorted(found, key=lambda entry: (entry.day, entry.name_key, _person_of(entry)))


def _whole_units(movement: Movement, bulks: Sequence[Bulk]) -> Iterator[Entry]:
    if not bulks:
        return
    asked = movement.asked
    posts = asked.counted(asked.eve).filter(managing_unit__in={bulk.unit for bulk in bulks})
    second = {pk for pk, _unit in asked.second_posts(asked.eve)}
    there: dict[int, list[Stay]] = {}
    for row in posts.order_by().values_list(*STAY).iterator():
        stay = Stay(*row)
        if stay.person not in movement.touched and stay.post not in second:
            there.setdefault(stay.unit, []).append(stay)
    for bulk in bulks:
        for stay in there.get(bulk.unit, []):
            yield Entry(bulk.day, stay.name_key, stay, stay, Reason.REORGANISED)


def _person_of(entry: Entry) -> int:
    return (entry.before or entry.after).person  # type: ignore[union-attr]


# ------------------------------------------------------------------ ready to print


def entry_rows(
    movement: Movement, found: Sequence[Entry], seen: QuerySet[Person] | None = None
) -> list[MovementRow]:
    """Rows with names and decisions. Two queries, however many entries.

    `seen` are the people whose page the viewer may open.
    """
    wanted = {stay.post for entry in found for stay in (entry.before, entry.after) if stay}
    posts = with_page(Post.objects.select_related("person"), seen).in_bulk(wanted)
    ends = {(entry.before.unit, entry.day - ONE_DAY) for entry in found if entry.before}
    begins = {(entry.after.unit, entry.day) for entry in found if entry.after}
    names = names_on(ends | begins)
    decisions = _Decisions(movement, found)
    rows = []
    for entry in found:
        stay = entry.after or entry.before
        post = posts.get(stay.post) if stay else None
        if post is None or stay is None:
            continue
        origin = names.get((entry.before.unit, entry.day - ONE_DAY), "") if entry.before else ""
        target = names.get((entry.after.unit, entry.day), "") if entry.after else ""
        rows.append(
            MovementRow(
                person_id=post.person_id,
                full_name=post.person.full_name,
                staff_number=post.person.staff_number or "",
                staff_kind=str(StaffKind(stay.staff_kind).label),
                title=post.title,
                origin=short_name(origin),
                target=short_name(target),
                day=entry.day,
                reason=entry.reason,
                decision="" if post.person.erased_at else decisions.of(entry),
                has_page=post.has_page,  # type: ignore[attr-defined]
            )
        )
    return rows


def with_page(posts: QuerySet[Post], seen: QuerySet[Person] | None) -> QuerySet[Post]:
    """Posts that know whether the viewer may open the person's page; None: nobody looks."""
    if seen is None:
        return posts.annotate(has_page=Value(False))
    return posts.annotate(has_page=Exists(seen.filter(pk=OuterRef("person_id"))))


def post_rows(posts: Sequence[Post], day: date) -> list[MovementRow]:
    """Rows of the opening or closing figure; posts come with their people, and `with_page`."""
    names = names_on({(post.managing_unit_id, day) for post in posts})
    return [
        MovementRow(
            person_id=post.person_id,
            full_name=post.person.full_name,
            staff_number=post.person.staff_number or "",
            staff_kind=str(StaffKind(post.staff_kind).label),
            title=post.title,
            origin="",
            target=short_name(names.get((post.managing_unit_id, day), "")),
            day=post.valid_from,
            reason="",
            decision="",
            has_page=post.has_page,  # type: ignore[attr-defined]
        )
        for post in posts
    ]


def all_rows(movement: Movement, line: Line, row: RowKey | None) -> Iterator[MovementRow]:
    """The whole list of a figure, read in batches."""
    if line not in (Line.OPENING, Line.CLOSING):
        found = entries(movement, line, row)
        for start in range(0, len(found), SIZE):
            yield from entry_rows(movement, found[start : start + SIZE])
        return
    day = movement.asked.eve if line == Line.OPENING else movement.asked.last
    for batch in id_batches(standing_there(movement, line, row)):
        posts = with_page(Post.objects.select_related("person"), None).in_bulk(batch)
        yield from post_rows([posts[pk] for pk in batch if pk in posts], day)


class _Decisions:
    """What the register says about changes of posts and units. One query."""

    def __init__(self, movement: Movement, found: Sequence[Entry]) -> None:
        self._places = movement.asked.places
        moved = [entry for entry in found if entry.reason == Reason.REORGANISED]
        people = {_person_of(entry) for entry in found if entry.reason != Reason.REORGANISED}
        documents, notes, lists = in_one(
            _documents({row for entry in moved for row in self._rows_of(entry)}, moved),
            _notes(people),
            _lists(people),
        )
        self._documents = {(row["table"], row["row"]): row["said"] for row in documents}
        """Number of the document that made a row."""
        self._notes = _by_day(notes)
        """The decision that an officer typed, by person and day of the change."""
        self._lists = {
            (row["person"], date.fromisoformat(row["day"])): _("list of staff “%(file)s”")
            % {"file": row["name"]}
            for row in sorted(lists, key=itemgetter("pk"))
        }
        """The list of staff with which a change came, by person and day."""

    def of(self, entry: Entry) -> str:
        if entry.reason == Reason.REORGANISED:
            for row in self._rows_of(entry):
                if row in self._documents:
                    return self._documents[row]
            return ""
        person = _person_of(entry)
        return self._notes.get((person, entry.day), "") or self._lists.get((person, entry.day), "")

    def _rows_of(self, entry: Entry) -> Iterator[tuple[str, int]]:
        """Rows of the register that a document about units may have made that day."""
        if entry.after is None:
            return
        yield "post", entry.after.post
        for unit in self._places.line(entry.after.unit, entry.day):
            version = self._places.version(unit, entry.day)
            if version is not None and version.first == entry.day:
                yield "period", version.pk


def _documents(
    rows: Collection[tuple[str, int]], moved: Collection[Entry]
) -> tuple[QuerySet, dict[str, str]]:
    days = {entry.day for entry in moved}
    documents = Reorganisation.objects.filter(effective_on__in=days).exclude(
        state__in=(ReorganisationState.DRAFT, ReorganisationState.UNDONE)
    )
    changes = ReorganisationChange.objects.filter(
        reorganisation__in=documents.order_by(), row_id__in={pk for _table, pk in rows}
    )
    return changes, {
        "table": "table",
        "row": "row_id",
        "said": "reorganisation__decision_number",
    }


def _notes(people: Collection[int]) -> tuple[QuerySet, dict[str, str]]:
    about = [f"person {person}" for person in people]
    entries = AuditEntry.objects.filter(act=Act.POST, about__in=about)
    return entries, {
        "number": "number",
        "about": "about",
        "before": "before",
        "after": "after",
        "why": "why",
    }


def _by_day(entries: Sequence[dict[str, Any]]) -> dict[tuple[int, date], str]:
    """The last that was said of each day."""
    notes: dict[tuple[int, date], str] = {}
    for row in sorted(entries, key=itemgetter("number")):
        before, after = (
            from_json(AuditEntry._meta.get_field(half), row[half]) for half in ("before", "after")
        )
        if day := _day_of(before, after or {}):
            notes[int(row["about"].removeprefix("person ")), day] = row["why"]
    return notes


def _lists(people: Collection[int]) -> tuple[QuerySet, dict[str, str]]:
    came = Q(run__state=ImportState.APPLIED, outcome__in=CAME_BY_LIST)
    rows = StaffImportRow.objects.filter(came | Q(decision=RowDecision.ENDED), person__in=people)
    return rows, {
        "pk": "pk",
        "person": "person_id",
        "day": "run__effective_on",
        "name": "run__name",
    }


def _day_of(before: dict[str, Any] | None, after: dict[str, Any]) -> date | None:
    """The first day on which what an entry of the log says of a post is so; None: says no day."""
    is_same = before is not None and before.get("post") == after.get("post")
    if is_same and before and before.get("to") != after.get("to"):
        return date.fromisoformat(after["to"]) + ONE_DAY if after.get("to") else None
    return date.fromisoformat(after["from"]) if after.get("post") else None
