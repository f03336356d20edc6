"""Ornaments the background is composed of: waves, stars, lotuses. Pure geometry.

Each draws on the canvas it is given, in that canvas's present coordinates.
"""

import math
from collections.abc import Callable

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

PAPER = HexColor("#FFFDF7")
NAVY = HexColor("#16325F")
GOLD = HexColor("#B58B2E")
SOFT_GOLD = HexColor("#DCC58C")
PALE_GOLD = HexColor("#EFE4C6")
MIST = HexColor("#F3ECD9")
RED = HexColor("#B4231F")
STAR = HexColor("#F8CF45")

Curve = Callable[[float], tuple[float, float]]


def trace(canvas: Canvas, curve: Curve, pieces: int, start: float, end: float) -> None:
    """Stroke a curve as `pieces` cubic arcs that share its tangents: smooth, yet few bytes."""
    step = (end - start) / pieces
    nudge = step / 1000
    path = canvas.beginPath()
    path.moveTo(*curve(start))
    for index in range(pieces):
        here, there = start + index * step, start + (index + 1) * step
        (x0, y0), (x3, y3) = curve(here), curve(there)
        (xa, ya), (xb, yb) = curve(here + nudge), curve(there + nudge)
        third = step / 3 / nudge
        arc = (
            x0 + (xa - x0) * third, y0 + (ya - y0) * third,
            x3 - (xb - x3) * third, y3 - (yb - y3) * third, x3, y3,
        )  # fmt: skip
        path.curveTo(*(round(value, 2) for value in arc))
    canvas.drawPath(path)


def ring_wave(
    canvas: Canvas,
    x: float,
    y: float,
    *,
    inner: float,
    outer: float,
    waves: int,
    strands: int,
) -> None:
    """A guilloche ring: `strands` equal waves round a circle, each a little further on."""
    mean, swing = (inner + outer) / 2, (outer - inner) / 2
    for strand in range(strands):
        shift = 2 * math.pi * strand / strands

        def curve(turn: float, shift: float = shift) -> tuple[float, float]:
            radius = mean + swing * math.sin(waves * turn + shift)
            return x + radius * math.cos(turn), y + radius * math.sin(turn)

        trace(canvas, curve, waves * 4, 0, 2 * math.pi)


def star(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """A filled five-pointed star standing upright."""
    path = canvas.beginPath()
    for point in range(10):
        reach = radius if point % 2 == 0 else radius * 0.382
        turn = math.pi / 2 + point * math.pi / 5
        place = (x + reach * math.cos(turn), y + reach * math.sin(turn))
        path.moveTo(*place) if point == 0 else path.lineTo(*place)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def petal(canvas: Canvas, length: float, width: float, turn: float) -> None:
    """One lotus petal growing from the origin, `turn` degrees from upright."""
    canvas.saveState()
    canvas.rotate(turn)
    path = canvas.beginPath()
    path.moveTo(0, 0)
    path.curveTo(-width * 1.1, length * 0.36, -width * 0.5, length * 0.8, 0, length)
    path.curveTo(width * 0.5, length * 0.8, width * 1.1, length * 0.36, 0, 0)
    path.close()
    canvas.drawPath(path, stroke=1, fill=1)
    canvas.restoreState()


def lotus(canvas: Canvas, size: float) -> None:
    """An open lotus on the origin: pale outer petals, a golden heart."""
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.45)
    for colour, turns, length, width in (
        (PALE_GOLD, (74, -74), 0.84, 0.26),
        (SOFT_GOLD, (51, -51), 0.94, 0.29),
        (PALE_GOLD, (26, -26), 1.0, 0.30),
        (GOLD, (0,), 1.04, 0.30),
    ):
        canvas.setFillColor(colour)
        for turn in turns:
            petal(canvas, size * length, size * width, turn)


def tendril(canvas: Canvas) -> None:
    """A curl that leaves a corner medallion along the page's edge, with two leaves."""
    canvas.setStrokeColor(GOLD)
    canvas.setFillColor(SOFT_GOLD)
    canvas.setLineWidth(0.4)
    for x, y, length, turn in ((35, -25.2, 10, -62), (44, -28.6, 9, -104)):
        canvas.saveState()
        canvas.translate(x, y)
        petal(canvas, length, 2.4, turn)
        canvas.restoreState()
    canvas.setLineWidth(1)
    path = canvas.beginPath()
    path.moveTo(19, -13)
    path.curveTo(29, -30, 47, -33, 60, -26)
    path.curveTo(67, -21.5, 64, -14.5, 58.5, -16)
    path.curveTo(54, -17.5, 55.5, -23, 60, -21.5)
    canvas.drawPath(path)


def branch(canvas: Canvas, radius: float) -> None:
    """Half a garland round the origin, leafing from the foot up the right side."""
    for place in range(-72, 73, 16):
        turn = math.radians(place)
        for tilt in (-34, 34):
            canvas.saveState()
            canvas.translate(radius * math.cos(turn), radius * math.sin(turn))
            canvas.rotate(place + tilt)
            petal(canvas, 5.0, 1.5, 0)
            canvas.restoreState()
