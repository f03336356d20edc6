"""The keys that sign credentials: the newest signs, all of them are published."""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.conf import settings

SHORTEST_KEY = 2048


class BadKey(Exception):
    """A file of BADGE_KEY_FILES that cannot be used; str() says which and why."""


@dataclass(frozen=True)
class BadgeKey:
    public: RSAPublicKey
    private: RSAPrivateKey | None
    """None for a key that signs no more and is kept to check what it signed."""

    @property
    def jwk(self) -> dict[str, str]:
        """The public key as RFC 7517 writes it."""
        numbers = self.public.public_numbers()
        return {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}

    @property
    def name(self) -> str:
        """The key's thumbprint (RFC 7638): the same wherever the key is found."""
        canonical = json.dumps(self.jwk, separators=(",", ":"), sort_keys=True)
        return b64(hashlib.sha256(canonical.encode()).digest())

    @property
    def address(self) -> str:
        """Where the key stands in the issuer's DID document."""
        return f"{issuer_did()}#{self.name}"


def badge_keys() -> tuple[BadgeKey, ...]:
    """The keys of BADGE_KEY_FILES, the newest first; none when badges are off. Raises BadKey."""
    return _opened(tuple(settings.BADGE_KEY_FILES))


def badges_are_on() -> bool:
    return bool(settings.BADGE_KEY_FILES)


def issuer_did() -> str:
    """did:web of the public address; the colon of a port is escaped, as the method wants it."""
    return "did:web:" + urlsplit(settings.PUBLIC_URL).netloc.replace(":", "%3A")


@lru_cache(maxsize=4)
def _opened(files: tuple[str, ...]) -> tuple[BadgeKey, ...]:
    """Read once per process: a changed file counts from the next start."""
    keys = tuple(_open(file) for file in files)
    if keys and keys[0].private is None:
        raise BadKey(f"{files[0]} stands first, but holds no private key to sign with.")
    return keys


def _open(file: str) -> BadgeKey:
    try:
        pem = Path(file).read_bytes()
        private = load_pem_private_key(pem, password=None) if b"PRIVATE KEY" in pem else None
        public = private.public_key() if private else load_pem_public_key(pem)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKey(f"{file} cannot be read as a key in PEM without a password.") from error
    if not isinstance(public, RSAPublicKey) or public.key_size < SHORTEST_KEY:
        raise BadKey(f"{file} holds no RSA key of {SHORTEST_KEY} bits or more.")
    return BadgeKey(public, private if isinstance(private, RSAPrivateKey) else None)


def b64(data: bytes) -> str:
    """base64url without padding, as JOSE and multibase write it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def unb64(text: str) -> bytes:
    """Raises ValueError for what is not base64url."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
