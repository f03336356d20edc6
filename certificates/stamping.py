"""Many papers from one page: the renderer lays a page out once, then only words and QR are written.

`certificates.pdf` stays the measure. It draws the page with marks in the place of what is one
person's; where each mark came to stand is read back from what it drew, so no place is known
twice. A stamped paper shows the same words in the same order, faces, sizes, colours and places,
on the same artwork; whatever cannot be shown to be equal is Unstampable, and drawn in full.
"""

import io
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

import pikepdf
import segno

from certificates.assembling import Mould, Picture
from certificates.drawn import PLACED, QR, QR_NAME, Row, Run, Unreadable, face_name, pieces
from certificates.faces import embed
from certificates.layout import FACES, Paper
from certificates.looks import LOTUS, Look, rgb
from certificates.pdf import (
    arranged_or_refused,
    code_or_refused,
    draw_page,
    metadata,
    refuse_missing_assets,
    render_paper,
)
from certificates.qr import BLACK, as_rows
from certificates.typesetting import face

logger = logging.getLogger(__name__)

MARK = "`"
"""On both sides of a field's name on a page with marks. Where shared words hold it, no stamping."""
OWN_LINES = ("full_name", "unit", "result", "serial", "code")
OWN_DAYS = ("birth_date", "started_on", "completed_on", "issued_on")
OWN = {*OWN_LINES, *OWN_DAYS}
FILES = {path.stem: path for path in FACES}
NEAR = 0.001
"""Points by which two places may differ: the renderer rounds no finer."""
PAGES_KEPT = 64
"""Of some 100 KB each in a process: enough for the shapes of several classes."""
DRESS = attrgetter("face", "text", "size", "colour")
Marked = tuple[tuple[str, Any], ...]


class Unstampable(Exception):
    """The paper has to be drawn in full."""


@dataclass(frozen=True)
class Line:
    """A row with something of one person in it, as it stands on the page with marks."""

    row: Row
    middle: float | None
    """Where a centred row has its middle; one that is set from the left begins where it begins."""

    @classmethod
    def of(cls, row: Row) -> "Line":
        if row.x == 0:
            return cls(row, None)
        return cls(row, row.x + _width(row.runs) / 2)

    def filled(self, values: Mapping[str, str]) -> Row:
        """The row with these values. Raises Unstampable when it would leave its box."""
        runs = tuple(replace(run, text=_filled(run.text, values)) for run in self.row.runs)
        if self.middle is None:
            return replace(self.row, runs=runs)
        x = self.middle - _width(runs) / 2
        if x < 0:
            raise Unstampable(self.row)
        return replace(self.row, runs=runs, x=x)


def _width(runs: Iterable[Run]) -> float:
    return sum(face(FILES[run.face]).width(run.text, run.size) for run in runs)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """By turns what stays, and the name of what is put in."""
    parts = text.split(MARK)
    return "".join(values[part] if at % 2 else part for at, part in enumerate(parts))


def stamp(paper: Paper, look: Look = LOTUS, *, prove: bool = False) -> bytes:
    """The paper as PDF: equal papers of one look give equal bytes, in every process.

    Some 1 ms of CPU once a page of this shape is kept, before that the time of drawing one. With
    `prove` the first paper of each shape is drawn in full as well and compared. Raises Unprintable
    for whatever `render_paper` refuses, and Unstampable.
    """
    refuse_missing_assets(look)
    facts, code = arranged_or_refused(paper, look), code_or_refused(paper)
    values = _own(facts)
    about = metadata(paper)
    page = _page(_marked(facts), about["author"])
    if prove and not page.is_proved:
        page.prove(values, render_paper(paper, look))
    return page.filled(values, _picture(code), about["title"])


def _own(facts: Mapping[str, Any]) -> dict[str, str]:
    """What is one person's, by the name of its mark: a field's name, and a line's number."""
    lines = {
        f"{name}_{at}": line for name in OWN_LINES for at, line in enumerate(facts[name]["lines"])
    }
    return lines | {name: facts[name] for name in OWN_DAYS if facts[name]}


def _marked(facts: Mapping[str, Any]) -> Marked:
    """The facts with marks for what is one person's. Raises Unstampable when others hold one."""
    marked = dict(facts)
    for name in OWN_LINES:
        count = len(facts[name]["lines"])
        marks = tuple(f"{MARK}{name}_{at}{MARK}" for at in range(count))
        marked[name] = facts[name] | {"lines": marks, "text": " ".join(marks)}
    for name in OWN_DAYS:
        marked[name] = f"{MARK}{name}{MARK}" if facts[name] else facts[name]
    if facts["started_on"] == facts["completed_on"]:
        marked["started_on"] = marked["completed_on"]
    shared = [value for name, value in facts.items() if name not in OWN]
    if MARK in repr(shared):
        raise Unstampable(MARK)
    return tuple(
        (name, tuple(value.items()) if isinstance(value, dict) else value)
        for name, value in marked.items()
    )


