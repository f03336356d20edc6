"""Invented people and their posts at real units."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.db.models import Min, QuerySet

from learners.choices import COUNTED_STAFF, PROVINCE_CODE, StaffKind
from learners.invented_names import full_name
from learners.models import OrganisationVersion, Person, Post
from learners.population.chances import chance
from learners.tree import Node, tree_on

FIRST_NUMBER = 100_000
LAST_NUMBER = 899_999
"""Staff numbers of invented people are NA100000 to NA899999, then have seven digits; the cast's
are six that begin with 9."""

WEIGHTS = (("Bệnh viện", 9.0), ("Đại học", 5.0), ("Trung tâm", 1.5), ("Trường", 2.0))
UNITS_WITH_IT_OFFICER = 0.85


@dataclass(frozen=True)
class Invented:
    """One person with a main post first, perhaps a second one."""

    person: Person
    posts: list[Post]
    workplace: Node

    def saved_posts(self) -> list[Post]:
        """The posts of the person, who is saved by now."""
        for post in self.posts:
            post.person_id = self.person.pk
        return self.posts


@dataclass(frozen=True)
class Workplaces:
    """Units that employ people, how many each has, since when, and who lacks an IT officer."""

    nodes: list[Node]
    weights_so_far: list[float]
    first_days: dict[int, date]
    want_it_officer: set[int]
    """Shrinks: an appointment takes its unit out."""

    @classmethod
    def on(cls, day: date, seed: int) -> "Workplaces":
        nodes = [node for node in tree_on(day).nodes.values() if node.code != PROVINCE_CODE]
        # One order for all databases: their collations put codes differently.
        nodes.sort(key=lambda node: node.code)
        it_officers = Post.objects.on(day).filter(is_it_officer=True).order_by()
        first_days = (
            OrganisationVersion.objects.order_by()
            .values_list("organisation_id")
            .annotate(Min("valid_from"))
        )
        wanting = {
            node.id
            for node in nodes
            if chance(seed, "IT", node.code).random() < UNITS_WITH_IT_OFFICER
        }
        return cls(
            nodes,
            list(accumulate(_weight(node) for node in nodes)),
            dict(first_days),
            wanting - set(it_officers.values_list("managing_unit_id", flat=True)),
        )

    def pick(self, luck: random.Random) -> Node:
        return luck.choices(self.nodes, cum_weights=self.weights_so_far)[0]

    def appoint(self, post: Post) -> None:
        """Make the holder the unit's IT officer when it wants one."""
        if post.managing_unit_id in self.want_it_officer:
            self.want_it_officer.discard(post.managing_unit_id)
            post.is_it_officer = True


def _weight(node: Node) -> float:
    for words, weight in WEIGHTS:
        if words in node.name:
            return weight
    return 3.0 if node.is_specialised else 1.0


def invented_people() -> QuerySet[Person]:
    return Person.objects.filter(staff_number__regex=r"^NA([1-8][0-9]{5}|[1-9][0-9]{6})$")


def staff_number(number: int) -> str:
    """Of the invented person of that number, counted from 0."""
    found = FIRST_NUMBER + number
    return f"NA{found if found <= LAST_NUMBER else found + 100_000}"


def invent(number: int, seed: int, workplaces: Workplaces, today: date) -> Invented:
    """The person of that number; unsaved."""
    luck = chance(seed, number)
    workplace = workplaces.pick(luck)
    person = Person(
        full_name=full_name(luck),
        staff_number=staff_number(number),
        birth_date=date(1966, 1, 1) + timedelta(days=luck.randrange(13_500)),
    )
    person.set_names()
    return Invented(person, _posts(person, workplace, luck, workplaces, today), workplace)


def _posts(
    person: Person, node: Node, luck: random.Random, workplaces: Workplaces, today: date
) -> list[Post]:
    """A main post since the unit exists at the earliest; few have left, few hold two."""
    kind, title = _kind(node, luck)
    begins = max(workplaces.first_days[node.id], today - timedelta(days=luck.randrange(90, 3500)))
    leaves = today - timedelta(days=luck.randrange(1, 60)) if luck.random() < 0.02 else None
    main = Post(
        person=person,
        managing_unit_id=node.id,
        using_unit_id=node.id,
        staff_kind=kind,
        title=title,
        valid_from=begins,
        valid_to=max(begins, leaves) if leaves else None,
    )
    if leaves:
        return [main]
    if kind in COUNTED_STAFF:
        workplaces.appoint(main)
    if node.parent_id is None or luck.random() >= 0.015:
        return [main]
    second = Post(
        person=person,
        managing_unit_id=node.parent_id,
        using_unit_id=node.id,
        staff_kind=kind,
        title="Kiêm nhiệm",
        is_main=False,
        valid_from=max(begins, workplaces.first_days[node.parent_id]),
    )
    return [main, second]


def _kind(node: Node, luck: random.Random) -> tuple[StaffKind, str]:
    if "Bệnh viện" in node.name or ("Y tế" in node.name and not node.is_specialised):
        return StaffKind.PUBLIC_EMPLOYEE, luck.choice(("Bác sĩ", "Điều dưỡng", "Kỹ thuật viên"))
    if node.name.startswith("Trường"):
        teacher = "Giảng viên" if "Đại học" in node.name or "Cao đẳng" in node.name else "Giáo viên"
        return StaffKind.PUBLIC_EMPLOYEE, luck.choice((teacher, teacher, "Nhân viên"))
    roll = luck.random()
    if roll < 0.06:
        return StaffKind.CADRE, "Lãnh đạo"
    if roll < 0.55:
        return StaffKind.CIVIL_SERVANT, "Chuyên viên"
    if roll < 0.92:
        return StaffKind.PUBLIC_EMPLOYEE, "Viên chức"
    return StaffKind.CONTRACT, "Nhân viên"
