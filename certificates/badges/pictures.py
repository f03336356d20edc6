"""The badge as a picture, drawn from the fonts of the papers, and the credential within it."""

import io
import math
import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from certificates.layout import BODY_FONT, STRONG_FONT

SIDE = 600
FINER = 2
"""Drawn so many times larger, then shrunk: smooth edges."""
PAPER, NAVY, GOLD, PALE_GOLD = "#FFFDF7", "#16325F", "#B58B2E", "#EFE4C6"
RED, STAR, INK = "#B4231F", "#F8CF45", "#16325F"
TITLE_BOX = (400, 196)
LARGEST, SMALLEST, MOST_LINES = 44, 17, 7
LEADING = 1.28
KEYWORD = b"openbadgecredential"
SIGNATURE = b"\x89PNG\r\n\x1a\n"

Font = ImageFont.FreeTypeFont


@lru_cache(maxsize=64)
def badge_picture(title: str, body: str, year: str) -> bytes:
    """The PNG of an achievement. The same bytes each time."""
    side = SIDE * FINER
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    _disc(draw, 298, NAVY)
    _disc(draw, 286, GOLD)
    _disc(draw, 282, PAPER)
    _wave(draw)
    _disc(draw, 236, PAPER, GOLD, 2)
    _disc(draw, 44, GOLD, middle=(300, 142))
    _disc(draw, 40, PAPER, middle=(300, 142))
    _disc(draw, 36, RED, middle=(300, 142))
    draw.polygon(_star(300, 142, 25), fill=STAR)
    _block(draw, title, STRONG_FONT, 298, TITLE_BOX, LARGEST)
    draw.line([_at(230, 412), _at(370, 412)], fill=GOLD, width=2 * FINER)
    _block(draw, body, BODY_FONT, 446, (310, 52), 19)
    _block(draw, year, STRONG_FONT, 492, (160, 26), 18)
    sink = io.BytesIO()
    small = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    # A palette holds these few colours and their edges at a third of the size.
    small.quantize(200, Image.Quantize.FASTOCTREE).save(sink, "PNG", optimize=True)
    return sink.getvalue()


def bake(png: bytes, credential: str) -> bytes:
    """The picture with the credential in it, as Open Badges 3.0 wants it: one uncompressed
    iTXt chunk, here right behind the header."""
    text = KEYWORD + b"\0\0\0\0\0" + credential.encode()
    checksum = zlib.crc32(b"iTXt" + text)
    chunk = struct.pack(">I", len(text)) + b"iTXt" + text + struct.pack(">I", checksum)
    end_of_header = len(SIGNATURE) + 25
    return png[:end_of_header] + chunk + png[end_of_header:]


def _at(x: float, y: float) -> tuple[float, float]:
    return x * FINER, y * FINER


def _disc(
    draw: ImageDraw.ImageDraw,
    radius: float,
    fill: str,
    outline: str | None = None,
    width: int = 0,
    middle: tuple[float, float] = (300, 300),
) -> None:
    x, y = middle
    box = [_at(x - radius, y - radius), _at(x + radius, y + radius)]
    draw.ellipse(box, fill=fill, outline=outline, width=width * FINER)


def _wave(draw: ImageDraw.ImageDraw) -> None:
    """The guilloche ring of the papers."""
    for strand in range(4):
        points = []
        for step in range(1441):
            turn = 2 * math.pi * step / 1440
            radius = 259 + 17 * math.sin(36 * turn + strand * math.pi / 2)
            points.append(_at(300 + radius * math.cos(turn), 300 + radius * math.sin(turn)))
        draw.line(points, fill=GOLD if strand % 2 else "#DCC58C", width=2 * FINER, joint="curve")


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """A five-pointed star, standing."""
    points = []
    for corner in range(10):
        turn = math.pi * (corner / 5 - 0.5)
        reach = radius if corner % 2 == 0 else radius * 0.382
        points.append(_at(x + reach * math.cos(turn), y + reach * math.sin(turn)))
    return points


def _block(
    draw: ImageDraw.ImageDraw,
    text: str,
    face: object,
    middle: float,
    box: tuple[int, int],
    largest: int,
) -> None:
    """Centred lines, as large as the box allows; what does not fit at the smallest is cut."""
    font, lines = _fitted(text, str(face), box, largest)
    step = font.size / FINER * LEADING
    top = middle - step * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        draw.text(_at(300, top + number * step), line, font=font, fill=INK, anchor="mm")


def _fitted(text: str, face: str, box: tuple[int, int], largest: int) -> tuple[Font, list[str]]:
    width, height = box
    smallest = min(SMALLEST, largest - 5)
    for size in range(largest, smallest - 1, -1):
        font = ImageFont.truetype(face, size * FINER, layout_engine=ImageFont.Layout.BASIC)
        lines = list(_lines(text, font, width * FINER))
        fits = all(font.getlength(line) <= width * FINER for line in lines)
        if fits and len(lines) <= MOST_LINES and len(lines) * size * LEADING <= height:
            return font, lines
    most = max(1, int(height / (smallest * LEADING)))
    kept = [_cut(line, font, width * FINER) for line in lines[:most]]
    if len(lines) > most:
        kept[-1] = _cut(f"{kept[-1]} …", font, width * FINER)
    return font, kept


def _lines(text: str, font: Font, width: float) -> Iterator[str]:
    """Broken between words, each line as full as the next one lets it be."""
    words = text.split()
    full = list(_greedy(words, font, width))
    if len(full) < 2:
        yield from full
        return
    # As many lines, but even: the narrowest width that needs no further one.
    narrow, wide = width / 2, width
    while wide - narrow > 8:
        tried = (narrow + wide) / 2
        even = list(_greedy(words, font, tried))
        if len(even) > len(full) or any(font.getlength(line) > tried for line in even):
            narrow = tried
        else:
            wide = tried
    yield from _greedy(words, font, wide)


def _greedy(words: list[str], font: Font, width: float) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > width:
            yield line
            line = word
        else:
            line = longer
    yield line


def _cut(line: str, font: Font, width: float) -> str:
    if font.getlength(line) <= width:
        return line
    bare = line.removesuffix("…").rstrip()
    while bare and font.getlength(bare + "…") > width:
        bare = bare[:-1].rstrip()
    return bare + "…"
