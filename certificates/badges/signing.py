"""Compact JWS with RS256: PKCS#1 v1.5 has no chance in it, so the same text signs to the same
bytes."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.badges.keys import b64, badge_keys


def signed(payload: dict[str, Any], typ: str = "JWT") -> str:
    """The payload as a JWT of the newest key. Only while badges are on."""
    key = badge_keys()[0]
    assert key.private is not None  # noqa: S101  badge_keys() lets no other key stand first
    header = {"alg": "RS256", "kid": key.address, "typ": typ}
    text = f"{_part(header)}.{_part(payload)}"
    return f"{text}.{b64(key.private.sign(text.encode(), PKCS1v15(), SHA256()))}"


def _part(value: dict[str, Any]) -> str:
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return b64(written.encode())
