"""The QR of a paper: what it leads to, and how it is dressed. Pure but for the library."""

from dataclasses import dataclass

import segno

LETTERS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
# Any of the eight masks is valid; choosing the best one costs six times the drawing.
MASK = 2
SCALE = 4
"""Dots a module of the picture on the paper."""


@dataclass(frozen=True)
class Dress:
    """Colours, modules of quiet around it, and the square in which it stands, in points."""

    ink: str
    ground: str
    border: int
    left: str
    top: str
    side: str


FIRST = Dress("#101828", "#fffdf7", 0, "84", "437", "78")
"""On papers drawn in full before there was stamping; kept so that they keep their bytes."""
BLACK = Dress("#000000", "#ffffff", 3, "75.93", "428.93", "94.14")
"""As large as before, with quiet around it. Printers in black and white put dots into any other
colour, and in a coarse print those dots hid the code."""


def qr_of(address: str) -> segno.QRCode:
    """The address, of capital letters and figures alone, as a code."""
    return segno.make(
        address, error="q", mode="alphanumeric", mask=MASK, micro=False, boost_error=False
    )


def as_data(code: segno.QRCode, dress: Dress) -> str:
    """The picture as PNG in a data address, small and crisp."""
    address: str = code.png_data_uri(
        scale=SCALE, border=dress.border, dark=dress.ink, light=dress.ground
    )
    return address


def as_rows(code: segno.QRCode, dress: Dress) -> tuple[bytes, ...]:
    """The same picture as rows of bits, set where there is ink: SCALE (4) dots of a module are
    one hex digit."""
    quiet = "0" * dress.border
    lines = [quiet + bytes(row).hex()[1::2].replace("1", "f") + quiet for row in code.matrix]
    empty = ["0" * len(lines[0])] * dress.border
    rows = [bytes.fromhex(line + "0" * (len(line) % 2)) for line in (*empty, *lines, *empty)]
    return tuple(row for row in rows for _dot in range(SCALE))
