"""Draw the paper's background, `completion.pdf`, from geometry alone.

Run it after changing anything here, and commit the result:

    python -m certificates.art.draw_background

The same script gives the same bytes (no clock, no chance). The page's content is
only `q /Bg Do Q`: the whole picture is one form, which the renderer copies as one
stream instead of parsing its operators again for every paper (3.4 times faster).

The star roundel is an ornament of our own; it copies no state emblem.
"""

import io
import math
from pathlib import Path

import pikepdf
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from certificates.art.ornaments import (
    GOLD,
    MIST,
    NAVY,
    PALE_GOLD,
    PAPER,
    RED,
    SOFT_GOLD,
    STAR,
    branch,
    lotus,
    ring_wave,
    star,
    tendril,
    trace,
)

TARGET = Path(__file__).with_name("completion.pdf")
WIDTH, HEIGHT = landscape(A4)
MIDDLE = WIDTH / 2

CORNER = 41.0  # from the edges to the middle of a corner medallion
BAND = (33.0, 49.0)  # the braided band lies between these distances from the edge


def corner(canvas: Canvas, x: float, y: float, turn: float) -> None:
    """A lotus medallion; unturned it is the bottom left one, looking to the page's middle."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(turn)
    tendril(canvas)
    canvas.saveState()
    canvas.rotate(90)
    canvas.scale(1, -1)
    tendril(canvas)
    canvas.restoreState()
    canvas.setFillColor(PAPER)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(1.3)
    canvas.circle(0, 0, 23, stroke=1, fill=1)
    canvas.setLineWidth(0.4)
    canvas.circle(0, 0, 20.6, stroke=1, fill=0)
    canvas.saveState()
    canvas.rotate(-45)
    canvas.translate(0, -9.5)
    lotus(canvas, 24)
    canvas.restoreState()
    canvas.restoreState()


def inset(canvas: Canvas, distance: float) -> None:
    """Stroke a rectangle `distance` from the page's edges."""
    canvas.rect(distance, distance, WIDTH - 2 * distance, HEIGHT - 2 * distance)


def braid(canvas: Canvas, length: float) -> None:
    """Three waves braided along the x axis from the origin; the last wave ends whole."""
    swing = (BAND[1] - BAND[0]) / 2 - 2.2
    waves = round(length / 22)
    for strand in range(3):
        shift = 2 * math.pi * strand / 3

        def curve(x: float, shift: float = shift) -> tuple[float, float]:
            return x, swing * math.sin(2 * math.pi * waves * x / length + shift)

        trace(canvas, curve, waves * 4, 0, length)


def frame(canvas: Canvas) -> None:
    """The navy border, its gold lines and the braided band on all four sides."""
    canvas.setStrokeColor(NAVY)
    canvas.setLineWidth(5)
    inset(canvas, 23)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.5)
    inset(canvas, 18)
    canvas.setLineWidth(1.1)
    inset(canvas, BAND[0] - 3.5)
    canvas.setLineWidth(0.45)
    inset(canvas, BAND[0] - 1)
    canvas.setLineWidth(0.8)
    inset(canvas, BAND[1] + 1)
    canvas.setStrokeColor(SOFT_GOLD)
    canvas.setLineWidth(0.55)
    near, clear = sum(BAND) / 2, CORNER + 18  # the medallions hide the open ends
    for x, y, turn, length in (
        (clear, near, 0, WIDTH - 2 * clear),
        (clear, HEIGHT - near, 0, WIDTH - 2 * clear),
        (near, clear, 90, HEIGHT - 2 * clear),
        (WIDTH - near, clear, 90, HEIGHT - 2 * clear),
    ):
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(turn)
        braid(canvas, length)
        canvas.restoreState()


def corners(canvas: Canvas) -> None:
    right, top = WIDTH - CORNER, HEIGHT - CORNER
    for x, y, turn in (
        (CORNER, CORNER, 0),
        (right, CORNER, 90),
        (right, top, 180),
        (CORNER, top, 270),
    ):
        corner(canvas, x, y, turn)


