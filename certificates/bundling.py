"""Papers put together on disk, part by part: what was drawn before a kill is not drawn again.

A zip holds one paper in memory at a time, a PDF fifty and the pages of the others. Pages share
their artwork and faces: 2 KB a paper.
"""

import io
import os
import re
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path

import pikepdf

from courses.text import fold

FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
"""Of every file in a zip: no clock shows, and equal papers give equal bytes."""
LONGEST_NAME = 60


@dataclass(frozen=True)
class Sheet:
    """One paper of a file: what it is called in a zip, and how its bytes are had."""

    name: str
    fingerprint: str
    draw: Callable[[], bytes]
    """Raises NotThere when the paper is to be left out."""
    serial: str = ""


class NotThere(Exception):
    """This paper does not go into a file."""


@dataclass(frozen=True)
class Part:
    """Some papers of a file, on disk, and the serials of those that were left out."""

    path: Path
    left_out: list[str]


def file_name(position: int, serial: str, full_name: str) -> str:
    """A name that any machine takes: plain letters, digits and dashes, in the list's order."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(full_name)).strip("-")[:LONGEST_NAME].strip("-")
    number = re.sub(r"[^A-Za-z0-9-]+", "-", serial)
    return "-".join(part for part in (f"{position:04d}", number, plain) if part) + ".pdf"


def part_of(folder: Path, form: str, sheets: Sequence[Sheet]) -> Part:
    """These papers as one part, drawn unless the part is there. Named by what is in it, and
    put in place whole, after the list of what it lacks: a part that exists is right."""
    said = "\n".join(f"{sheet.name} {sheet.fingerprint}" for sheet in sheets)
    part = folder / f"{sha256(said.encode()).hexdigest()}.{form}"
    lacks = part.with_suffix(".left-out")
    if not part.exists():
        left_out: list[str] = []
        drawn = _drawn(sheets, left_out)
        with _put_in_place(part) as draft:
            if form == "zip":
                _zip(draft, drawn)
            else:
                _merge(draft, (io.BytesIO(content) for _name, content in drawn))
            lacks.write_text("\n".join(left_out))
    return Part(part, lacks.read_text().split())


def _drawn(sheets: Iterable[Sheet], left_out: list[str]) -> Iterator[tuple[str, bytes]]:
    """Names and contents; the serials of those that are not there go into `left_out`."""
    for sheet in sheets:
        try:
            yield sheet.name, sheet.draw()
        except NotThere:
            left_out.append(sheet.serial)


def join(
    parts: Sequence[Path], target: Path, form: str, first: tuple[str, bytes] | None = None
) -> None:
    """The parts, in order, as one file; before them a page or a text of its own, by its name."""
    with _put_in_place(target) as draft:
        if form == "zip":
            _zip(draft, chain([first] if first else [], _entries(parts)))
        else:
            _merge(draft, [*([io.BytesIO(first[1])] if first else []), *parts])


@contextmanager
def _put_in_place(target: Path) -> Iterator[Path]:
    draft = target.with_name(f"{uuid.uuid4().hex}.draft")
    try:
        yield draft
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _entries(parts: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for part in parts:
        with zipfile.ZipFile(part) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)


def _zip(target: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Stored, not packed: a PDF is packed already."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, FIRST_MOMENT), content)


def _merge(target: Path, sources: Iterable[io.BytesIO | Path]) -> None:
    """All pages in order; the artwork and the faces they share are kept once."""
    with ExitStack() as held, pikepdf.new() as result:
        shared: dict[str, pikepdf.Object] = {}
        known: dict[tuple[int, int], pikepdf.Object] = {}
        for source in sources:
            result.pages.extend(held.enter_context(pikepdf.open(source)).pages)
        for page in result.pages:
            for kind in ("/XObject", "/Font"):
                used: pikepdf.Object = page.Resources.get(kind, pikepdf.Dictionary())
                for name in list(used.keys()):
                    place = used[name].objgen
                    if place not in known:
                        known[place] = shared.setdefault(_is_made_of(used[name]), used[name])
                    used[name] = known[place]
        result.save(target, deterministic_id=True)


def _is_made_of(thing: pikepdf.Object) -> str:
    """The same for two things that are the same all through, wherever their parts are kept."""
    if isinstance(thing, pikepdf.Stream):
        described = {name: value for name, value in thing.stream_dict.items() if name != "/Length"}
        parts = [_named(described), sha256(thing.read_raw_bytes()).hexdigest()]
    elif isinstance(thing, pikepdf.Dictionary):
        parts = [_named(dict(thing.items()))]
    elif isinstance(thing, pikepdf.Array):
        written = thing.unparse(resolved=True)
        leads_on = b" R" in written
        parts = [*map(_is_made_of, thing.as_list())] if leads_on else [repr(written)]
    else:
        parts = [repr(thing)]
    return sha256("\n".join(parts).encode()).hexdigest()


def _named(parts: dict[str, pikepdf.Object]) -> str:
    return "\n".join(f"{name} {_is_made_of(parts[name])}" for name in sorted(parts))
