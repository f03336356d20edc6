"""Records that may be one person: the same name, and the same day of birth or phone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from learners.models import KeptApart, Person, Post
from learners.reports.names import unit_names
from learners.tree import tree_on

MOST_GROUPS = 500

Pair = tuple[Person, Person]


@dataclass(frozen=True)
class Suspicion:
    """Two records that look alike; the older one first."""

    first: Person
    second: Person
    same_birth: bool
    same_phone: bool


def suspicions(people: QuerySet[Person]) -> list[Suspicion]:
    """Pairs among `people` that nobody has looked at yet, by name. Five queries; at most
    MOST_GROUPS names at a time."""
    living = people.filter(merged_into__isnull=True)
    found: dict[tuple[int, int], Pair] = {}
    for alike in (
        _alike(living.filter(birth_date__isnull=False), "birth_date"),
        _alike(living.exclude(phone=""), "phone"),
    ):
        for one, other in alike:
            found.setdefault((one.pk, other.pk), (one, other))
    for apart in KeptApart.objects.filter(first__in={pk for pk, _other in found}):
        found.pop((apart.first_id, apart.second_id), None)
    return [_suspicion(*pair) for pair in sorted(found.values(), key=_by_name)]


def namesakes_of(person: Person, people: QuerySet[Person]) -> list[Suspicion]:
    """Records among `people` with the person's name, marks or not, whatever else differs."""
    others = people.filter(folded_name=person.folded_name, merged_into__isnull=True)
    pairs = [
        tuple(sorted((person, other), key=lambda one: one.pk))
        for other in others.exclude(pk=person.pk).order_by("pk")[:MOST_GROUPS]
    ]
    return [_suspicion(one, other) for one, other in pairs]


def _alike(people: QuerySet[Person], fact: str) -> Iterator[Pair]:
    """Pairs with equal name and fact: the oldest record of a group with each of the others."""
    groups = (
        people.order_by()
        .values_list("name_key", fact)
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .order_by("name_key", fact)[:MOST_GROUPS]
    )
    keys = {(name, value) for name, value, _n in groups}
    if not keys:
        return
    rows = people.filter(
        **{"name_key__in": {key[0] for key in keys}, f"{fact}__in": {key[1] for key in keys}}
    )
    members: dict[tuple[str, Any], list[Person]] = defaultdict(list)
    for row in rows.order_by("pk"):
        members[row.name_key, getattr(row, fact)].append(row)
    for key in sorted(keys, key=str):
        oldest, *others = members[key]
        for other in others:
            yield oldest, other


def _suspicion(one: Person, other: Person) -> Suspicion:
    return Suspicion(
        one,
        other,
        same_birth=one.birth_date is not None and one.birth_date == other.birth_date,
        same_phone=bool(one.phone) and one.phone == other.phone,
    )


def _by_name(pair: Pair) -> tuple[str, int, int]:
    return (pair[0].name_key, pair[0].pk, pair[1].pk)


@dataclass(frozen=True)
class Side:
    """One of two records, as far as a page may show it."""

    person: Person
    masked_number: str
    masked_phone: str
    units: list[str]
    records: int
    participations: int
    courses: int
    has_account: bool


def units_today(people: Iterable[int]) -> dict[int, list[str]]:
    """Where people work today, the main post first; a unit that is no more by its last name. Two
    queries."""
    today = timezone.localdate()
    posts = Post.objects.on(today).filter(person__in=set(people)).order_by("-is_main", "pk")
    pairs = dict.fromkeys(posts.values_list("person_id", "managing_unit_id"))
    names = unit_names((unit for _person, unit in pairs), tree_on(today))
    found: dict[int, list[str]] = defaultdict(list)
    for person, unit in pairs:
        found[person].append(names.get(unit, ""))
    return found


def count_facts(person: Person) -> dict[str, int]:
    """How much hangs on a record. One query."""
    return Person.objects.filter(pk=person.pk).aggregate(
        records=Count("records", distinct=True),
        participations=Count("participations", distinct=True),
        courses=Count("enrolments", distinct=True),
    )


def merged_among(people: QuerySet[Person]) -> Q:
    """The mergers whose kept record is among `people`."""
    return Q(kept__in=people.order_by().values("pk"))
