"""Issuing papers: under a decision, once, with a serial that leaves no gap."""

from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from certificates.choices import PaperKind
from certificates.codes import new_code
from certificates.models import Certificate, Decision, Register
from certificates.pdf import Paper, render_paper
from learners.models import Enrolment, OrganisationVersion, Post

SERIAL_PREFIX = "NA"
# Papers are Vietnamese documents: their words are not translated.
KIND_TITLES = {PaperKind.COMPLETION: "GIẤY CHỨNG NHẬN HOÀN THÀNH KHÓA HỌC"}


class NoDecision(Exception):
    """No standing decision is in force, so no paper may be made."""


def due_for_certificate() -> QuerySet[Enrolment]:
    """Completed courses that give a paper and have none yet."""
    return (
        Enrolment.objects.completed()
        .filter(edition__course__gives_certificate=True)
        .exclude(pk__in=Certificate.objects.values("enrolment_id"))
        .order_by("completed_at", "pk")
    )


def issue_certificate(enrolment_id: int) -> Certificate | None:
    """The paper of a completed course, made if it is due; None when none is due.

    Idempotent: however often and from wherever it is called, there is one paper and one
    serial per enrolment. Number, frozen text and hash are written in one transaction, so
    a crash or a refusal leaves no gap in the register.

    Raises NoDecision without a standing decision, and Unprintable for a paper that would
    print wrong; nothing is issued then.
    """
    existing = Certificate.objects.of_enrolments([enrolment_id]).first()
    if existing:
        return existing
    enrolment = (
        due_for_certificate().filter(pk=enrolment_id).select_related("person", "edition").first()
    )
    if enrolment is None:
        return None
    today = timezone.localdate()
    decision = standing_decision(today)
    try:
        with transaction.atomic():
            return enter_paper(enrolment, decision, today)
    except IntegrityError:
        # Two workers at once: the other one issued it, this one's number was rolled back.
        return Certificate.objects.of_enrolments([enrolment_id]).get()


def standing_decision(day: date) -> Decision:
    """The decision under which online courses yield papers at once. Raises NoDecision."""
    decision = (
        Decision.objects.filter(is_standing=True, signed_on__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .order_by("-signed_on", "-pk")
        .first()
    )
    if decision is None:
        raise NoDecision
    return decision


def enter_paper(enrolment: Enrolment, decision: Decision, today: date) -> Certificate:
    """Number, frozen text and hash. Call within the transaction that decides on the paper."""
    register, number = _next_number(PaperKind.COMPLETION, today.year)
    serial = f"{register.prefix}-{register.year}-{number:06d}"
    code = new_code()
    paper = paper_now(enrolment, decision, today, serial=serial, code=code)
    return Certificate.objects.create(
        enrolment=enrolment,
        person=enrolment.person,
        decision=decision,
        register=register,
        number=number,
        serial=serial,
        code=code,
        paper=freeze(paper),
        pdf_sha256=sha256(render_paper(paper)).hexdigest(),
        issued_on=today,
    )


def _next_number(kind: str, year: int) -> tuple[Register, int]:
    """The next number of the year's register; its row stays locked until the commit."""
    register, _created = Register.objects.get_or_create(
        kind=kind, year=year, defaults={"prefix": SERIAL_PREFIX}
    )
    Register.objects.filter(pk=register.pk).update(last_number=F("last_number") + 1)
    register.refresh_from_db()
    return register, register.last_number


def paper_now(
    enrolment: Enrolment, decision: Decision, today: date, *, serial: str, code: str
) -> Paper:
    """What a paper issued today would say."""
    completed_on = timezone.localdate(enrolment.completed_at)
    result = "Đạt" if enrolment.score is None else f"Đạt ({enrolment.score}/100)"
    return Paper(
        kind_title=KIND_TITLES[PaperKind.COMPLETION],
        governing_body=decision.governing_body,
        issuing_body=decision.issuing_body,
        full_name=enrolment.person.full_name,
        birth_date=enrolment.person.birth_date,
        unit=_unit_then(enrolment, completed_on),
        course_title=enrolment.title,
        hours=enrolment.hours or Decimal(0),
        study_form="Trực tuyến",
        result=result,
        started_on=timezone.localdate(enrolment.started_at),
        completed_on=completed_on,
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


def _unit_then(enrolment: Enrolment, day: date) -> str:
    """The unit's name on the day of completion; empty for somebody without a post."""
    post = (
        Post.objects.on(day)
        .filter(person=enrolment.person_id)
        .order_by("-is_main", "valid_from", "pk")
        .first()
    )
    if post is None:
        return ""
    version = OrganisationVersion.objects.on(day).filter(organisation=post.managing_unit_id)
    return version.values_list("name", flat=True).first() or ""


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
