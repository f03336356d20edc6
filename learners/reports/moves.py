"""Who goes where by a reorganisation, with names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from learners.models import Person, Post, Reorganisation
from learners.reports.names import unit_names
from learners.tree import tree_on


@dataclass(frozen=True, slots=True)
class Destination:
    """One person on the way from a unit to a unit; nowhere: an empty target."""

    person_id: int
    origin: str
    target: str


@dataclass(frozen=True, slots=True)
class NamedDestination:
    person_id: int
    full_name: str
    staff_number: str
    origin: str
    target: str


def arrivals(document: Reorganisation) -> list[Destination]:
    """Who went where, of a document in effect: what it wrote, in the order of the writing."""
    changes = list(document.changes.filter(table="post").order_by("pk"))
    made = [change.became for change in changes if change.was is None]
    ended = [change for change in changes if change.was is not None and "valid_to" in change.was]
    origins: dict[int, int] = {}
    for start in range(0, len(ended), 1000):
        ids = [change.row_id for change in ended[start : start + 1000]]
        posts = Post.objects.filter(pk__in=ids)
        origins |= dict(posts.values_list("pk", "managing_unit_id"))
    rows = [
        (after["person_id"], origins[before.row_id], after["managing_unit_id"])
        # Each post that ended is followed by the one that it goes on as.
        for before, after in zip(ended, made, strict=True)
        if before.row_id in origins
    ]
    before_day = tree_on(document.effective_on - timedelta(days=1))
    old = unit_names({origin for _person, origin, _target in rows}, before_day)
    new = unit_names({target for *_rest, target in rows}, tree_on(document.effective_on))
    return [
        Destination(person, old[origin], new[target])
        for person, origin, target in rows
        if origin != target
    ]


def by_name(found: Iterable[Destination]) -> list[Destination]:
    """In Vietnamese order of the people's names. One query for each thousand."""
    rows = list(found)
    keys: dict[int, str] = {}
    ids = sorted({row.person_id for row in rows})
    for start in range(0, len(ids), 1000):
        people = Person.objects.filter(pk__in=ids[start : start + 1000])
        keys |= dict(people.values_list("pk", "name_key"))
    return sorted(rows, key=lambda row: (keys.get(row.person_id, ""), row.person_id))


def destinations(found: Sequence[Destination]) -> list[NamedDestination]:
    """With the names of the people. One query for each thousand."""
    names: dict[int, tuple[str, str]] = {}
    ids = sorted({row.person_id for row in found})
    for start in range(0, len(ids), 1000):
        rows = Person.objects.filter(pk__in=ids[start : start + 1000])
        for pk, full_name, number in rows.values_list("pk", "full_name", "staff_number"):
            names[pk] = (full_name, number or "")
    return [
        NamedDestination(row.person_id, *names[row.person_id], row.origin, row.target)
        for row in found
        if row.person_id in names
    ]
