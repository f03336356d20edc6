"""Keys of Open Badges, and readers that share no code with what writes them."""

import base64
import json
import tempfile
import zlib
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


def key_file(name: str = "first", *, bits: int = 2048) -> str:
    """A private key in PEM; the same one for the same name."""
    return _made(name, bits)


@cache
def _made(name: str, bits: int) -> str:
    key = rsa.generate_private_key(65537, bits)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = Path(tempfile.mkdtemp(prefix="huy-hieu-")) / f"{name}.pem"
    file.write_bytes(pem)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    file.with_suffix(".pub.pem").write_bytes(public)
    return str(file)


def public_file(name: str = "first") -> str:
    """Its public half alone."""
    return str(Path(key_file(name)).with_suffix(".pub.pem"))


def parts(token: str) -> tuple[dict, dict]:
    """Header and payload, unchecked."""
    header, payload, _signature = token.split(".")
    return json.loads(decoded(header)), json.loads(decoded(payload))


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def bit(encoded_list: str, index: int) -> int:
    """One bit of a list, as the W3C tells to read it: multibase, GZIP, leftmost first."""
    assert encoded_list[0] == "u"
    unpacked = zlib.decompress(decoded(encoded_list[1:]), wbits=31)
    assert len(unpacked) == 16 * 1024
    return int(f"{int.from_bytes(unpacked, 'big'):0131072b}"[index])
