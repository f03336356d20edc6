"""Entering a paper: number, frozen words, hash and the word to its owner, all or nothing."""

import calendar
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from django.conf import settings

from certificates.choices import PaperKind
from certificates.codes import new_code
from certificates.designs import draw_new, look_of, worded
from certificates.layout import Paper
from certificates.models import Certificate, Decision, Design, PaperNotice, Register
from certificates.papers import Ground, freeze, paper_now
from courses.models import ClassGroup

SERIAL_PREFIXES = {
    PaperKind.COMPLETION: "NA",
    PaperKind.CERTIFICATE: "NA-CC",
    PaperKind.CONFIRMATION: "NA-XN",
}


def enter_paper(
    ground: Ground,
    decision: Decision,
    today: date,
    *,
    confirms: Certificate | None = None,
    renews: Certificate | None = None,
) -> Certificate:
    """Call within the transaction that decides on the paper: a crash or a refusal in it leaves
    no gap in the register. Raises Unprintable for a paper that would print wrong."""
    kind = PaperKind.CONFIRMATION if confirms else PaperKind(decision.kind)
    design = design_for(ground.class_group, kind, today)
    words = worded(paper_now(ground, decision, kind, today, serial="", code=""), design)
    return enter(
        words,
        kind,
        today,
        **rests_on(ground, decision, design),
        confirms=confirms,
        renews=renews,
        expires_on=expiry(decision, today, confirms),
    )


def rests_on(ground: Ground, decision: Decision, design: Design | None) -> dict[str, Any]:
    """The fields of a paper that lead to what it rests on."""
    return {
        "enrolment": ground.enrolment,
        "class_group": ground.class_group,
        "person": ground.person,
        "decision": decision,
        "design": design,
    }


def enter(words: Paper, kind: PaperKind, today: date, **fields: Any) -> Certificate:
    """Enter a paper with these words, under the next number; otherwise as `enter_paper`."""
    register = opened(kind, today.year)
    certificate = write(register, words, today, **fields)
    keep(register, [certificate])
    return certificate


def opened(kind: PaperKind, year: int) -> Register:
    """The year's register; its row stays locked until the commit."""
    register, _created = Register.objects.get_or_create(
        kind=kind, year=year, defaults={"prefix": SERIAL_PREFIXES[kind]}
    )
    return Register.objects.select_for_update().get(pk=register.pk)


def write(register: Register, words: Paper, today: date, **fields: Any) -> Certificate:
    """A paper under the next number of an opened register, drawn and not kept yet. The number is
    taken when it is sure that the paper can be drawn. Raises Unprintable."""
    serial = f"{register.prefix}-{register.year}-{register.last_number + 1:06d}"
    code = new_code()
    address = f"{settings.PUBLIC_URL}/x/{code}".upper()
    paper = replace(
        words,
        serial=serial,
        code=code,
        verify_url=address,
        issued_on=today,
        expires_on=fields.get("expires_on"),
    )
    technique, pdf = draw_new(paper, look_of(fields.get("design")))
    register.last_number += 1
    return Certificate(
        register=register,
        number=register.last_number,
        serial=serial,
        code=code,
        paper=freeze(paper),
        technique=technique,
        pdf_sha256=sha256(pdf).hexdigest(),
        issued_on=today,
        **fields,
    )


def keep(register: Register, written: Sequence[Certificate]) -> None:
    """Enter what was written since the register was opened, each with the word to its owner."""
    Register.objects.filter(pk=register.pk).update(last_number=register.last_number)
    Certificate.objects.bulk_create(written)
    PaperNotice.objects.bulk_create(PaperNotice(certificate=paper) for paper in written)


def design_for(class_group: ClassGroup | None, kind: str, today: date) -> Design | None:
    """The design in force for such a paper; online courses have the one for all."""
    provider = class_group.provider_id if class_group else None
    return Design.objects.for_paper(kind, provider, today)


def expiry(decision: Decision, today: date, confirms: Certificate | None) -> date | None:
    """A confirmation is worth what the lost paper was, no longer."""
    if confirms:
        return confirms.expires_on
    return months_after(today, decision.valid_months) if decision.valid_months else None


def months_after(day: date, months: int) -> date:
    """The same day so many months on; the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
