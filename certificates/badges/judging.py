"""What can be said of a badge that somebody hands in, without asking anybody else.

Badges of this register are judged wholly: signature, days, and what the register says today. Of
others it is said whether the signature fits and the days hold; whose key it is stays open.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from certificates.badges.credentials import credential_id
from certificates.badges.keys import BadgeKey, badge_keys, badges_are_on, issuer_did
from certificates.badges.proofs import (
    CannotTell,
    DoesNotFit,
    check_proofs,
    check_rs256,
    key_of_jwk,
)
from certificates.badges.reading import (
    NotABadge,
    credential_in,
    document_of,
    is_token,
    token_parts,
)
from certificates.choices import CertificateState
from certificates.codes import read_code
from certificates.models import Certificate

BADGE_TYPES = {"OpenBadgeCredential", "AchievementCredential"}


class Finding(StrEnum):
    VALID = "valid"
    """Of this register, unchanged, and the paper is in force."""
    FITS = "fits"
    """Of another issuer: unchanged since it was signed; whose key it was is not known here."""
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    TAKEN_BACK = "taken_back"
    FORGED = "forged"
    """The signature is missing, or does not fit these words."""
    MALFORMED = "malformed"
    """A credential, but no Open Badge 3.0."""
    UNKNOWN = "unknown"
    """Of another issuer, signed in a way or with a key that cannot be looked into here."""
    NO_BADGE = "no_badge"


@dataclass(frozen=True)
class Verdict:
    finding: Finding
    title: str = ""
    issuer: str = ""
    since: datetime | None = None
    until: datetime | None = None
    certificate: Certificate | None = None


def judge(content: bytes) -> Verdict:
    """The verdict on a token, a document, or a picture with one of them. Never raises for what
    is in it."""
    try:
        text = credential_in(content)
        document = token_parts(text)[1] if is_token(text) else document_of(text)
    except NotABadge:
        return Verdict(Finding.NO_BADGE)
    facts = _facts(document)
    if facts is None:
        return Verdict(Finding.MALFORMED)
    try:
        is_ours = _check_signature(text, document)
    except DoesNotFit:
        return Verdict(Finding.FORGED)
    except CannotTell:
        return Verdict(Finding.UNKNOWN, **facts)
    certificate = _paper_of(document) if is_ours else None
    if is_ours and certificate is None:
        return Verdict(Finding.FORGED)
    return Verdict(_standing(facts, certificate), **facts, certificate=certificate)


def _standing(facts: dict[str, Any], certificate: Certificate | None) -> Finding:
    now = timezone.now()
    if certificate is not None and certificate.state != CertificateState.VALID:
        return Finding.TAKEN_BACK
    if facts["until"] is not None and facts["until"] <= now:
        return Finding.EXPIRED
    if facts["since"] > now:
        return Finding.NOT_YET
    return Finding.VALID if certificate is not None else Finding.FITS


def _facts(document: dict[str, Any]) -> dict[str, Any] | None:
    """Title, issuer and days of an Open Badge 3.0; None for what is none."""
    issuer, subject = document.get("issuer"), document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    types = _types(document)
    if not (
        "VerifiableCredential" in types
        and types & BADGE_TYPES
        and "Profile" in _types(issuer)
        and "AchievementSubject" in _types(subject)
        and "Achievement" in _types(achievement)
        and isinstance(document.get("@context"), list)
    ):
        return None
    since, until = _moment(document.get("validFrom")), _moment(document.get("validUntil"))
    if since is None or (until is None and "validUntil" in document):
        return None
    return {
        "title": _text(achievement, "name"),
        "issuer": _text(issuer, "name"),
        "since": since,
        "until": until,
    }


def _types(value: Any) -> set[str]:
    found = value.get("type") if isinstance(value, dict) else None
    listed = found if isinstance(found, list) else [found]
    return {one for one in listed if isinstance(one, str)}


def _text(value: Any, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found[:300] if isinstance(found, str) else ""


def _moment(value: Any) -> datetime | None:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def _check_signature(text: str, document: dict[str, Any]) -> bool:
    """Whether it is this register's own. Raises DoesNotFit or CannotTell."""
    says_ours = document["issuer"].get("id") == issuer_did()
    if says_ours and not badges_are_on():
        raise CannotTell
    if not is_token(text):
        if says_ours:
            raise DoesNotFit  # the register signs tokens only
        check_proofs(document)
        return False
    header, payload, signed, signature = token_parts(text)
    if header.get("alg") != "RS256":
        raise DoesNotFit if header.get("alg") in (None, "none") or says_ours else CannotTell
    own = _own_key(header.get("kid"))
    if says_ours:
        if own is None or payload.get("iss") != issuer_did():
            raise DoesNotFit
        check_rs256(own.public, signed, signature)
        return True
    if "jwk" not in header:
        raise CannotTell
    check_rs256(key_of_jwk(header["jwk"]), signed, signature)
    return False


def _own_key(address: object) -> BadgeKey | None:
    return next((key for key in badge_keys() if key.address == address), None)


def _paper_of(document: dict[str, Any]) -> Certificate | None:
    """The paper that a badge of ours was made of."""
    evidence = document.get("evidence")
    first = evidence[0] if isinstance(evidence, list) and evidence else None
    code = read_code(_text(first, "id").rpartition("/")[2])
    found = Certificate.objects.select_related("register", "replaced_by").filter(code=code or "")
    certificate = found.first()
    is_same = certificate is not None and credential_id(certificate) == document.get("id")
    return certificate if is_same else None