def rosette(canvas: Canvas, x: float, y: float) -> None:
    """The pale guilloche behind the text: three rings of waves, boldest at the rim."""
    canvas.setLineWidth(0.45)
    canvas.setStrokeColor(PALE_GOLD)
    ring_wave(canvas, x, y, inner=116, outer=156, waves=36, strands=4)
    canvas.setStrokeColor(MIST)
    ring_wave(canvas, x, y, inner=78, outer=122, waves=24, strands=4)
    ring_wave(canvas, x, y, inner=40, outer=84, waves=16, strands=4)


def roundel(canvas: Canvas, x: float, y: float) -> None:
    """A star on red within a garland of leaves."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setStrokeColor(GOLD)
    canvas.setFillColor(PAPER)
    canvas.setLineWidth(1.6)
    canvas.circle(0, 0, 29, stroke=1, fill=1)
    canvas.setLineWidth(0.5)
    canvas.circle(0, 0, 26.8, stroke=1, fill=0)
    canvas.setLineWidth(0.3)
    canvas.setFillColor(SOFT_GOLD)
    branch(canvas, 21.6)
    canvas.scale(-1, 1)
    branch(canvas, 21.6)
    canvas.setLineWidth(1)
    canvas.setFillColor(RED)
    canvas.circle(0, 0, 17, stroke=1, fill=1)
    canvas.setFillColor(STAR)
    star(canvas, 0, -0.4, 11.6)
    canvas.restoreState()


def divider(canvas: Canvas, y: float) -> None:
    """The flourish under the title: a star between two waves that thin out."""
    canvas.setStrokeColor(GOLD)
    canvas.setFillColor(GOLD)
    for side in (-1, 1):
        for lift, width in ((0.0, 1.0), (2.2, 0.4)):
            canvas.setLineWidth(width)
            path = canvas.beginPath()
            path.moveTo(MIDDLE + side * 15, y + lift * 0.2)
            path.curveTo(
                MIDDLE + side * 62, y + 6 + lift, MIDDLE + side * 96, y - 7 + lift * 2,
                MIDDLE + side * 152, y + lift * 0.2,
            )  # fmt: skip
            canvas.drawPath(path)
        canvas.circle(MIDDLE + side * 155, y, 1.3, stroke=0, fill=1)
    star(canvas, MIDDLE, y, 6)


def seal(canvas: Canvas, x: float, y: float) -> None:
    """The gold ornament at the foot; it stands for no office's seal."""
    canvas.setFillColor(PAPER)
    canvas.setStrokeColor(GOLD)
    canvas.circle(x, y, 33, stroke=0, fill=1)
    canvas.setLineWidth(0.5)
    ring_wave(canvas, x, y, inner=23, outer=33, waves=24, strands=4)
    for radius, width in ((22.4, 1.2), (20.2, 0.4)):
        canvas.setLineWidth(width)
        canvas.circle(x, y, radius, stroke=1, fill=1)
    canvas.saveState()
    canvas.translate(x, y - 8)
    lotus(canvas, 17)
    canvas.restoreState()


def draw() -> bytes:
    """The picture as an ordinary one-page PDF."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=0)
    canvas.setLineCap(1)
    canvas.setFillColor(PAPER)
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    rosette(canvas, MIDDLE, 284)
    frame(canvas)
    corners(canvas)
    roundel(canvas, MIDDLE, HEIGHT - 82)
    divider(canvas, HEIGHT - 197)
    seal(canvas, MIDDLE, 94)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def wrapped(picture: bytes) -> bytes:
    """The same picture, moved into one form that is all the page shows."""
    with pikepdf.open(io.BytesIO(picture)) as source, pikepdf.new() as result:
        operators = source.pages[0].Contents.read_bytes()
        # ReportLab opens every page by choosing Helvetica; the art writes no letter.
        operators = b"\n".join(line for line in operators.split(b"\n") if b" Tf " not in line)
        box = pikepdf.Array([0, 0, round(WIDTH, 2), round(HEIGHT, 2)])
        form = pikepdf.Stream(
            result, operators, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=box,
            Resources=pikepdf.Dictionary(),
        )  # fmt: skip
        page = result.add_blank_page(page_size=(round(WIDTH, 2), round(HEIGHT, 2)))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Bg=form))
        page.Contents = pikepdf.Stream(result, b"q /Bg Do Q")
        buffer = io.BytesIO()
        result.save(buffer, deterministic_id=True, compress_streams=True)
    return buffer.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(wrapped(draw()))
