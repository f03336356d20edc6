"""How a paper looks, whatever it says: artwork, colours, the lines that are printed. Pure."""

from dataclasses import dataclass
from pathlib import Path

from certificates.choices import Accent, Artwork

ART = Path(__file__).parent / "art"

PAPER_COLOUR = "#fffdf7"
# Text below this is not read by everybody: WCAG 2.2, 1.4.3.
ENOUGH_CONTRAST = 4.5


@dataclass(frozen=True)
class Look:
    """One appearance. The facts of a paper never depend on it, only their place and colour."""

    background: Path = ART / "completion.pdf"
    accent: str = "#16325f"  # headings and the course
    name_colour: str = "#a31f1b"
    heading_en: str = ""
    shows_birth_date: bool = True
    shows_unit: bool = True
    shows_result: bool = True
    shows_period: bool = True


LOTUS = Look()
SHIPPED = {Artwork.LOTUS: ART / "completion.pdf", Artwork.DRUM: ART / "drum.pdf"}
# Colours of the headings and of the name. Tested for contrast; add, never change: a paper that
# was issued in one of them would be drawn in another.
PALETTE = {
    Accent.NAVY: ("#16325f", "#a31f1b"),
    Accent.JADE: ("#0f5b52", "#8f1d1a"),
    Accent.CRIMSON: ("#8f1d1a", "#16325f"),
    Accent.PLUM: ("#5b2a5f", "#16325f"),
    Accent.BRONZE: ("#6b4a12", "#8f1d1a"),
    Accent.INK: ("#1c2740", "#1c2740"),
}
BODY_COLOUR = "#3b465a"


def luminance(colour: tuple[int, int, int]) -> float:
    """WCAG's relative luminance of a colour, 0 (black) to 1 (white)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """WCAG's contrast of two colours, 1 (none) to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def rgb(colour: str) -> tuple[int, int, int]:
    """The parts of "#rrggbb"."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
