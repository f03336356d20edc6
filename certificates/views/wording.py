"""What a page says of one paper."""

from typing import Any

from certificates.codes import shown
from certificates.models import Certificate
from certificates.papers import thaw


def facts_of(certificate: Certificate) -> dict[str, Any]:
    return {
        "certificate": certificate,
        "paper": thaw(certificate.paper),
        "shown_code": shown(certificate.code),
    }
