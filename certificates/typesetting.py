"""Measuring, fitting and refusing text before it is printed. Pure: no Django, no drawing.

The renderer would print a missing letter as nothing, a decomposed one wrongly and a long
one over the frame, each without complaint. So whatever passes here is known to be in the
font and to fit its slot; whatever does not raises Misfit, which says why.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFontFile

# Controls, format marks (bidi, zero width), surrogates, private and unassigned code points,
# and marks that NFC could not join to their letter: a reader sees none of them rightly.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Mc", "Me", "Zl", "Zp"})


# A line of Vietnamese breaks well before these words, and badly inside a compound.
CONNECTIVES = frozenset({"và", "cho", "trong", "của", "tại", "dành", "với", "theo", "để", "từ"})


class Fault(StrEnum):
    EMPTY = "empty"
    LETTER = "letter"
    LONG = "long"
    WIDE = "wide"


class Misfit(Exception):
    """A text that cannot be printed truthfully: which fault, and the letter at fault if any."""

    def __init__(self, fault: Fault, letter: str = "") -> None:
        super().__init__(fault, letter)
        self.fault = fault
        self.letter = letter
        self.field = ""  # whoever knows the slot's name fills it in


class Face:
    """Widths and coverage of one TrueType file, as the renderer itself will read them."""

    def __init__(self, path: Path) -> None:
        self._font = TTFontFile(str(path))

    def missing(self, text: str) -> str:
        """The first character the font cannot draw, or ""."""
        return next((letter for letter in text if ord(letter) not in self._font.charToGlyph), "")

    def width(self, text: str, size: float) -> float:
        """Points from the first pen position to the last. Exact: the renderer does not kern."""
        widths = self._font.charWidths
        return sum(widths[ord(letter)] for letter in text) * size / 1000

    def glyphs(self) -> dict[int, int]:
        """The glyph of each code point that the font can draw."""
        return {letter: at for letter, at in self._font.charToGlyph.items() if letter < 0xFFFF}

    def advance(self, letter: int) -> int:
        """What one letter takes, in thousandths of the size."""
        return int(self._font.charWidths[letter])


@lru_cache(maxsize=8)
def face(path: Path) -> Face:
    """The face of a font file, read once per process."""
    return Face(path)


@dataclass(frozen=True)
class Slot:
    """Room on the paper: the sizes are points, tried from the largest down.

    A slot with a `broken` size breaks into two lines, of that size at most, whatever would
    be smaller than it on one.
    """

    font: Path
    width: float
    largest: float
    smallest: float
    broken: float = 0.0
    longest: int = 300
    may_be_empty: bool = False


@dataclass(frozen=True)
class Fitted:
    """Text that is sure to be in its font and within its slot."""

    lines: tuple[str, ...]
    size: float

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def cleaned(text: str) -> str:
    """NFC, with runs of ordinary spaces made one and none at the ends.

    Only spaces are forgiven: a tab or line break is a control character like any other,
    left for `fit` to refuse, since it tells of a cell pasted wrongly.
    """
    spaced = "".join(
        " " if unicodedata.category(letter) == "Zs" else letter
        for letter in unicodedata.normalize("NFC", text)
    )
    return " ".join(word for word in spaced.split(" ") if word)


def fit(text: str, slot: Slot) -> Fitted:
    """The text at the largest size that fits its slot. Raises Misfit, never prints less."""
    text = cleaned(text)
    if not text:
        if slot.may_be_empty:
            return Fitted((), slot.largest)
        raise Misfit(Fault.EMPTY)
    if len(text) > slot.longest:
        raise Misfit(Fault.LONG)
    refuse_unprintable(text, slot.font)
    lines: tuple[str, ...] = (text,)
    size = min(slot.largest, _widest_size(lines, slot))
    if size < slot.broken:
        lines = _halves(text, slot)
        size = min(slot.broken, _widest_size(lines, slot))
    if size < slot.smallest:
        raise Misfit(Fault.WIDE)
    return Fitted(lines, size)


def refuse_unprintable(text: str, font: Path) -> None:
    """Raise Misfit for the first character that would print as nothing or as another."""
    for letter in text:
        if unicodedata.category(letter) in UNSEEN:
            raise Misfit(Fault.LETTER, letter)
    if letter := face(font).missing(text):
        raise Misfit(Fault.LETTER, letter)


def _widest_size(lines: Sequence[str], slot: Slot) -> float:
    """The size, in half points, at which every line still fits the width."""
    widest = max(face(slot.font).width(line, 1) for line in lines)
    return int(slot.width / widest * 2) / 2


def _halves(text: str, slot: Slot) -> tuple[str, ...]:
    """The text broken into two like lines, rather at the end of a phrase than inside one."""
    words = text.split(" ")
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    measure = face(slot.font).width

    def cost(two: tuple[str, str]) -> float:
        above, below = two
        phrase_ends = above[-1] in ",;:–" or below.split(" ", 1)[0].lower() in CONNECTIVES
        return max(measure(above, 1), measure(below, 1)) * (0.85 if phrase_ends else 1)

    return min(breaks, key=cost, default=(text,))


@dataclass(frozen=True)
class Block:
    """One block of a column: its height, and how much air it wants above it."""

    height: float
    air: float


def stack(blocks: Sequence[Block], top: float, bottom: float, loosest: float) -> list[float]:
    """Tops for the blocks of a column, the spare height shared in proportion to their air.

    No unit of air grows beyond `loosest` points, so that a short paper stays together; what
    is left then goes half above, half below. Raises Misfit when the blocks do not fit.
    """
    spare = bottom - top - sum(block.height for block in blocks)
    wanted = sum(block.air for block in blocks)
    if spare < 0:
        raise Misfit(Fault.WIDE)
    unit = min(loosest, spare / wanted) if wanted else 0.0
    place = top + (spare - unit * wanted) / 2
    tops = []
    for block in blocks:
        place += unit * block.air
        tops.append(place)
        place += block.height
    return tops
