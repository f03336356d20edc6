"""Goal 2 broken down: lượt by group, topic, provider and commune, each beside the distinct people
and organisations, the classes with their seats, and what was completed by the class's own rule.

Every table comes from one reading of the same rows, so its sums agree. The cost grows with the
lượt of the period (some thousands), not with people; the number of queries does not grow.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import QuerySet

from courses.choices import Topic
from courses.models import ClassGroup
from learners.models import Participation
from learners.reports.lot_places import class_places, unit_places
from learners.tree import Tree

OF_CLASS, OF_PERSON = "lop", "nguoi-hoc"
"""Whose commune is meant, as it stands in addresses: where the class takes place, or where the
person's unit or home is."""


class Lot(NamedTuple):
    """One person in one class."""

    audience: str
    topic: str
    provider: int
    place: int | None
    """A commune of the tree; None where there is none."""
    person: int
    organisation: tuple[str, int]
    class_group: int
    seats: int | None
    completed: bool


@dataclass
class Tally:
    """What some lượt come to."""

    by_topic: dict[str, int] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    organisations: set[tuple[str, int]] = field(default_factory=set)
    seats_of: dict[int, int | None] = field(default_factory=dict)
    completed: int = 0

    def add(self, lot: Lot) -> None:
        self.by_topic[lot.topic] = self.by_topic.get(lot.topic, 0) + 1
        self.people.add(lot.person)
        self.organisations.add(lot.organisation)
        self.seats_of[lot.class_group] = lot.seats
        self.completed += lot.completed

    @property
    def lots(self) -> int:
        return sum(self.by_topic.values())

    @property
    def classes(self) -> int:
        return len(self.seats_of)

    @property
    def seats(self) -> int:
        """Of the classes that have a limit."""
        return sum(seats or 0 for seats in self.seats_of.values())

    def of(self, topic: Topic) -> int:
        return self.by_topic.get(topic, 0)


def places_of(participations: QuerySet[Participation], tree: Tree, whose: str) -> "Places":
    """Where the participations lie. A handful of queries."""
    rows = participations.order_by()
    if whose == OF_PERSON:
        units = rows.values_list("organisation_id", flat=True).distinct()
        return Places(whose, unit_places(units, tree))
    groups = ClassGroup.objects.filter(pk__in=rows.values("class_group").distinct())
    return Places(whose, class_places(groups.only("pk", "commune_code", "starts_on"), tree))


@dataclass(frozen=True)
class Places:
    whose: str
    of: dict[int, int | None]
    """By class, or by unit of the person: a commune of the tree."""

    def narrowed(
        self, participations: QuerySet[Participation], commune: int | None
    ) -> QuerySet[Participation]:
        """Those that lie in one commune; None: those that lie in none."""
        here = [key for key, place in self.of.items() if place == commune]
        name = "organisation__in" if self.whose == OF_PERSON else "class_group__in"
        return participations.filter(**{name: here})


def lots_of(participations: QuerySet[Participation], places: Places) -> Iterator[Lot]:
    """One query, read row by row."""
    rows = participations.order_by().values_list(
        "audience",
        "class_group__topic",
        "class_group__provider_id",
        "organisation_id",
        "person_id",
        "business_id",
        "class_group_id",
        "class_group__capacity",
        "completed",
    )
    for audience, topic, provider, unit, person, business, group, seats, completed in rows:
        yield Lot(
            audience=audience,
            topic=topic,
            provider=provider,
            place=places.of.get(unit if places.whose == OF_PERSON else group),
            person=person,
            organisation=("business", business) if business else ("unit", unit),
            class_group=group,
            seats=seats,
            completed=completed,
        )


def tallies(lots: Iterable[Lot], *keys: Callable[[Lot], object]) -> list[dict[object, Tally]]:
    """The same lượt added up by each of some keys. They are read once."""
    found: list[dict[object, Tally]] = [{} for _key in keys]
    for lot in lots:
        for table, key in zip(found, keys, strict=True):
            table.setdefault(key(lot), Tally()).add(lot)
    return found
