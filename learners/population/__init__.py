"""An invented population on the real agencies: believable, the same for the same seed.

Nobody in it exists. Evidence is spread as a plan year really goes: slowly in spring, in
waves in autumn, units differing. Online records are not made here: they need enrolments.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from courses.choices import Audience, ClassMode, Topic
from courses.models import ClassGroup, Provider
from learners.choices import PROVINCE_CODE, Mode, RecordState, StaffKind
from learners.invented_names import full_name
from learners.models import Participation, Person, Post, ReportingPeriod, TrainingRecord
from learners.tree import Node, Tree, tree_on

BATCH = 2000
FIRST_NUMBER = 100_000
"""Staff numbers of invented people are NA100000 and up."""

SOURCES = {
    Mode.CLASS: ("Lớp bồi dưỡng kỹ năng số cấp tỉnh", "Lớp tập huấn chuyển đổi số cấp xã"),
    Mode.OUTSIDE: ("OneTouch", "Bình dân học vụ số", "MobiEdu"),
    Mode.SELF_STUDY: ("Tự bồi dưỡng",),
}
TITLES = (
    "Kỹ năng số cơ bản cho cán bộ, công chức, viên chức",
    "An toàn thông tin cho người dùng",
    "Ứng dụng AI trong công việc văn phòng",
    "Xử lý hồ sơ công việc và chữ ký số",
)
PROVIDERS = (
    ("Trường Đại học Vinh", True),
    ("Trường Đại học Nghệ An", True),
    ("Sở Công Thương", False),
    ("Liên minh Hợp tác xã tỉnh Nghệ An", False),
)
PARTICIPATIONS = 2350
"""Of this year's classes, whatever the size of the population: below the plan's 3,000."""


@dataclass(frozen=True)
class Made:
    """What a run added."""

    people: int
    records: int
    participations: int


def make_population(people: int, *, seed: int = 2026) -> Made:
    """Bring the invented population up to `people`. Idempotent: what is there stays.

    Writes in batches of BATCH, each in its own short transaction; memory stays bounded.
    """
    have = Person.objects.filter(staff_number__regex=r"^NA[1-9][0-9]{5}$").exclude(
        staff_number__gte="NA9"
    )
    start = have.count()
    today = timezone.localdate()
    tree = tree_on(today)
    units = _units_by_weight(tree)
    period = ReportingPeriod.objects.covering(today).first()
    made_people = made_records = 0
    for first in range(start, people, BATCH):
        numbers = range(first, min(first + BATCH, people))
        # A generator of its own for each batch: the same people whoever made the earlier ones.
        chance = random.Random(f"{seed}:{first}")  # noqa: S311  nothing secret
        added, records = _make_batch(numbers, chance, units, period, today)
        made_people += added
        made_records += records
    participations = _make_participations(random.Random(f"{seed}:lượt"), tree, today)  # noqa: S311
    return Made(made_people, made_records, participations)


# ------------------------------------------------------------------ people and posts


def _units_by_weight(tree: Tree) -> tuple[list[Node], list[float]]:
    """Units that employ people, and how many share of all each has."""
    nodes = [node for node in tree.nodes.values() if node.code != PROVINCE_CODE]
    return nodes, [_weight(node) for node in nodes]


def _weight(node: Node) -> float:
    for words, weight in (
        ("Bệnh viện", 9.0),
        ("Đại học", 5.0),
        ("Trung tâm", 1.5),
        ("Trường", 2.0),
    ):
        if node.name.startswith(words) or words in node.name:
            return weight
    return 3.0 if node.is_specialised else 1.0


def _make_batch(
    numbers: range,
    chance: random.Random,
    units: tuple[list[Node], list[float]],
    period: ReportingPeriod | None,
    today: date,
) -> tuple[int, int]:
    nodes, weights = units
    chosen = chance.choices(nodes, weights=weights, k=len(numbers))
    people = [_person(number, chance) for number in numbers]
    with transaction.atomic():
        Person.objects.bulk_create(people, batch_size=500)
        posts = [
            post
            for person, node in zip(people, chosen, strict=True)
            for post in _posts(person, node, chance, today)
        ]
        Post.objects.bulk_create(posts, batch_size=500)
        records = [
            record
            for person, node in zip(people, chosen, strict=True)
            if period is not None and (record := _record(person, node, chance, period, today))
        ]
        TrainingRecord.objects.bulk_create(records, batch_size=500)
    return len(people), len(records)


def _person(number: int, chance: random.Random) -> Person:
    person = Person(
        full_name=full_name(chance),
        staff_number=f"NA{FIRST_NUMBER + number}",
        birth_date=date(1966, 1, 1) + timedelta(days=chance.randrange(13_500)),
    )
    person.set_names()
    return person


def _posts(person: Person, node: Node, chance: random.Random, today: date) -> Iterator[Post]:
    kind, title = _kind(node, chance)
    begins = max(date(2025, 7, 1), today - timedelta(days=chance.randrange(90, 900)))
    has_left = chance.random() < 0.02
    yield Post(
        person=person,
        managing_unit_id=node.id,
        using_unit_id=node.id,
        staff_kind=kind,
        title=title,
        is_it_officer=chance.random() < 0.03,
        valid_from=begins,
        valid_to=today - timedelta(days=chance.randrange(1, 60)) if has_left else None,
    )
    if not has_left and chance.random() < 0.015 and node.parent_id is not None:
        yield Post(
            person=person,
            managing_unit_id=node.parent_id,
            using_unit_id=node.id,
            staff_kind=kind,
            title="Kiêm nhiệm",
            is_main=False,
            valid_from=begins,
        )


def _kind(node: Node, chance: random.Random) -> tuple[StaffKind, str]:
    if "Bệnh viện" in node.name or ("Y tế" in node.name and not node.is_specialised):
        return StaffKind.PUBLIC_EMPLOYEE, chance.choice(("Bác sĩ", "Điều dưỡng", "Kỹ thuật viên"))
    if "Trường" in node.name and node.name.startswith("Trường"):
        return StaffKind.PUBLIC_EMPLOYEE, chance.choice(("Giáo viên", "Giảng viên", "Nhân viên"))
    roll = chance.random()
    if roll < 0.06:
        return StaffKind.CADRE, "Lãnh đạo"
    if roll < 0.55:
        return StaffKind.CIVIL_SERVANT, "Chuyên viên"
    if roll < 0.92:
        return StaffKind.PUBLIC_EMPLOYEE, "Viên chức"
    return StaffKind.CONTRACT, "Nhân viên"


# ------------------------------------------------------------------ evidence of the year


def _record(
    person: Person, node: Node, chance: random.Random, period: ReportingPeriod, today: date
) -> TrainingRecord | None:
    """At most one record; how likely depends on the unit, so that units differ."""
    zeal = 0.55 + (node.id * 37 % 40) / 100
    if chance.random() > zeal + 0.12:
        return None
    mode, state = _mode(chance)
    return TrainingRecord(
        person=person,
        mode=mode,
        state=state,
        title=chance.choice(TITLES),
        hours=Decimal(chance.choice((3, 4, 8))),
        completed_on=_day(chance, period.starts_on, min(today, period.ends_on)),
        source=chance.choice(SOURCES[mode]),
    )


def _mode(chance: random.Random) -> tuple[Mode, RecordState]:
    roll = chance.random()
    if roll < 0.30:
        return Mode.CLASS, RecordState.APPROVED
    if roll < 0.72:
        return Mode.OUTSIDE, RecordState.APPROVED
    if roll < 0.88:
        return Mode.SELF_STUDY, RecordState.APPROVED
    if roll < 0.96:
        return Mode.SELF_STUDY, RecordState.WAITING
    return Mode.SELF_STUDY, RecordState.DECLARED


def _day(chance: random.Random, first: date, last: date) -> date:
    """A working day, later in the year more often."""
    span = max((last - first).days, 1)
    day = first + timedelta(days=int(span * chance.random() ** 0.8))
    return day if day.weekday() < 5 else max(first, day - timedelta(days=2))


# ------------------------------------------------------------------ participations


def _make_participations(chance: random.Random, tree: Tree, today: date) -> int:
    """Past e-commerce classes of the year and who took part. Made once."""
    period = ReportingPeriod.objects.covering(today).first()
    if period is None or ClassGroup.objects.filter(code__startswith="TMDT-").exists():
        return 0
    communes = [node.id for node in tree.nodes.values() if node.code.startswith("X")]
    staff = list(
        Post.objects.on(today)
        .filter(is_main=True)
        .exclude(staff_kind__in=(StaffKind.CONTRACT, StaffKind.PART_TIME))
        .order_by("pk")
        .values_list("person_id", "managing_unit_id")[:4000]
    )
    providers = [
        Provider.objects.get_or_create(
            name=name, defaults={"is_educational_institution": is_school}
        )[0]
        for name, is_school in PROVIDERS
    ]
    made = number = 0
    while made < PARTICIPATIONS and communes and staff:
        number += 1
        size = min(chance.randrange(25, 55), PARTICIPATIONS - made)
        with transaction.atomic():
            group = _class(number, chance, providers, period, today)
            made += _fill(group, size, chance, communes, staff)
    return made


def _class(
    number: int,
    chance: random.Random,
    providers: list[Provider],
    period: ReportingPeriod,
    today: date,
) -> ClassGroup:
    topic = chance.choice((Topic.ECOMMERCE_LAW, Topic.ECOMMERCE_SKILLS))
    day = _day(chance, period.starts_on, min(today, period.ends_on))
    title = (
        "Tập huấn pháp luật thương mại điện tử"
        if topic == Topic.ECOMMERCE_LAW
        else "Tập huấn kỹ năng bán hàng trên sàn thương mại điện tử"
    )
    return ClassGroup.objects.create(
        code=f"TMDT-{period.year}-{number:03d}",
        title=title,
        provider=chance.choice(providers),
        topic=topic,
        mode=ClassMode.ONSITE,
        hours=Decimal(8),
        starts_on=day,
        ends_on=day,
        capacity=60,
    )


def _fill(
    group: ClassGroup,
    size: int,
    chance: random.Random,
    communes: list[int],
    staff: list[tuple[int, int]],
) -> int:
    audiences = list(Audience)
    weights = (16, 10, 8, 26, 20, 12, 8)
    chosen = chance.choices(audiences, weights=weights, k=size)
    officials = iter(chance.sample(staff, min(size, len(staff))))
    rows: list[Participation] = []
    for audience in chosen:
        if audience == Audience.OFFICIAL:
            if (official := next(officials, None)) is None:
                continue
            person_id, organisation_id = official
        else:
            organisation_id = chance.choice(communes)
            person_id = _stranger(audience, organisation_id, chance).pk
        rows.append(
            Participation(
                person_id=person_id,
                class_group=group,
                audience=audience,
                organisation_id=organisation_id,
                happened_on=group.starts_on,
                completed=chance.random() < 0.9,
                source="Bảng điểm danh giấy",
            )
        )
    Participation.objects.bulk_create(rows)
    return len(rows)


def _stranger(audience: str, commune_id: int, chance: random.Random) -> Person:
    return Person.objects.create(
        full_name=full_name(chance), audience=audience, commune_id=commune_id
    )