@lru_cache(maxsize=PAGES_KEPT)
def _page(marked: Marked, author: str) -> "MarkedPage":
    """The page of a shape, laid out once a process. Raises Unstampable."""
    facts: dict[str, Any] = {
        name: dict(value) if isinstance(value, tuple) else value for name, value in marked
    }
    about = {"title": "", "author": author}
    try:
        return MarkedPage(draw_page(facts, facts["look"], segno.make("0"), about))
    except Unreadable as error:
        logger.exception("a page with marks cannot be read")
        raise Unstampable from error


class MarkedPage:
    """One page as the renderer drew it, without the words of one person."""

    def __init__(self, drawn: bytes) -> None:
        self.is_proved = False
        with pikepdf.open(io.BytesIO(drawn)) as pdf:
            page = pdf.pages[0]
            self._pieces = [
                Line.of(piece) if isinstance(piece, Row) and MARK in piece.text else piece
                for piece in pieces(page)
            ]
            if QR not in self._pieces:
                raise Unstampable(QR)
            fonts = page.Resources.Font
            lines = [one for one in self._pieces if isinstance(one, Line)]
            self._whole = frozenset(run.font for line in lines for run in line.row.runs)
            for name in sorted(self._whole):  # as they are numbered, in every process
                fonts[name] = embed(pdf, fonts[name], FILES[face_name(fonts[name])])
            self._ready = list(
                _joined(
                    self._written(piece) if isinstance(piece, Row) else piece
                    for piece in self._pieces
                )
            )
            shown = page.Resources.XObject
            for name in list(shown.keys()):
                if PLACED.fullmatch(name):
                    del shown[name]
            self._mould = Mould(pdf, QR_NAME)

    def filled(self, values: Mapping[str, str], qr: Picture, title: str) -> bytes:
        """The paper of one person. Raises Unstampable."""
        content = b"".join(
            self._written(piece.filled(values)) if isinstance(piece, Line) else piece
            for piece in self._ready
        )
        return self._mould.filled(content, qr, title)

    def prove(self, values: Mapping[str, str], drawn: bytes) -> None:
        """Hold the page, filled, against the same paper drawn in full. Raises Unstampable."""
        with pikepdf.open(io.BytesIO(drawn)) as pdf:
            measure = pieces(pdf.pages[0])
        mine = [one.filled(values) if isinstance(one, Line) else one for one in self._pieces]
        if len(mine) != len(measure) or not all(map(_is_equal, mine, measure)):
            logger.error("a stamped paper would differ from one drawn in full")
            raise Unstampable
        self.is_proved = True

    def _written(self, row: Row) -> bytes:
        """The operators for a row, in the renderer's order: some programs read words by it."""
        place = _number(row.y), _number(row.x), _number(row.leading)
        begin = b"BT 1 0 0 1 0 %s Tm %s 0 Td %s TL" % place
        return b" ".join((begin, *(self._dressed(run) for run in row.runs), b"T* ET\n"))

    def _dressed(self, run: Run) -> bytes:
        """In a whole face as UTF-16, in a subset by its codes."""
        codes = run.text.encode("utf-16-be") if run.font in self._whole else run.codes
        return b"%s rg %s %s Tf <%s> Tj" % (
            b" ".join(_number(part) for part in run.colour),
            run.font.encode(),
            _number(run.size),
            codes.hex().encode(),
        )


def _joined(ready: Iterable[Line | bytes]) -> Iterator[Line | bytes]:
    """The same, what stays between two lines in one piece."""
    for is_line, together in groupby(ready, lambda one: isinstance(one, Line)):
        if is_line:
            yield from together
        else:
            yield b"".join(b"%s\n" % one for one in together)


def _is_equal(mine: Row | bytes, measure: Row | bytes) -> bool:
    """The same operator, or the same words in the same dress at the same place."""
    if isinstance(mine, bytes) or isinstance(measure, bytes):
        return mine == measure
    near = abs(mine.x - measure.x) < NEAR and abs(mine.y - measure.y) < NEAR
    return near and [*map(DRESS, mine.runs)] == [*map(DRESS, measure.runs)]


def _number(value: float) -> bytes:
    return (f"{value:.4f}".rstrip("0").rstrip(".") or "0").encode()


def _picture(code: segno.QRCode) -> Picture:
    """The code as the renderer would show it."""
    rows = as_rows(code, BLACK)
    return Picture(len(rows), rows, bytes((*rgb(BLACK.ground), *rgb(BLACK.ink))))
