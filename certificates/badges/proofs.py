"""Whether a signature fits: RS256 tokens, and Data Integrity proofs of the suite eddsa-rdfc-2022.

Nothing is fetched. A key that the credential itself names proves that nothing was changed since,
not whose key it is.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.badges.keys import SHORTEST_KEY, unb64

CONTEXTS = Path(__file__).parent / "contexts"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/"
FILES = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    f"{OPEN_BADGES}context-3.0.1.json": "ob-v3p0-3.0.1.json",
    f"{OPEN_BADGES}context-3.0.2.json": "ob-v3p0-3.0.2.json",
    f"{OPEN_BADGES}context-3.0.3.json": "ob-v3p0-3.0.3.json",
    f"{OPEN_BADGES}context.json": "ob-v3p0.json",
    f"{OPEN_BADGES}extensions.json": "ob-v3p0-extensions.json",
}
SUITE = "eddsa-rdfc-2022"
MOST_PROOFS, MOST_NAMELESS, MOST_ROUNDS = 4, 6, 200
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"


class DoesNotFit(Exception):
    """The signature is missing, broken, or not of these words."""


class CannotTell(Exception):
    """A kind of signature, key or vocabulary that is not known here."""


def check_rs256(key: RSAPublicKey, signed: bytes, signature: bytes) -> None:
    """Raises DoesNotFit."""
    try:
        key.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise DoesNotFit from error


def key_of_jwk(jwk: object) -> RSAPublicKey:
    """The RSA key that a token brings along. Raises CannotTell."""
    try:
        numbers = [int.from_bytes(unb64(str(jwk[name])), "big") for name in ("e", "n")]  # type: ignore[index]
        key = RSAPublicNumbers(*numbers).public_key()
    except (TypeError, KeyError, ValueError) as error:
        raise CannotTell from error
    if not SHORTEST_KEY <= key.key_size <= 8192:
        raise CannotTell
    return key


def check_proofs(document: dict[str, Any]) -> None:
    """Every proof of the document must fit, and there must be one. Raises DoesNotFit or
    CannotTell."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    proofs = document.get("proof")
    proofs = proofs if isinstance(proofs, list) else [proofs]
    if not proofs or len(proofs) > MOST_PROOFS or not all(isinstance(p, dict) for p in proofs):
        raise DoesNotFit
    _refuse_what_costs(bare)
    for proof in proofs:
        _check_proof(bare, proof)


def _check_proof(bare: dict[str, Any], proof: dict[str, Any]) -> None:
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != SUITE:
        raise CannotTell
    if proof.get("proofPurpose") != "assertionMethod":
        raise DoesNotFit
    key = _key_in(str(proof.get("verificationMethod", "")))
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    options["@context"] = bare["@context"]
    _refuse_what_costs(options)
    signed = _hash(options) + _hash(bare)
    try:
        key.verify(_base58(str(proof.get("proofValue", ""))), signed)
    except InvalidSignature as error:
        raise DoesNotFit from error


def _key_in(method: str) -> Ed25519PublicKey:
    """The key that a did:key, or the fragment of an address, spells out."""
    spelled = method.rpartition("#")[2].removeprefix("did:key:")
    multikey = _base58(spelled)
    if not multikey.startswith(ED25519) or len(multikey) != 34:
        raise DoesNotFit
    return Ed25519PublicKey.from_public_bytes(multikey[2:])


def _base58(text: str) -> bytes:
    """A multibase text of base 58. Raises DoesNotFit."""
    if not text.startswith("z") or len(text) > 200 or any(one not in BASE58 for one in text[1:]):
        raise DoesNotFit
    digits = text[1:]
    value = 0
    for digit in digits:
        value = value * 58 + BASE58.index(digit)
    zeros = len(digits) - len(digits.lstrip("1"))
    return bytes(zeros) + value.to_bytes((value.bit_length() + 7) // 8, "big")


def _hash(document: dict[str, Any]) -> bytes:
    """SHA-256 of the document as canonical RDF. Raises CannotTell for a vocabulary unknown here."""
    # Slow to import, and most processes never check a proof.
    from pyld import jsonld
    from pyld.canon import URDNA2015

    class Bounded(URDNA2015):
        """Gives up on graphs made to be endless."""

        rounds = 0

        def hash_n_degree_quads(self, id_: Any, issuer: Any) -> Any:
            self.rounds += 1
            if self.rounds > MOST_ROUNDS:
                raise CannotTell
            return super().hash_n_degree_quads(id_, issuer)

    try:
        dataset = jsonld.to_rdf(document, {"documentLoader": _bundled})
        written: str = Bounded().main(dataset, {"format": "application/n-quads"})
    except (jsonld.JsonLdError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise CannotTell from error
    return hashlib.sha256(written.encode()).digest()


def _bundled(address: str, _options: object) -> dict[str, Any]:
    if address not in FILES:
        raise CannotTell
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": _context(FILES[address]),
    }


@cache
def _context(file: str) -> Any:
    return json.loads((CONTEXTS / file).read_text())


def _refuse_what_costs(document: dict[str, Any]) -> None:
    """Vocabularies by name only, no graph that leads back into itself, and few things without a
    name beside each other: what is left is canonical in milliseconds. Raises CannotTell."""
    contexts = document.get("@context")
    if not isinstance(contexts, list) or any(one not in FILES for one in map(str, contexts)):
        raise CannotTell
    for node in _nodes({name: value for name, value in document.items() if name != "@context"}):
        within = list(node) if isinstance(node, list) else list(node.values())
        if any(isinstance(one, str) and one.startswith("_:") for one in within):
            raise CannotTell
        if isinstance(node, dict) and any(str(name).startswith("@") for name in node):
            raise CannotTell
        nameless = [one for one in within if isinstance(one, dict | list) and "id" not in one]
        if isinstance(node, list) and len(nameless) > MOST_NAMELESS:
            raise CannotTell


def _nodes(value: object) -> Iterator[Any]:
    """Every object and list within, without recursion."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict | list):
            yield node
            waiting.extend(node.values() if isinstance(node, dict) else node)
