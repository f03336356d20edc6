"""Finding the credential in what somebody hands in: a token, a document, or a picture."""

import json
import re
import struct
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from certificates.badges.keys import unb64
from certificates.badges.pictures import KEYWORD, SIGNATURE

LARGEST = 2 * 1024 * 1024
LARGEST_CREDENTIAL = 64 * 1024
SVG_NAME = "{https://purl.imsglobal.org/ob/v3p0}credential"
TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class NotABadge(Exception):
    """There is no credential in it, or none that can be read."""


def credential_in(content: bytes) -> str:
    """The credential's text: a token or JSON. Raises NotABadge."""
    if content.startswith(SIGNATURE):
        text = _in_png(content)
    elif content.lstrip().startswith((b"<?xml", b"<svg", b"<!")):
        text = _in_svg(content)
    else:
        text = content
    if len(text) > LARGEST_CREDENTIAL:
        raise NotABadge
    try:
        return text.decode().strip().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise NotABadge from error


def is_token(text: str) -> bool:
    return TOKEN.fullmatch(text) is not None


def token_parts(text: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, payload, what was signed, and the signature. Raises NotABadge."""
    signed, _dot, signature = text.rpartition(".")
    header, payload = signed.split(".")
    return (
        document_of(_decoded(header)),
        document_of(_decoded(payload)),
        signed.encode(),
        _decoded(signature),
    )


def document_of(text: str | bytes) -> dict[str, Any]:
    """A JSON object in which no name stands twice. Raises NotABadge."""
    try:
        found = json.loads(text, object_pairs_hook=_without_twins, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise NotABadge from error
    if not isinstance(found, dict):
        raise NotABadge
    return found


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _decoded(part: str) -> bytes:
    try:
        return unb64(part)
    except ValueError as error:
        raise NotABadge from error


def _in_png(content: bytes) -> bytes:
    """The text of the first iTXt chunk of badges. Compressed ones are not allowed for."""
    position = len(SIGNATURE)
    while position + 12 <= len(content):
        length, kind = struct.unpack(">I4s", content[position : position + 8])
        body = content[position + 8 : position + 8 + length]
        if kind == b"iTXt" and body.startswith(KEYWORD + b"\0\0"):
            parts = body[len(KEYWORD) + 3 :].split(b"\0", 2)
            if len(parts) == 3:
                return parts[2]
        position += 12 + length
    raise NotABadge


def _in_svg(content: bytes) -> bytes:
    try:
        found = ElementTree.fromstring(content).find(f".//{SVG_NAME}")
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotABadge from error
    if found is None:
        raise NotABadge
    return str(found.get("verify") or found.text or "").encode()
