"""A small province with people in every standing. Plain functions; facts first, then a recount."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import time_machine
from django.utils import timezone

from courses.choices import ClassMode, Topic
from courses.models import ClassGroup, Edition, Provider
from learners.actions.records import record_participation
from learners.actions.recounting import recount_period
from learners.choices import Level, Mode, RecordState, Role, StaffKind, Status
from learners.models import (
    Enrolment,
    Organisation,
    OrganisationVersion,
    Participation,
    Person,
    Post,
    ReportingPeriod,
    RoleGrant,
    TrainingRecord,
    User,
)
from learners.plan import seed_plan
from learners.tree import forget_trees
from tests.factories.learning import edition_of, small_course

MIDDLE_OF_YEAR = date(2026, 6, 1)


@contextmanager
def on_23_november() -> Iterator[None]:
    """A fixed day of the year, so that figures in tests are figures."""
    # A tree is kept under a stamp of the clock, which now stands still from test to test.
    forget_trees()
    with time_machine.travel("2026-11-23T09:00:00+07:00", tick=False):
        yield


@dataclass
class World:
    """Units of the cast: Hoa at the hospital, Minh over health, Lan over education."""

    province: Organisation
    health: Organisation
    hospital: Organisation
    education: Organisation
    school: Organisation
    party: Organisation
    commune: Organisation

    @property
    def period(self) -> ReportingPeriod:
        return ReportingPeriod.objects.get(year=2026)

    def units(self) -> list[Organisation]:
        return [
            self.province,
            self.health,
            self.hospital,
            self.education,
            self.school,
            self.party,
            self.commune,
        ]


def world() -> World:
    """Two departments with one unit each, a commune, the Party's committee; years and targets."""
    seed_plan()
    province = organisation("H41", "Ủy ban nhân dân tỉnh Nghệ An")
    health = organisation("NA-SYT", "Sở Y tế", province)
    education = organisation("NA-SGDDT", "Sở Giáo dục và Đào tạo", province)
    return World(
        province=province,
        health=health,
        hospital=organisation("NA-BV", "Bệnh viện Hữu nghị Đa khoa", health),
        education=education,
        school=organisation("NA-THPT", "Trường THPT Phan Bội Châu", education),
        party=organisation("NA-TU", "Tỉnh ủy Nghệ An"),
        commune=organisation(
            "X17950", "Ủy ban nhân dân xã Kim Liên", province, level=Level.COMMUNE
        ),
    )


def organisation(
    code: str,
    name: str,
    parent: Organisation | None = None,
    level: Level = Level.PROVINCE,
    valid_from: date = date(2020, 1, 1),
    valid_to: date | None = None,
) -> Organisation:
    found = Organisation.objects.create(key=f"{code}@{valid_from}")
    OrganisationVersion.objects.create(
        organisation=found,
        code=code,
        name=name,
        level=level,
        parent=parent,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    return found


def viewer(sign_in: str, role: Role | None = None, unit: Organisation | None = None) -> User:
    """An account, with one role when a unit is given."""
    user = User.objects.create_user(sign_in, password="hoc-so-nghe-an", full_name=sign_in)
    if unit is not None:
        RoleGrant.objects.create(
            user=user, role=role or Role.OFFICER, organisation=unit, valid_from=date(2025, 7, 1)
        )
    return user


def person(
    name: str,
    unit: Organisation,
    status: Status = Status.NOTHING,
    day: date = MIDDLE_OF_YEAR,
    **fields: object,
) -> Person:
    """Somebody with a post, and the evidence that makes the standing what it is."""
    found = Person.objects.create(full_name=name, **fields)
    Post.objects.create(
        person=found,
        managing_unit=unit,
        using_unit=unit,
        staff_kind=StaffKind.PUBLIC_EMPLOYEE,
        title="Chuyên viên",
        valid_from=date(2023, 1, 1),
    )
    give_standing(found, status, day)
    return found


def give_standing(found: Person, status: Status, day: date = MIDDLE_OF_YEAR) -> None:
    """The facts behind a status: an enrolment, a record, or nothing."""
    enrolment = None
    if status in (Status.ONLINE, Status.LEARNING):
        enrolment = Enrolment.objects.create(person=found, edition=_edition())
    if status == Status.ONLINE:
        at = timezone.make_aware(datetime.combine(day, time(9)))
        Enrolment.objects.filter(pk=enrolment.pk).update(completed_at=at, title="An toàn thông tin")
    if status in (Status.LEARNING, Status.NOTHING):
        return
    waiting = {Status.WAITING: RecordState.WAITING, Status.DECLARED: RecordState.DECLARED}
    TrainingRecord.objects.create(
        person=found,
        mode=Mode.SELF_STUDY if status in waiting else Mode(status),
        state=waiting.get(status, RecordState.APPROVED),
        title="An toàn thông tin",
        hours=3,
        completed_on=day,
        source="test",
        enrolment=enrolment if status == Status.ONLINE else None,
    )


def _edition() -> Edition:
    found = Edition.objects.order_by("-pk").first()
    return found or edition_of(small_course(lessons=1, quiz=False))


def ecommerce_class(
    topic: Topic = Topic.ECOMMERCE_SKILLS, provider: str = "Trường Đại học Vinh"
) -> ClassGroup:
    runs, _created = Provider.objects.get_or_create(
        name=provider, defaults={"is_educational_institution": True}
    )
    number = ClassGroup.objects.count() + 1
    return ClassGroup.objects.create(
        code=f"L{number}",
        title=f"Lớp {number}",
        provider=runs,
        topic=topic,
        mode=ClassMode.ONSITE,
        hours=4,
        starts_on=MIDDLE_OF_YEAR,
        ends_on=MIDDLE_OF_YEAR + timedelta(days=2),
    )


def participation(
    found: Person, group: ClassGroup, day: date = MIDDLE_OF_YEAR, completed: bool = True
) -> Participation | None:
    return record_participation(
        person=found, class_group=group, day=day, completed=completed, source="test"
    )


def recount(found: World) -> World:
    for period in ReportingPeriod.objects.all():
        recount_period(period)
    return found
