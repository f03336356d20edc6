"""The zip itself: files, a manifest and checksums that any machine can verify."""

import json
import tempfile
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from courses.models import ClassGroup
from learners.evidence.facts import ClassFacts, facts_of
from learners.evidence.lists import lists_of
from learners.evidence.pieces import Piece, registered_parts
from learners.evidence.zips import add, chunks

FORMAT = "evidence-pack/1"


@dataclass(frozen=True)
class Made:
    """A finished pack, open at its beginning; closing the file removes it."""

    file: IO[bytes]
    sha256: str
    size: int
    pieces: int
    missing: int


@transaction.atomic
def make_pack(group: ClassGroup) -> Made:
    """The zip of a class. The same state gives the same bytes, whoever asks and whenever.

    In Vietnamese, in whatever language it was asked for. What the store has lost is named in
    the manifest rather than passed over.
    """
    with translation.override("vi"):
        facts = facts_of(group)
        pieces = [*lists_of(facts)]
        for part in registered_parts():
            pieces += part(group)
        return _written(facts, sorted(pieces, key=lambda piece: piece.path))


def _written(facts: ClassFacts, pieces: list[Piece]) -> Made:
    file = tempfile.TemporaryFile(suffix=".zip")  # noqa: SIM115 - whoever takes it closes it
    listed: list[dict[str, Any]] = []
    missing: list[dict[str, str]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for piece in pieces:
            try:
                content = piece.open()
            except FileNotFoundError:
                missing.append({"path": piece.path, "what": piece.what})
                continue
            with content:
                listed.append({"what": piece.what} | add(archive, piece.path, chunks(content)))
        context = {"facts": facts, "listed": listed, "missing": missing}
        readme = render_to_string("learners/evidence/readme.txt", context)
        readme_entry = add(archive, "README.txt", [readme.encode()])
        manifest = _manifest(facts, listed, missing)
        manifest_entry = add(archive, "manifest.json", [manifest])
        sums = "".join(
            f"{entry['sha256']}  {entry['path']}\n"
            for entry in [readme_entry, *listed, manifest_entry]
        )
        add(archive, "SHA256SUMS", [sums.encode()])
    size = file.tell()
    file.seek(0)
    digest = sha256()
    for chunk in chunks(file):
        digest.update(chunk)
    file.seek(0)
    return Made(file, digest.hexdigest(), size, len(listed), len(missing))


def _manifest(
    facts: ClassFacts, listed: list[dict[str, Any]], missing: list[dict[str, str]]
) -> bytes:
    group = facts.group
    told = {
        "format": FORMAT,
        "class": {
            "code": group.code,
            "title": group.title,
            "provider": group.provider.name,
            "topic": group.topic,
            "mode": group.mode,
            "hours": str(group.hours),
            "trainers": group.trainers,
            "venue": group.venue,
            "commune_code": group.commune_code,
            "starts_on": group.starts_on.isoformat(),
            "ends_on": group.ends_on.isoformat(),
            "sessions": [
                {"starts_at": s.starts_at.isoformat(), "ends_at": s.ends_at.isoformat()}
                for s in facts.sessions
            ],
        },
        "rule": {
            "completion_percent": group.completion_percent,
            "sessions_needed": facts.needed,
            "sessions_planned": len(facts.sessions),
        },
        "counts": counts_of(facts),
        "files": listed,
        "missing": missing,
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"


def counts_of(facts: ClassFacts) -> dict[str, int]:
    took_part = [member.participation for member in facts.members if member.participation]
    return {
        "people_listed": len(facts.members),
        "attendances": sum(row.revoked_at is None for row in facts.attendances),
        "participations": len(took_part),
        "completed": sum(row.completed for row in took_part),
    }
