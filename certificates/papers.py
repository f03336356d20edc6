"""What a paper says: the words taken from the records, frozen to JSON and thawed again."""

from collections.abc import Collection, Mapping, Sequence
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
    unit: str
    title: str
    hours: Decimal
    study_form: str
    result: str
    started_on: date
    completed_on: date


def ground_of_enrolment(enrolment: Enrolment) -> Ground:
    """A completed course as it was frozen at completion."""
    completed_on = timezone.localdate(enrolment.completed_at)
    return Ground(
        person=enrolment.person,
        enrolment=enrolment,
        class_group=None,
        unit=unit_names({enrolment.person_id: completed_on}).get(enrolment.person_id, ""),
        title=enrolment.title,
        hours=enrolment.hours or Decimal(0),
        study_form=STUDY_FORMS[ClassMode.ONLINE],
        result="Đạt" if enrolment.score is None else f"Đạt ({enrolment.score}/100)",
        started_on=timezone.localdate(enrolment.started_at),
        completed_on=completed_on,
    )


def grounds_of_class(people: Sequence[Person], group: ClassGroup) -> list[Ground]:
    """A completed class for each of them, in their order; a record says the day, without one the
    class's last day counts. Two queries a day of completion and one more."""
    records = TrainingRecord.objects.filter(person__in=people, class_group=group)
    recorded = dict(records.order_by("-pk").values_list("person_id", "completed_on"))
    days = {person.pk: recorded.get(person.pk, group.ends_on) for person in people}
    units = unit_names(days)
    return [
        Ground(
            person=person,
            enrolment=None,
            class_group=group,
            unit=units.get(person.pk, ""),
            title=group.title,
            hours=group.hours,
            study_form=STUDY_FORMS[ClassMode(group.mode)],
            result="Đạt",
            started_on=group.starts_on,
            completed_on=days[person.pk],
        )
        for person in people
    ]


def ground_of(certificate: Certificate) -> Ground:
    """What a paper rests on, as the records are now."""
    if certificate.enrolment is not None:
        return ground_of_enrolment(certificate.enrolment)
    assert certificate.class_group is not None  # noqa: S101  the database holds one of the two
    (ground,) = grounds_of_class([certificate.person], certificate.class_group)
    return ground


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
        unit=ground.unit,
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


def unit_on(person_id: int, day: date) -> int | None:
    """The unit that managed the person on that day; None without a post."""
    return _units_on([person_id], day).get(person_id)


def unit_names(days: Mapping[int, date]) -> dict[int, str]:
    """What the unit that managed each of these people on a day of theirs was called that day;
    nobody without a post is in it. Two queries a day."""
    names: dict[int, str] = {}
    for day in sorted(set(days.values())):
        units = _units_on([person for person, theirs in days.items() if theirs == day], day)
        versions = OrganisationVersion.objects.on(day).filter(organisation__in=units.values())
        called = dict(versions.values_list("organisation_id", "name"))
        names |= {person: called.get(unit, "") for person, unit in units.items()}
    return names


def _units_on(people: Collection[int], day: date) -> dict[int, int]:
    posts = Post.objects.on(day).filter(person__in=people)
    # The last entry of a person stands: the one that comes first in this order.
    ordered = posts.order_by("is_main", "-valid_from", "-pk")
    return dict(ordered.values_list("person_id", "managing_unit_id"))


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
