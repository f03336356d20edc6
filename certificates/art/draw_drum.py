"""Draw the second background, `drum.pdf`, from geometry alone: a bronze drum's face and waves.

    python -m certificates.art.draw_drum

As with the first one: the same script gives the same bytes, and the page is one form.
The rings, rays and birds are drawn after the common ornaments of Đông Sơn drums; they
copy no single piece.
"""

import io
import math
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from certificates.art.draw_background import HEIGHT, MIDDLE, WIDTH, divider, roundel, wrapped
from certificates.art.ornaments import GOLD, PAPER, SOFT_GOLD, trace

TARGET = Path(__file__).with_name("drum.pdf")

JADE = HexColor("#0F5B52")
PALE_JADE = HexColor("#E8F0EA")
FAINT = HexColor("#F4EFE2")
NOTCH = 26.0


def notched(canvas: Canvas, inset: float, notch: float) -> None:
    """A rectangle whose corners step inwards, `inset` from the page's edges."""
    left, right, low, high = inset, WIDTH - inset, inset, HEIGHT - inset
    path = canvas.beginPath()
    path.moveTo(left + notch, low)
    for x, y in (
        (right - notch, low), (right - notch, low + notch), (right, low + notch),
        (right, high - notch), (right - notch, high - notch), (right - notch, high),
        (left + notch, high), (left + notch, high - notch), (left, high - notch),
        (left, low + notch), (left + notch, low + notch),
    ):  # fmt: skip
        path.lineTo(x, y)
    path.close()
    canvas.drawPath(path)


def rays(canvas: Canvas, inner: float, outer: float, count: int, share: float) -> None:
    """Rays of a sun round the origin; `share` of each step is the ray's foot."""
    half = math.pi / count * share
    path = canvas.beginPath()
    for index in range(count):
        turn = 2 * math.pi * index / count + math.pi / 2
        path.moveTo(inner * math.cos(turn - half), inner * math.sin(turn - half))
        path.lineTo(outer * math.cos(turn), outer * math.sin(turn))
        path.lineTo(inner * math.cos(turn + half), inner * math.sin(turn + half))
        path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def bird(canvas: Canvas, size: float) -> None:
    """A flying heron seen from the side: long beak, swept wing, forked tail."""
    path = canvas.beginPath()
    path.moveTo(0, 0.2)
    for arc in (
        (0.14, 0.34, 0.26, 0.3, 0.34, 0.22), (0.44, 0.26, 0.56, 0.34, 0.72, 0.68),
        (0.78, 0.46, 0.76, 0.3, 0.7, 0.2), (0.86, 0.2, 1.0, 0.18, 1.2, 0.3),
        (1.12, 0.2, 1.1, 0.12, 1.16, 0.0), (0.96, 0.1, 0.8, 0.08, 0.62, 0.08),
        (0.44, 0.04, 0.3, 0.12, 0.22, 0.2), (0.14, 0.22, 0.06, 0.2, -0.22, 0.13),
    ):  # fmt: skip
        path.curveTo(*(value * size for value in arc))
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def ring(canvas: Canvas, radius: float, count: int, dot: float) -> None:
    """A ring of small circles with a point in each, as on the drums."""
    for index in range(count):
        turn = 2 * math.pi * index / count
        x, y = radius * math.cos(turn), radius * math.sin(turn)
        canvas.circle(x, y, dot, stroke=1, fill=0)
        canvas.circle(x, y, dot * 0.3, stroke=0, fill=1)


