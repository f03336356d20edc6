"""What the issuer publishes of itself: DID document, keys and profile."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from certificates.badges.keys import badge_keys, issuer_did

DID_CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"]
CREDENTIAL_CONTEXT = "https://www.w3.org/ns/credentials/v2"
BADGE_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


def public_address(name: str, *args: object) -> str:
    return settings.PUBLIC_URL + reverse(f"certificates:{name}", args=args)


def stamp(moment: datetime) -> str:
    """A moment as credentials write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def did_document() -> dict[str, Any]:
    """Every key counts for what was signed with it: an old one is listed until it is broken."""
    did = issuer_did()
    methods = [
        {
            "id": key.address,
            "type": "JsonWebKey2020",
            "controller": did,
            "publicKeyJwk": key.jwk | {"alg": "RS256", "use": "sig"},
        }
        for key in badge_keys()
    ]
    return {
        "@context": DID_CONTEXT,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def key_set() -> dict[str, Any]:
    """The same keys as a JWK set (RFC 7517)."""
    keys = badge_keys()
    return {"keys": [key.jwk | {"alg": "RS256", "kid": key.address, "use": "sig"} for key in keys]}


def issuer() -> dict[str, Any]:
    """The issuer as each credential names it: whose register it is, whose key signs."""
    return {
        "id": issuer_did(),
        "type": ["Profile"],
        "name": settings.WAGTAIL_SITE_NAME,
        "url": settings.PUBLIC_URL,
    }


def issuer_profile() -> dict[str, Any]:
    return {"@context": [CREDENTIAL_CONTEXT, BADGE_CONTEXT], **issuer()}
