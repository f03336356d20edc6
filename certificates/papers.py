"""What a paper says: the words taken from the records, frozen to JSON and thawed again."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from certificates.choices import PaperKind
from certificates.layout import Paper
from certificates.models import Certificate, Decision
from courses.choices import ClassMode
from courses.models import ClassGroup
from learners.models import (
    Enrolment,
    Organisation,
    OrganisationVersion,
    Person,
    Post,
    TrainingRecord,
)

# Papers are Vietnamese documents: their words are not translated.
KIND_TITLES = {
    PaperKind.COMPLETION: "GIẤY CHỨNG NHẬN HOÀN THÀNH KHÓA HỌC",
    PaperKind.CERTIFICATE: "CHỨNG CHỈ BỒI DƯỠNG",
    PaperKind.CONFIRMATION: "GIẤY XÁC NHẬN HOÀN THÀNH KHÓA HỌC",
}
STUDY_FORMS = {
    ClassMode.ONLINE: "Trực tuyến",
    ClassMode.ONSITE: "Tập trung",
}


@dataclass(frozen=True)
class Ground:
    """What a paper rests on: one completed online course or one completed class."""

    person: Person
    enrolment: Enrolment | None
    class_group: ClassGroup | None
    title: str
    hours: Decimal
    study_form: str
    result: str
    started_on: date
    completed_on: date


def ground_of_enrolment(enrolment: Enrolment) -> Ground:
    """A completed course as it was frozen at completion."""
    return Ground(
        person=enrolment.person,
        enrolment=enrolment,
        class_group=None,
        title=enrolment.title,
        hours=enrolment.hours or Decimal(0),
        study_form=STUDY_FORMS[ClassMode.ONLINE],
        result="Đạt" if enrolment.score is None else f"Đạt ({enrolment.score}/100)",
        started_on=timezone.localdate(enrolment.started_at),
        completed_on=timezone.localdate(enrolment.completed_at),
    )


def ground_of_class(person: Person, group: ClassGroup) -> Ground:
    """A completed class; its record says the day, without one the class's last day counts."""
    record = TrainingRecord.objects.filter(person=person, class_group=group).first()
    return Ground(
        person=person,
        enrolment=None,
        class_group=group,
        title=group.title,
        hours=group.hours,
        study_form=STUDY_FORMS[ClassMode(group.mode)],
        result="Đạt",
        started_on=group.starts_on,
        completed_on=record.completed_on if record else group.ends_on,
    )


def ground_of(certificate: Certificate) -> Ground:
    """What a paper rests on, as the records are now."""
    if certificate.enrolment is not None:
        return ground_of_enrolment(certificate.enrolment)
    assert certificate.class_group is not None  # noqa: S101  the database holds one of the two
    return ground_of_class(certificate.person, certificate.class_group)


def paper_now(
    ground: Ground, decision: Decision, kind: str, today: date, *, serial: str, code: str
) -> Paper:
    """What a paper issued today would say."""
    return Paper(
        kind_title=KIND_TITLES[PaperKind(kind)],
        governing_body=decision.governing_body,
        issuing_body=decision.issuing_body,
        full_name=ground.person.full_name,
        birth_date=ground.person.birth_date,
        unit=unit_name_on(ground.person.pk, ground.completed_on),
        course_title=ground.title,
        hours=ground.hours,
        study_form=ground.study_form,
        result=ground.result,
        started_on=ground.started_on,
        completed_on=ground.completed_on,
        decision_number=decision.number,
        decision_date=decision.signed_on,
        place=decision.place,
        issued_on=today,
        signer_title=decision.signer_title,
        signer_name=decision.signer_name,
        serial=serial,
        code=code,
        verify_url=f"{settings.PUBLIC_URL}/x/{code}".upper(),
    )


def unit_on(person_id: int, day: date) -> Organisation | None:
    """The unit that managed the person on that day; None without a post."""
    post = (
        Post.objects.on(day)
        .filter(person=person_id)
        .select_related("managing_unit")
        .order_by("-is_main", "valid_from", "pk")
        .first()
    )
    return post.managing_unit if post else None


def unit_name_on(person_id: int, day: date) -> str:
    """The unit's name on that day; empty for somebody without a post."""
    unit = unit_on(person_id, day)
    if unit is None:
        return ""
    versions = OrganisationVersion.objects.on(day).filter(organisation=unit)
    return versions.values_list("name", flat=True).first() or ""


def freeze(paper: Paper) -> dict:
    """The paper as plain JSON: dates as ISO text, decimals as text."""
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else str(value)
        if isinstance(value, Decimal)
        else value
        for name, value in asdict(paper).items()
    }


def thaw(frozen: dict) -> Paper:
    """The paper as it was printed, from its frozen form."""
    days = {field.name for field in fields(Paper) if "date" in str(field.type)}
    values: dict[str, Any] = {
        name: date.fromisoformat(value) if name in days and value else value
        for name, value in frozen.items()
    }
    values["hours"] = Decimal(frozen["hours"])
    return Paper(**values)
