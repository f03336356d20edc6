"""Decisions and papers of a class, for the pack that proves it."""

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _

from certificates.choices import ListState
from certificates.models import Certificate, Decision, IssueList
from courses.models import ClassGroup
from learners.evidence.pieces import Piece, table
from learners.exports import Cell, Column, Kind, Sheet


def papers_of(group: ClassGroup) -> Iterator[Piece]:
    """Scans of the decisions, the decided lists, and the serials of the papers."""
    decided = (
        IssueList.objects.filter(class_group=group, state=ListState.DECIDED)
        .select_related("decision")
        .order_by("decided_at", "pk")
    )
    lists = [(drawn, drawn.decision) for drawn in decided if drawn.decision is not None]
    for number, (drawn, decision) in enumerate(lists, start=1):
        if decision.scan:
            ending = str(decision.scan.name).rpartition(".")[2]
            yield Piece(
                f"1-quyet-dinh/quyet-dinh-{number}.{ending}",
                _("Signed decision %(number)s of %(day)s")
                % {"number": decision.number, "day": f"{decision.signed_on:%d/%m/%Y}"},
                partial(decision.scan.open, "rb"),
            )
        yield table(
            f"1-quyet-dinh/danh-sach-kem-quyet-dinh-{number}.xlsx",
            _("List decided by decision %(number)s") % {"number": decision.number},
            _decided_list(drawn, decision),
        )
    yield table(
        "6-giay-chung-nhan/so-hieu.xlsx", _("Serials of the papers of this class"), _serials(group)
    )


def _decided_list(drawn: IssueList, decision: Decision) -> Sheet:
    lines = drawn.lines.select_related("person", "certificate").order_by("position")
    rows: list[list[Cell]] = [
        [
            line.position,
            line.person.full_name,
            line.get_state_display(),
            line.reason,
            line.certificate.serial if line.certificate else "",
        ]
        for line in lines
    ]
    return Sheet(
        name=_("Decided list"),
        title=_("List decided by decision %(number)s") % {"number": decision.number},
        source=[
            f"{decision.issuing_body}, {decision.signed_on:%d/%m/%Y}",
            f"{decision.signer_title} {decision.signer_name}",
        ],
        columns=[
            Column(_("No."), 6, Kind.NUMBER),
            Column(_("Full name"), 28),
            Column(_("State"), 20),
            Column(_("Reason"), 50),
            Column(_("Serial"), 24),
        ],
        rows=rows,
    )


def _serials(group: ClassGroup) -> Sheet:
    papers = (
        Certificate.objects.filter(class_group=group)
        .select_related("person", "decision", "register", "replaced_by")
        .order_by("register__year", "register__kind", "number")
    )
    return Sheet(
        name=_("Papers"),
        title=_("Serials of the papers of this class"),
        source=[f"{group.code} · {group.title}"],
        columns=[
            Column(_("Serial"), 24),
            Column(_("Full name"), 28),
            Column(_("Verification code"), 18),
            Column(_("Decision number"), 20),
            Column(_("Issued on"), 12, Kind.DAY),
            Column(_("Valid to"), 12, Kind.DAY),
            Column(_("State"), 16),
            Column(_("Replaced by"), 24),
            Column(_("SHA-256 of the PDF"), 70),
        ],
        rows=[
            [
                paper.serial,
                paper.person.full_name,
                paper.code,
                paper.decision.number,
                paper.issued_on,
                paper.expires_on,
                paper.get_state_display(),
                paper.replaced_by.serial if paper.replaced_by else "",
                paper.pdf_sha256,
            ]
            for paper in papers
        ],
    )
