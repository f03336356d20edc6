"""What a page says of one paper."""

from typing import Any

from django.utils import timezone

from certificates.actions.badges import is_shown
from certificates.actions.online_signatures import awaits_signature
from certificates.badges.credentials import has_badge
from certificates.codes import shown
from certificates.models import Certificate, SignedPdf
from certificates.papers import thaw, unit_on
from learners.models import OrganisationVersion
from learners.tree import successor_on


def facts_of(certificate: Certificate) -> dict[str, Any]:
    today = timezone.localdate()
    signed: SignedPdf | None = getattr(certificate, "signed_pdf", None)
    return {
        "certificate": certificate,
        "paper": thaw(certificate.paper),
        "shown_code": shown(certificate.code),
        "has_expired": certificate.has_expired(today),
        "renewal": certificate.renewals.filter(state="valid").first(),
        "confirmation": certificate.confirmations.filter(state="valid").first(),
        "unit_now": unit_now(certificate),
        "badge_is_shown": has_badge(certificate) and is_shown(certificate),
        "signed": signed,
        "awaits_signature": signed is None and awaits_signature(certificate),
    }


def unit_now(certificate: Certificate) -> str:
    """What the unit on the paper is called today, if it is called otherwise or is part of
    another; empty otherwise."""
    paper = thaw(certificate.paper)
    unit = unit_on(certificate.person_id, paper.completed_on) if paper.unit else None
    if unit is None:
        return ""
    today = timezone.localdate()
    versions = OrganisationVersion.objects.on(today)
    names = versions.filter(organisation=successor_on(unit, today))
    name: str = names.values_list("name", flat=True).first() or ""
    return "" if name == paper.unit else name
