"""The register book of a span of days, in the columns that the law asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet

from certificates.choices import CertificateState
from certificates.models import Certificate, HandOver
from certificates.papers import thaw

CHUNK = 500


@dataclass(frozen=True)
class RegisterRow:
    """One paper as the book shows it: what was printed, and what became of it."""

    number: int
    serial: str
    full_name: str
    birth_date: date | None
    unit: str
    course_title: str
    started_on: date
    completed_on: date
    hours: Decimal
    result: str
    decision: str
    signer: str
    issued_on: date
    handed_on: date | None
    received_by: str
    state: str
    note: str
    """The act and reason of a paper that does not stand any more, and what goes with it."""


def papers_between(kind: str, first: date, last: date) -> QuerySet[Certificate]:
    """In the order of the book."""
    return Certificate.objects.filter(register__kind=kind, issued_on__range=(first, last)).order_by(
        "register__year", "number"
    )


def counts_of(papers: QuerySet[Certificate]) -> dict[str, int]:
    """How many, and how many in each state: the sums of the report. One query."""
    states = {state.value: Count("pk", filter=Q(state=state.value)) for state in CertificateState}
    return papers.order_by().aggregate(total=Count("pk"), **states)


def register_rows(papers: QuerySet[Certificate]) -> Iterator[RegisterRow]:
    """Row by row: two queries for each 500 papers."""
    standing = HandOver.objects.filter(revoked_at__isnull=True)
    found = papers.select_related("replaced_by", "confirms").prefetch_related(
        Prefetch("hand_overs", queryset=standing, to_attr="handed")
    )
    for certificate in found.iterator(chunk_size=CHUNK):
        yield _row(certificate)


def _row(certificate: Certificate) -> RegisterRow:
    paper = thaw(certificate.paper)
    handed: list[HandOver] = certificate.handed  # type: ignore[attr-defined]
    return RegisterRow(
        number=certificate.number,
        serial=certificate.serial,
        full_name=paper.full_name,
        birth_date=paper.birth_date,
        unit=paper.unit,
        course_title=paper.course_title,
        started_on=paper.started_on,
        completed_on=paper.completed_on,
        hours=paper.hours,
        result=paper.result,
        decision=f"{paper.decision_number} ({paper.decision_date:%d/%m/%Y})",
        signer=f"{paper.signer_name} ({paper.signer_title})",
        issued_on=certificate.issued_on,
        handed_on=handed[0].handed_on if handed else None,
        received_by=handed[0].received_by if handed else "",
        state=str(certificate.get_state_display()),
        note=_note(certificate),
    )


def _note(certificate: Certificate) -> str:
    """Serials and acts, in the words of the register, which is a Vietnamese document."""
    notes = []
    if certificate.confirms:
        notes.append(f"Xác nhận giấy {certificate.confirms.serial} bị mất")
    if certificate.replaced_by:
        notes.append(f"Thay bằng {certificate.replaced_by.serial}")
    if certificate.state_act:
        notes.append(f"QĐ {certificate.state_act}: {certificate.state_reason}")
    return "; ".join(notes)
