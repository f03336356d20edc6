"""Somebody who learnt in every way there is."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from certificates.actions.lists import decide, draw_up, issue_by_list
from certificates.actions.online import issue_certificate
from certificates.models import Decision
from courses.choices import Topic
from courses.models import ClassGroup
from learners.actions.attendance import check_in
from learners.actions.claims import approve_claims, return_claim
from learners.actions.enrolments import enrol
from learners.choices import CheckInWay, Mode, RecordState
from learners.models import Person, TrainingRecord, User
from tests.factories.certificates import class_decision, keeper, standing_decision
from tests.factories.claims import declared, sent
from tests.factories.classes import class_of
from tests.factories.learning import learnt, small_course


def learnt_online(person: Person, title: str = "An toàn thông tin") -> TrainingRecord:
    """A course of this site with its paper; three hours about digital skills."""
    if not Decision.objects.filter(is_standing=True).exists():
        standing_decision()
    enrolment = learnt(enrol(person=person, course=small_course(title, lessons=1)))
    issue_certificate(enrolment.pk)
    return TrainingRecord.objects.get(enrolment=enrolment)


def learnt_in_class(person: Person, *, group: ClassGroup | None = None) -> TrainingRecord:
    """Both sessions of a class that ended yesterday; eight hours about e-commerce law."""
    group = group or class_of(sessions=2, starts_on=timezone.localdate() - timedelta(days=2))
    for session in group.sessions.all():
        check_in(session=session, person=person, way=CheckInWay.TICK, at=timezone.now(), by=None)
    return TrainingRecord.objects.get(person=person, class_group=group)


def with_paper(record: TrainingRecord, **decision: object) -> TrainingRecord:
    """The decided paper of a class."""
    drawn = draw_up(group=record.class_group, by=keeper())
    decide(issue_list=drawn, decision=class_decision(**decision), by=keeper())
    issue_by_list(drawn.pk)
    return record


def learnt_elsewhere(person: Person, day: date = date(2026, 3, 10)) -> TrainingRecord:
    return TrainingRecord.objects.create(
        person=person,
        mode=Mode.OUTSIDE,
        state=RecordState.APPROVED,
        title="Kỹ năng số cơ bản",
        topic=Topic.DIGITAL_SKILLS,
        hours=Decimal("4.5"),
        completed_on=day,
        source="OneTouch",
        certificate_number="OT-77",
    )


def learnt_alone(person: Person, by: User, title: str = "Ứng dụng AI") -> TrainingRecord:
    """Four hours, approved."""
    claim = sent(person, title=title, number="AI-1")
    approve_claims(claims=[claim], by=by)
    return claim


def learnt_in_every_way(person: Person, by: User) -> list[TrainingRecord]:
    """Four accepted results, 19,5 hours; the oldest first. Three more that are not accepted."""
    accepted = [
        learnt_elsewhere(person),
        learnt_alone(person, by),
        with_paper(learnt_in_class(person)),
        learnt_online(person),
    ]
    declared(person, title="Chỉ khai báo")
    sent(person, title="Đang chờ")
    return_claim(claim=sent(person, title="Bị trả lại"), by=by, reason="Ảnh mờ")
    return accepted
