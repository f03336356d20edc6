"""Papers of one person, for his whole record."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.models import BadgeConsent, Certificate, HandOver, IssueLine, SignedPdf
from learners.evidence.pieces import Piece
from learners.personal_data.erasers import Eraser, Kind
from learners.personal_data.left_out import IN_OFFICE, TOLD_WITH_ITS_ROW
from learners.personal_data.sources import Source, Subject, columns, name_of


def _papers(subject: Subject) -> Iterator[list[Any]]:
    rows = Certificate.objects.filter(person__in=subject.people)
    for row in rows.select_related("decision", "replaced_by").order_by("issued_at", "pk"):
        yield [
            row.serial,
            row.code,
            row.decision.number,
            row.issued_on,
            row.expires_on,
            row.get_state_display(),
            row.state_reason,
            row.replaced_by.serial if row.replaced_by else "",
            row.paper,
        ]


def _lines(subject: Subject) -> Iterator[list[Any]]:
    rows = IssueLine.objects.filter(person__in=subject.people)
    for row in rows.select_related("issue_list__class_group").order_by("issue_list", "pk"):
        yield [row.issue_list.class_group.title, row.get_state_display(), row.reason]


def _hand_overs(subject: Subject) -> Iterator[list[Any]]:
    rows = HandOver.objects.filter(certificate__person__in=subject.people)
    for row in rows.select_related("certificate", "noted_by").order_by("noted_at", "pk"):
        yield [
            row.certificate.serial,
            row.handed_on,
            row.get_way_display(),
            row.received_by,
            name_of(row.noted_by),
            row.revoked_at,
        ]


def _consents(subject: Subject) -> Iterator[list[Any]]:
    rows = BadgeConsent.objects.filter(certificate__person__in=subject.people)
    for row in rows.select_related("certificate").order_by("given_at", "pk"):
        yield [row.certificate.serial, row.given_at, row.ended_at]


def _signed_files(subject: Subject) -> Iterator[Piece]:
    rows = SignedPdf.objects.filter(certificate__person__in=subject.people).select_related(
        "certificate"
    )
    for number, row in enumerate(rows.order_by("pk"), start=1):
        what = gettext("Signed paper %(serial)s") % {"serial": row.certificate.serial}
        yield Piece(f"giay-chung-nhan/{number:02}.pdf", what, partial(row.file.open, "rb"))


SOURCES = [
    Source(
        "certificates",
        _("Certificates"),
        {
            "serial": _("Serial"),
            "code": _("Verification code"),
            "decision": _("Decision number"),
            "issued_on": _("Issued on"),
            "expires_on": _("Valid to"),
            "state": _("State"),
            "state_reason": _("Reason"),
            "replaced_by": _("Replaced by"),
            "paper": _("As printed"),
        },
        _papers,
        columns("certificates.Certificate.person", "certificates.Certificate.enrolment"),
        _signed_files,
    ),
    Source(
        "issue_lines",
        _("Lists for which papers were drawn up"),
        {"class": _("Class"), "state": _("State"), "reason": _("Reason")},
        _lines,
        columns("certificates.IssueLine.person", "certificates.IssueLine.certificate"),
    ),
    Source(
        "hand_overs",
        _("Papers handed over"),
        {
            "serial": _("Serial"),
            "on": _("Handed over on"),
            "way": _("Way"),
            "received_by": _("Received by"),
            "by": _("By whom"),
            "revoked_at": _("Taken back"),
        },
        _hand_overs,
        columns("certificates.HandOver.certificate", "certificates.SignedPdf.certificate"),
    ),
    Source(
        "badge_consents",
        _("Digital badges that others may download"),
        {"serial": _("Serial"), "given_at": _("Allowed"), "ended_at": _("Taken back")},
        _consents,
        columns("certificates.BadgeConsent.certificate"),
    ),
]

_IN_OFFICE = """
Decision.entered_by Certificate.issued_by Certificate.state_by IssueList.drawn_up_by
IssueList.decided_by HandOver.noted_by HandOver.revoked_by SignedPdf.kept_by
PaperBundle.asked_by
"""
_WITH_ITS_ROW = """
Certificate.confirms Certificate.renews Certificate.replaced_by PaperNotice.certificate
WithheldPaper.certificate
"""

LEFT_OUT = {f"certificates.{path}": IN_OFFICE for path in _IN_OFFICE.split()} | {
    f"certificates.{path}": TOLD_WITH_ITS_ROW for path in _WITH_ITS_ROW.split()
}

_REGISTER = _("The register of papers issued is kept for good; nothing printed is ever changed.")


def _papers_kept(subject: Subject) -> Iterator[Kind]:
    yield Kind(_("Certificates, as printed"), _registered(subject), _REGISTER)
    drawn = IssueLine.objects.filter(person__in=subject.people)
    yield Kind(_("Lists for which papers were drawn up"), [drawn], _REGISTER)


def _registered(subject: Subject) -> list[QuerySet[Certificate]]:
    return [Certificate.objects.filter(person__in=subject.people)]


ERASER = Eraser(_papers_kept, naming=_registered)
