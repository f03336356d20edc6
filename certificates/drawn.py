"""What the renderer drew on a page, read back: words with their places, and all else as it is.

Pure: knows neither papers nor files. Reads what ReportLab writes and refuses what it does not
know, rather than guess.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pikepdf

PLACED = re.compile(r"/FormXob\.\w+")
"""How the renderer names a picture that it placed on a page."""
QR_NAME = "/Qr"
QR = b"/Qr Do"
"""How the one picture of a paper is called in what `pieces` returns."""


KNOWN = frozenset({"w", "cm", "re", "W", "n", "f*", "Do"})
"""Operators between words, besides those that the pen follows."""


class Unreadable(Exception):
    """The page holds what this module does not know."""


@dataclass(frozen=True)
class Run:
    """Words of one face, size and colour."""

    face: str
    font: str
    codes: bytes
    text: str
    size: float
    colour: tuple[float, ...]

    def followed_by(self, other: "Run") -> "Run | None":
        """The two as one, if they are dressed alike: the renderer begins a run at each "&"."""
        if (self.font, self.size, self.colour) != (other.font, other.size, other.colour):
            return None
        return replace(self, codes=self.codes + other.codes, text=self.text + other.text)


@dataclass(frozen=True)
class Row:
    """Runs one after another, where the pen stands before the first letter (points within the
    block they belong to), and how far below the next row would be."""

    runs: tuple[Run, ...]
    x: float
    y: float
    leading: float

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class _Pen:
    """The part of the graphics state that words depend on."""

    font: str = ""
    size: float = 0.0
    colour: tuple[float, ...] = (0.0, 0.0, 0.0)


class _Font:
    """One simple font of the page, as its own tables describe it."""

    def __init__(self, font: pikepdf.Object) -> None:
        self.face = face_name(font)
        table = font.ToUnicode.read_bytes()
        self._letters = {
            int(code, 16): chr(int(letter, 16))
            for code, letter in re.findall(rb"<(\w\w)> <(\w{4})>", table.partition(b"bfchar")[2])
        }
        first = int(font.FirstChar)
        self._widths = {first + at: int(width) for at, width in enumerate(font.Widths)}

    def text(self, codes: bytes) -> str:
        return "".join(self._letters[code] for code in codes)

    def width(self, codes: bytes) -> float:
        return sum(self._widths[code] for code in codes) / 1000


def face_name(font: pikepdf.Object) -> str:
    """The name of the face itself, without the mark of a subset."""
    return str(font.BaseFont).removeprefix("/").partition("+")[2]


def pieces(page: pikepdf.Page) -> list[Row | bytes]:
    """The page's content in its order: each row of words, and between them the operators as they
    stand. Raises Unreadable."""
    found: list[Row | bytes] = []
    try:
        for piece in _Reader(page).read():
            before = found[-1] if found else b""
            if isinstance(piece, Row) and isinstance(before, Row) and piece.y == before.y:
                found[-1] = _longer(before, piece.runs[0])
            else:
                found.append(piece)
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise Unreadable from error
    return found


def _longer(row: Row, run: Run) -> Row:
    *before, last = row.runs
    joined = last.followed_by(run)
    return replace(row, runs=(*before, joined) if joined else (*row.runs, run))


class _Reader:
    def __init__(self, page: pikepdf.Page) -> None:
        self._page = page
        self._fonts = {name: _Font(font) for name, font in page.Resources.Font.items()}
        self._pen, self._kept = _Pen(), list[_Pen]()
        self._x = self._y = self._line = self._leading = 0.0
        self._in_words = False

    def read(self) -> Iterator[Row | bytes]:
        """Each run as a row of its own, and each operator."""
        for step in pikepdf.parse_content_stream(self._page):
            operator = str(step.operator)
            if operator == "Tj":
                yield from self._words(bytes(step.operands[0]))
            elif not self._moves(operator, step.operands):
                is_picture = operator == "Do" and PLACED.fullmatch(str(step.operands[0]))
                yield QR if is_picture else pikepdf.unparse_content_stream([step])

    def _words(self, codes: bytes) -> Iterator[Row]:
        pen, font = self._pen, self._fonts[self._pen.font]
        if codes:
            run = Run(font.face, pen.font, codes, font.text(codes), pen.size, pen.colour)
            yield Row((run,), self._x, self._y, self._leading)
        self._x += font.width(codes) * pen.size

    def _moves(self, operator: str, values: Any) -> bool:
        """Follow the pen; whether that is all that the operator does."""
        if operator in ("q", "Q", "rg"):
            self._keeps(operator, values)
            return self._in_words
        if operator in ("BT", "ET"):
            self._in_words = operator == "BT"
        elif operator == "Tm":
            if [float(value) for value in values[:4]] != [1, 0, 0, 1]:
                raise Unreadable(operator)
            self._x, self._y = float(values[4]), float(values[5])
            self._line = self._x
        elif operator == "Td":
            self._line += float(values[0])
            self._x, self._y = self._line, self._y + float(values[1])
        elif operator == "T*":
            self._x, self._y = self._line, self._y - self._leading
        elif operator == "TL":
            self._leading = float(values[0])
        elif operator == "Tf":
            self._pen = _Pen(str(values[0]), float(values[1]), self._pen.colour)
        elif self._in_words or operator not in KNOWN:
            raise Unreadable(operator)
        else:
            # Nothing is stroked, so the width of a stroke says nothing.
            return operator == "w"
        return True

    def _keeps(self, operator: str, values: Any) -> None:
        if operator == "q":
            self._kept.append(self._pen)
        elif operator == "Q":
            self._pen = self._kept.pop()
        else:
            colour = tuple(float(value) for value in values)
            self._pen = _Pen(self._pen.font, self._pen.size, colour)