def drum(canvas: Canvas, x: float, y: float) -> None:
    """The face of the drum, so pale that text reads over it."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setFillColor(FAINT)
    canvas.setStrokeColor(FAINT)
    canvas.setLineWidth(0.7)
    canvas.circle(0, 0, 17, stroke=0, fill=1)
    rays(canvas, 16, 46, 14, 0.62)
    for radius in (49, 52, 66, 69, 104, 107, 124, 127, 146, 150):
        canvas.circle(0, 0, radius, stroke=1, fill=0)
    ring(canvas, 59, 40, 3.6)
    ring(canvas, 115.5, 70, 4.2)
    canvas.setFillColor(PALE_JADE)
    for index in range(14):
        canvas.saveState()
        canvas.rotate(360 / 14 * index)
        canvas.translate(-11, 79)
        bird(canvas, 23)
        canvas.restoreState()
    canvas.setFillColor(FAINT)
    canvas.saveState()
    for index in range(84):
        canvas.saveState()
        canvas.rotate(360 / 84 * index)
        path = canvas.beginPath()
        path.moveTo(-4, 130)
        path.lineTo(0, 143)
        path.lineTo(4, 130)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.restoreState()
    canvas.restoreState()
    canvas.restoreState()


def waves(canvas: Canvas, base: float, upside_down: bool) -> None:
    """Scales of water along the lower (or upper) edge, between the frames."""
    canvas.saveState()
    if upside_down:
        canvas.translate(0, HEIGHT)
        canvas.scale(1, -1)
    canvas.setStrokeColor(SOFT_GOLD)
    canvas.setLineWidth(0.55)
    left, right = 32 + NOTCH, WIDTH - 32 - NOTCH
    count = round((right - left) / 18)
    step = (right - left) / count
    for index in range(count):
        middle = left + step * (index + 0.5)
        for radius in (step / 2, step / 3.2, step / 7):

            def scale(
                turn: float, middle: float = middle, radius: float = radius
            ) -> tuple[float, float]:
                return middle + radius * math.cos(turn), base + radius * math.sin(turn)

            trace(canvas, scale, 2, 0, math.pi)
    canvas.restoreState()


def corner_sun(canvas: Canvas, x: float, y: float) -> None:
    """The small sun that stands in each notch."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setFillColor(GOLD)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.6)
    canvas.circle(0, 0, 3, stroke=0, fill=1)
    rays(canvas, 3, 8.2, 12, 0.6)
    canvas.circle(0, 0, 10, stroke=1, fill=0)
    canvas.restoreState()


def frame(canvas: Canvas) -> None:
    canvas.setLineJoin(0)
    canvas.setStrokeColor(JADE)
    canvas.setLineWidth(4)
    notched(canvas, 24, NOTCH)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.9)
    notched(canvas, 29.5, NOTCH)
    canvas.setLineWidth(0.5)
    notched(canvas, 44, NOTCH)
    waves(canvas, 31, upside_down=False)
    waves(canvas, 31, upside_down=True)
    canvas.setStrokeColor(SOFT_GOLD)
    canvas.setLineWidth(0.55)
    low, high = 30 + NOTCH, HEIGHT - 30 - NOTCH
    count = round((high - low) / 11)
    step = (high - low) / count
    for edge in (36.75, WIDTH - 36.75):  # keys of a meander up both sides
        path = canvas.beginPath()
        for index in range(count):
            y = low + step * index
            path.moveTo(edge - 4, y + 1)
            for x, rise in ((-4, 9), (4, 9), (4, 3), (-0.8, 3), (-0.8, 6), (1.6, 6)):
                path.lineTo(edge + x, y + rise / 11 * step)
        canvas.drawPath(path)
    for x in (34.5, WIDTH - 34.5):
        for y in (34.5, HEIGHT - 34.5):
            corner_sun(canvas, x, y)


def foot(canvas: Canvas, x: float, y: float) -> None:
    """A small drum in gold at the foot; it stands for no office's seal."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setFillColor(PAPER)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(1.1)
    canvas.circle(0, 0, 31, stroke=1, fill=1)
    canvas.setLineWidth(0.4)
    for radius in (29, 23, 21.4):
        canvas.circle(0, 0, radius, stroke=1, fill=0)
    canvas.setFillColor(GOLD)
    ring(canvas, 26, 36, 1.7)
    canvas.circle(0, 0, 6, stroke=0, fill=1)
    rays(canvas, 5.6, 18.5, 14, 0.62)
    canvas.restoreState()


def draw() -> bytes:
    """The picture as an ordinary one-page PDF."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=landscape(A4), invariant=1, pageCompression=0)
    canvas.setFillColor(PAPER)
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    drum(canvas, MIDDLE, 284)
    frame(canvas)
    roundel(canvas, MIDDLE, HEIGHT - 82)
    divider(canvas, HEIGHT - 197)
    foot(canvas, MIDDLE, 92)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(wrapped(draw()))
