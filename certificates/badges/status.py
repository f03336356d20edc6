"""Bitstring status lists (W3C): one bit for each paper, set once it was withdrawn or replaced.

A paper's place follows from its row and from the list's seed: nothing is kept with the paper,
places never meet, and neighbours in the list are no neighbours in the register.
"""

import gzip
import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.core.cache import caches
from django.db.models import Count, Max

from certificates.badges.documents import CREDENTIAL_CONTEXT, public_address, stamp
from certificates.badges.keys import b64, badge_keys, issuer_did
from certificates.badges.signing import signed
from certificates.choices import CertificateState
from certificates.models import Certificate, StatusList

SIZE = 131_072
"""Papers in one list: the least that the specification allows, so that one bit hides in many."""
ROUNDS = 6


def status_entry(paper: int) -> dict[str, str]:
    """Where a verifier finds the state of the paper with this key."""
    number, place = divmod(paper, SIZE)
    status_list, _created = StatusList.objects.get_or_create(number=number)
    address = public_address("status_list", number)
    index = shuffled(place, bytes(status_list.seed))
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def status_list_jwt(status_list: StatusList) -> str:
    """The signed list as it is now. Made anew only when a paper of it was taken back: until
    then the same bytes, at the cost of one small query."""
    first = status_list.number * SIZE
    revoked = Certificate.objects.exclude(state=CertificateState.VALID).filter(
        pk__gte=first, pk__lt=first + SIZE
    )
    known = revoked.aggregate(n=Count("pk"), last=Max("state_at"))
    since = known["last"] or status_list.begun_at
    key = f"status:{status_list.pk}:{known['n']}:{since.timestamp()}:{badge_keys()[0].name}"
    kept: str | None = caches["local"].get(key)
    if kept is None:
        seed = bytes(status_list.seed)
        places = [shuffled(pk - first, seed) for pk in revoked.values_list("pk", flat=True)]
        kept = _signed_list(status_list.number, places, since)
        caches["local"].set(key, kept, 3600)
    return kept


def shuffled(place: int, seed: bytes) -> int:
    """A place's index: a permutation of the list that only its seed can undo.

    A Feistel network over 18 bits, walked on until it lands within the 17 of a list.
    """
    index = place
    while True:
        left, right = index >> 9, index & 511
        for turn in range(ROUNDS):
            mixed = hashlib.sha256(seed + bytes([turn]) + right.to_bytes(2, "big")).digest()
            left, right = right, left ^ (int.from_bytes(mixed[:2], "big") & 511)
        index = left << 9 | right
        if index < SIZE:
            return index


def encoded(indices: Iterable[int]) -> str:
    """The bitstring with these bits set: the first bit is the leftmost, then GZIP, then
    multibase's base64url."""
    bits = bytearray(SIZE // 8)
    for index in indices:
        bits[index // 8] |= 128 >> index % 8
    return "u" + b64(gzip.compress(bytes(bits), mtime=0))


def _signed_list(number: int, indices: Iterable[int], since: datetime) -> str:
    address = public_address("status_list", number)
    begun = since.replace(microsecond=0)
    subject = {
        "id": f"{address}#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": encoded(indices),
    }
    credential = {
        "@context": [CREDENTIAL_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_did(),
        "validFrom": stamp(begun),
        "credentialSubject": subject,
    }
    claims = {
        "iss": issuer_did(),
        "jti": address,
        "sub": subject["id"],
        "nbf": int(begun.timestamp()),
    }
    return signed(credential | claims)
