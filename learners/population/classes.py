"""Past e-commerce classes by real providers, and the invented people who took part.

Written in bulk, and to the letter what the lists of such classes would have made
(learners.actions.attendance): seats, presence, and what follows from presence.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from courses.choices import Audience, ClassMode, PlanSolution, PlanTask, Topic
from courses.models import ClassGroup, ClassSession, Provider
from learners.choices import COUNTED_STAFF, CheckInWay, SeatState
from learners.invented_names import full_name
from learners.models import (
    Attendance,
    Participation,
    Person,
    Post,
    ReportingPeriod,
    Seat,
    TrainingRecord,
)
from learners.models.records import CLASS_SOURCE
from learners.population.chances import chance, training_day
from learners.population.staff import invented_people
from learners.tree import successors_on, tree_on

PROVIDERS = (
    ("Trường Đại học Vinh", True),
    ("Trường Đại học Nghệ An", True),
    ("Sở Công Thương", False),
    ("Liên minh Hợp tác xã tỉnh Nghệ An", False),
)
PARTICIPATIONS = 2350
"""Of this year's classes, whatever the size of the population: below the plan's 3,000."""

EARLIER_PARTICIPATIONS = 240
AUDIENCE_WEIGHTS = {
    Audience.ENTERPRISE: 16,
    Audience.COOPERATIVE: 10,
    Audience.CRAFT_VILLAGE: 8,
    Audience.HOUSEHOLD_BUSINESS: 26,
    Audience.OFFICIAL: 20,
    Audience.STUDENT: 12,
    Audience.STARTUP_YOUTH: 8,
}
AGES: dict[str, tuple[int, int]] = {
    Audience.STUDENT: (18, 23),
    Audience.STARTUP_YOUTH: (18, 35),
}
"""From and to, where it is not 22 to 60."""

TITLES = {
    Topic.ECOMMERCE_LAW: "Tập huấn pháp luật thương mại điện tử",
    Topic.ECOMMERCE_SKILLS: "Tập huấn kỹ năng bán hàng trên sàn thương mại điện tử",
}
SERVES = {
    Topic.ECOMMERCE_LAW: [PlanTask.INSTITUTIONS, PlanTask.ECONOMY],
    Topic.ECOMMERCE_SKILLS: [PlanTask.ECONOMY, PlanTask.SOCIETY],
}
HALF_DAYS = (time(7, 30), time(13, 30))
"""When the two sessions of the day begin; each takes four hours."""
MOST_OFFICIALS = 4000
"""From how many posts officials are drawn: enough for variety, few enough for memory."""


@transaction.atomic
def make_classes(period: ReportingPeriod, seed: int, today: date) -> int:
    """The year's e-commerce classes with everybody who took part; how many participations.

    Made once and whole: 0 when the year has its classes already.
    """
    prefix = f"TMDT-{period.year}-"
    if ClassGroup.objects.filter(code__startswith=prefix).exists():
        return 0
    wanted = PARTICIPATIONS if period.ends_on >= today else EARLIER_PARTICIPATIONS
    posts = _posts_of_officials(period, today)
    made = number = 0
    while made < wanted:
        number += 1
        code = f"{prefix}{number:03d}"
        luck = chance(seed, code)
        group = _class(code, period, luck, today)
        _place(group, chance(seed, code, "place"))
        size = min(luck.randrange(25, 55), wanted - made)
        made += _fill(group, size, posts, luck, chance(seed, code, "born"), today)
    return made


def _posts_of_officials(period: ReportingPeriod, today: date) -> list[Post]:
    last = min(today, period.ends_on)
    posts = Post.objects.on(last).filter(is_main=True, staff_kind__in=COUNTED_STAFF)
    # Of invented people alone: what the cast of the demo has done, it has done itself.
    posts = posts.filter(person__in=invented_people())
    return list(posts.select_related("person").order_by("person")[:MOST_OFFICIALS])


def _class(code: str, period: ReportingPeriod, luck: random.Random, today: date) -> ClassGroup:
    name, is_school = luck.choice(PROVIDERS)
    provider, _created = Provider.objects.get_or_create(
        name=name, defaults={"is_educational_institution": is_school}
    )
    topic = luck.choice(list(TITLES))
    # Over by now: nobody has been present at an hour to come.
    yesterday = max(period.starts_on, today - timedelta(days=1))
    day = min(training_day(luck, period.starts_on, period.ends_on, today), yesterday)
    return ClassGroup.objects.create(
        code=code,
        title=TITLES[topic],
        provider=provider,
        topic=topic,
        mode=ClassMode.ONSITE,
        hours=Decimal(8),
        starts_on=day,
        ends_on=day,
        capacity=60,
        tasks=SERVES[topic],
        solutions=[PlanSolution.COMMUNICATIONS],
    )


def _place(group: ClassGroup, luck: random.Random) -> None:
    """In one of the communes of its day."""
    nodes = tree_on(group.starts_on).nodes.values()
    codes = sorted(node.code.removeprefix("X") for node in nodes if node.is_commune)
    if codes:
        group.commune_code = luck.choice(codes)
        group.save(update_fields=["commune_code"])


def _fill(
    group: ClassGroup,
    size: int,
    posts: list[Post],
    luck: random.Random,
    births: random.Random,
    today: date,
) -> int:
    """People of all seven groups, each with the unit or commune of that day."""
    day = group.starts_on
    communes = sorted(node.id for node in tree_on(day).nodes.values() if node.is_commune)
    if not communes:
        return 0
    called_today = successors_on(communes, today)
    in_office = [post for post in posts if post.valid_from <= day]
    officials = luck.sample(in_office, min(size, len(in_office)))
    strangers: list[Person] = []
    taken = _Taken(group, _sessions(group))
    for audience in luck.choices(
        list(AUDIENCE_WEIGHTS), weights=list(AUDIENCE_WEIGHTS.values()), k=size
    ):
        if audience == Audience.OFFICIAL and officials:
            post = officials.pop()
            person, organisation = post.person, post.managing_unit_id
        else:
            audience = Audience.HOUSEHOLD_BUSINESS if audience == Audience.OFFICIAL else audience
            commune = luck.choice(communes)
            person = Person(
                full_name=full_name(luck),
                birth_date=_birth_date(audience, day, births),
                audience=audience,
                commune_id=called_today[commune],
            )
            person.set_names()
            strangers.append(person)
            organisation = commune
        taken.part(person, audience, organisation, stays=luck.random() < 0.9)
    Person.objects.bulk_create(strangers, batch_size=500)
    taken.save()
    return len(taken.participations)


def _birth_date(audience: str, day: date, luck: random.Random) -> date:
    """Of somebody of an age that the group has on the day of the class; a paper asks for it."""
    youngest, oldest = AGES.get(audience, (22, 60))
    return day - timedelta(days=luck.randrange(youngest * 366, oldest * 365))


def _sessions(group: ClassGroup) -> list[ClassSession]:
    starts = [timezone.make_aware(datetime.combine(group.starts_on, half)) for half in HALF_DAYS]
    return ClassSession.objects.bulk_create(
        ClassSession(class_group=group, starts_at=start, ends_at=start + timedelta(hours=4))
        for start in starts
    )


@dataclass
class _Taken:
    """Who took part in one class; unsaved."""

    group: ClassGroup
    sessions: list[ClassSession]
    seats: list[Seat] = field(default_factory=list)
    attendances: list[Attendance] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)
    records: list[TrainingRecord] = field(default_factory=list)

    def part(self, person: Person, audience: str, organisation: int, *, stays: bool) -> None:
        """Somebody who came; who does not stay goes home at noon and has not completed."""
        group, day = self.group, self.group.starts_on
        signed_up = self.sessions[0].starts_at - timedelta(days=3)
        self.seats.append(
            Seat(person=person, class_group=group, state=SeatState.SEATED, queued_at=signed_up)
        )
        seen = self.sessions if stays else self.sessions[:1]
        self.attendances += [
            Attendance(session=one, person=person, way=CheckInWay.SHEET, at=one.starts_at)
            for one in seen
        ]
        completed = len(seen) >= group.sessions_needed(len(self.sessions))
        self.participations.append(
            Participation(
                person=person,
                class_group=group,
                audience=audience,
                organisation_id=organisation,
                happened_on=day,
                completed=completed,
                source=CLASS_SOURCE,
            )
        )
        if completed:
            self.records.append(TrainingRecord.of_class(group, person, day))

    def save(self) -> None:
        """Its people are saved before."""
        Seat.objects.bulk_create(self.seats, batch_size=500)
        Attendance.objects.bulk_create(self.attendances, batch_size=500)
        Participation.objects.bulk_create(self.participations, batch_size=500)
        TrainingRecord.objects.bulk_create(self.records, batch_size=500)
