"""What was achieved, in the words of the paper, apart from whoever achieved it."""

import hashlib
import json
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from certificates.badges.documents import BADGE_CONTEXT, CREDENTIAL_CONTEXT, public_address
from certificates.badges.pictures import badge_picture
from certificates.choices import PaperKind
from certificates.models import Achievement, Certificate
from certificates.papers import thaw

TYPES = {
    PaperKind.COMPLETION: "CertificateOfCompletion",
    PaperKind.CERTIFICATE: "Certificate",
    PaperKind.CONFIRMATION: "CertificateOfCompletion",
}
"""From the vocabulary of Open Badges 3.0."""


def achievement_of(certificate: Certificate) -> Achievement:
    """The achievement of a paper, kept from the first time that it is asked for. Papers that
    say the same of their course share it. Idempotent."""
    words = _words(certificate)
    written = json.dumps(words, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    key = hashlib.sha256(written.encode()).hexdigest()[:24]
    found, _created = Achievement.objects.get_or_create(key=key, defaults={"words": words})
    return found


def achievement_document(achievement: Achievement) -> dict[str, Any]:
    """The achievement as every credential holds it. Papers are Vietnamese documents: their
    words are not translated."""
    words = achievement.words
    return {
        "id": public_address("achievement", achievement.key),
        "type": ["Achievement"],
        "achievementType": words["type"],
        "name": words["name"],
        "description": f"{words['kind']}: {words['hours']} giờ học, {words['form'].lower()}.",
        "criteria": {
            "narrative": f"Hoàn thành khóa học {words['hours']} giờ và đạt yêu cầu cuối khóa."
        },
        "creator": {
            "id": f"urn:uuid:{uuid5(NAMESPACE_URL, words['body'])}",
            "type": ["Profile"],
            "name": words["body"],
        },
        "image": {
            "id": public_address("achievement_picture", achievement.key),
            "type": "Image",
            "caption": words["name"],
        },
        "inLanguage": "vi",
    }


def published(achievement: Achievement) -> dict[str, Any]:
    """The document at the achievement's own address."""
    context = {"@context": [CREDENTIAL_CONTEXT, BADGE_CONTEXT]}
    return context | achievement_document(achievement)


def picture_of(achievement: Achievement) -> bytes:
    """The achievement as PNG, nobody's credential in it."""
    words = achievement.words
    return badge_picture(words["name"], words["body"], words["year"])


def _words(certificate: Certificate) -> dict[str, str]:
    paper = thaw(certificate.paper)
    return {
        "type": TYPES[PaperKind(certificate.register.kind)],
        "kind": paper.kind_title.capitalize(),
        "name": paper.course_title,
        "hours": _plain(paper.hours),
        "form": paper.study_form,
        "body": paper.issuing_body,
        "year": f"{paper.issued_on.year}",
    }


def _plain(hours: Decimal) -> str:
    """As Vietnamese write it: "8", "7,5"."""
    written = f"{hours:f}"
    return (written.rstrip("0").rstrip(".") if "." in written else written).replace(".", ",")
