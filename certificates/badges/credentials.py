"""The OpenBadgeCredential of one paper, from what was frozen at issue and from nothing else."""

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from certificates.badges.achievements import achievement_document, achievement_of
from certificates.badges.documents import BADGE_CONTEXT, CREDENTIAL_CONTEXT, issuer, stamp
from certificates.badges.keys import badges_are_on
from certificates.badges.signing import signed
from certificates.badges.status import status_entry
from certificates.choices import CertificateState
from certificates.layout import Paper
from certificates.models import Certificate
from certificates.papers import thaw


def has_badge(certificate: Certificate) -> bool:
    """Whether a credential is offered: for papers in force, while there is a key."""
    return badges_are_on() and certificate.state == CertificateState.VALID


def badge_jwt(certificate: Certificate) -> str:
    """The signed credential (VC-JWT). The same bytes each time under the same key."""
    credential = credential_of(certificate)
    claims = {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": int(_begin(certificate).timestamp()),
    }
    end = _end(certificate)
    if end is not None:
        claims["exp"] = int(end.timestamp())
    return signed(credential | claims)


def credential_of(certificate: Certificate) -> dict[str, Any]:
    """The credential before it is signed, in VC Data Model 2.0."""
    paper = thaw(certificate.paper)
    end = _end(certificate)
    return {
        "@context": [CREDENTIAL_CONTEXT, BADGE_CONTEXT],
        "id": credential_id(certificate),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": paper.course_title,
        "issuer": issuer(),
        "validFrom": stamp(_begin(certificate)),
        **({"validUntil": stamp(end)} if end else {}),
        "awardedDate": stamp(_midnight(paper.issued_on)),
        "credentialSubject": {
            # One identifier for each paper: two badges do not show that one person holds both.
            "id": _urn(paper, "holder"),
            "type": ["AchievementSubject"],
            "identifier": [_hashed_name(paper)],
            "activityStartDate": stamp(_midnight(paper.started_on)),
            "activityEndDate": stamp(_midnight(paper.completed_on)),
            "achievement": achievement_document(achievement_of(certificate)),
        },
        "evidence": [
            {
                "id": _page(paper),
                "type": ["Evidence"],
                "name": f"Số {paper.serial} trong sổ cấp",
            }
        ],
        "credentialStatus": status_entry(certificate.pk),
    }


def credential_id(certificate: Certificate) -> str:
    return _urn(thaw(certificate.paper), "credential")


def _hashed_name(paper: Paper) -> dict[str, Any]:
    """The printed name, salted and hashed: whoever is shown the badge by somebody can tell,
    without a network, that it is theirs."""
    salt = hashlib.sha256(f"salt:{paper.code}".encode()).hexdigest()[:32]
    hashed = hashlib.sha256((paper.full_name + salt).encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${hashed}",
        "identityType": "name",
        "salt": salt,
    }


def _page(paper: Paper) -> str:
    """Where everybody checks the paper; in capitals only the QR has it."""
    return paper.verify_url.removesuffix(paper.code).lower() + paper.code


def _urn(paper: Paper, what: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{paper.verify_url}#{what}')}"


def _begin(certificate: Certificate) -> datetime:
    return certificate.issued_at.replace(microsecond=0)


def _end(certificate: Certificate) -> datetime | None:
    """A paper is valid through its last day."""
    last = certificate.expires_on
    return _midnight(last + timedelta(days=1)) if last else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
