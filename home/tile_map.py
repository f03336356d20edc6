"""The communes as squares: geometry and shades, nothing that a template would have to count.

The same rows stand below the picture as a table, so picture and table cannot disagree.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from learners.reports.communes import Place
from learners.reports.completion import Counts, counts_of
from learners.reports.names import short_name
from learners.tree import Tree

SIDE = 30
GAP = 2
STEPS = (Decimal(50), Decimal(75), Decimal(90), Decimal(100))
"""Where one shade ends and the next begins: below the first is the palest."""


@dataclass(frozen=True)
class Tile:
    unit: int
    name: str
    counts: Counts
    is_highland: bool
    column: int
    row: int

    @cached_property
    def shade(self) -> int:
        """0 to 4; -1 when nobody is counted there."""
        share = self.counts.percent
        return -1 if share is None else sum(share >= step for step in STEPS)

    @property
    def shade_class(self) -> str:
        return "tile-none" if self.shade < 0 else f"tile-{self.shade}"

    @property
    def figure(self) -> str:
        """The whole per cent, rounded down as everywhere; a dash for nobody."""
        share = self.counts.percent
        return "–" if share is None else str(int(share))

    @property
    def x(self) -> str:
        return str(self.column * SIDE)

    @property
    def y(self) -> str:
        return str(self.row * SIDE)


@dataclass(frozen=True)
class TileMap:
    tiles: Sequence[Tile]
    """By share, the lowest first: the order of the table."""
    columns: int
    rows: int

    side = str(SIDE - GAP)
    middle = str((SIDE - GAP) / 2)

    @property
    def view_box(self) -> str:
        return f"0 0 {self.columns * SIDE} {self.rows * SIDE}"

    @property
    def shades(self) -> list[tuple[str, int]]:
        """How many tiles have each shade: the legend."""
        count = Counter(tile.shade_class for tile in self.tiles)
        names = ("tile-0", "tile-1", "tile-2", "tile-3", "tile-4", "tile-none")
        return [(name, count[name]) for name in names if name != "tile-none" or count[name]]


def tile_map(
    found: Sequence[Place], tree: Tree, by_unit: dict[int, Counter[str]]
) -> TileMap | None:
    """Each place with all units below it, moved to the upper left corner; None without any."""
    if not found:
        return None
    left, top = min(p.column for p in found), min(p.row for p in found)
    tiles = [
        Tile(
            place.unit,
            short_name(tree.name(place.unit)),
            counts_of(tree.subtree_ids(place.unit), by_unit),
            place.is_highland,
            place.column - left,
            place.row - top,
        )
        for place in found
    ]
    tiles.sort(key=lambda tile: (tile.counts.percent is None, tile.counts.percent or 0, tile.name))
    return TileMap(
        tiles, 1 + max(tile.column for tile in tiles), 1 + max(tile.row for tile in tiles)
    )
