"""Past e-commerce classes by real providers, and the invented people who took part."""

import random
from datetime import date
from decimal import Decimal

from django.db import transaction

from courses.choices import Audience, ClassMode, PlanSolution, PlanTask, Topic
from courses.models import ClassGroup, Provider
from learners.choices import COUNTED_STAFF
from learners.invented_names import full_name
from learners.models import Participation, Person, Post, ReportingPeriod
from learners.population.chances import chance, training_day
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
TITLES = {
    Topic.ECOMMERCE_LAW: "Tập huấn pháp luật thương mại điện tử",
    Topic.ECOMMERCE_SKILLS: "Tập huấn kỹ năng bán hàng trên sàn thương mại điện tử",
}
SERVES = {
    Topic.ECOMMERCE_LAW: [PlanTask.INSTITUTIONS, PlanTask.ECONOMY],
    Topic.ECOMMERCE_SKILLS: [PlanTask.ECONOMY, PlanTask.SOCIETY],
}
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
        made += _fill(group, min(luck.randrange(25, 55), wanted - made), posts, luck, today)
    return made


def _posts_of_officials(period: ReportingPeriod, today: date) -> list[Post]:
    last = min(today, period.ends_on)
    posts = Post.objects.on(last).filter(is_main=True, staff_kind__in=COUNTED_STAFF)
    return list(posts.order_by("person")[:MOST_OFFICIALS])


def _class(code: str, period: ReportingPeriod, luck: random.Random, today: date) -> ClassGroup:
    name, is_school = luck.choice(PROVIDERS)
    provider, _created = Provider.objects.get_or_create(
        name=name, defaults={"is_educational_institution": is_school}
    )
    topic = luck.choice(list(TITLES))
    day = training_day(luck, period.starts_on, period.ends_on, today)
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


def _fill(group: ClassGroup, size: int, posts: list[Post], luck: random.Random, today: date) -> int:
    """People of all seven groups, each with the unit or commune of that day."""
    day = group.starts_on
    communes = sorted(node.id for node in tree_on(day).nodes.values() if node.is_commune)
    if not communes:
        return 0
    called_today = successors_on(communes, today)
    in_office = [post for post in posts if post.valid_from <= day]
    officials = luck.sample(in_office, min(size, len(in_office)))
    strangers: list[Person] = []
    rows: list[Participation] = []
    for audience in luck.choices(
        list(AUDIENCE_WEIGHTS), weights=list(AUDIENCE_WEIGHTS.values()), k=size
    ):
        if audience == Audience.OFFICIAL and officials:
            post = officials.pop()
            row = Participation(person_id=post.person_id, organisation_id=post.managing_unit_id)
        else:
            audience = Audience.HOUSEHOLD_BUSINESS if audience == Audience.OFFICIAL else audience
            commune = luck.choice(communes)
            person = Person(
                full_name=full_name(luck), audience=audience, commune_id=called_today[commune]
            )
            person.set_names()
            strangers.append(person)
            row = Participation(person=person, organisation_id=commune)
        row.class_group, row.audience, row.happened_on = group, audience, day
        row.completed, row.source = luck.random() < 0.9, "Bảng điểm danh giấy"
        rows.append(row)
    Person.objects.bulk_create(strangers, batch_size=500)
    Participation.objects.bulk_create(rows, batch_size=500)
    return len(rows)
