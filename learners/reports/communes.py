"""Communes as places: which districts they came from, which lie high, where each is drawn.

The register holds no borders. A commune is drawn as a square near the middle of the district
it came from, so that the picture has the province's shape and says that it is no map.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from learners.choices import Level, SuccessionKind
from learners.models import Succession
from learners.tree import Tree

HIGHLAND_DISTRICTS = frozenset({"D415", "D416", "D417", "D418", "D420", "D422"})
"""Quế Phong, Quỳ Châu, Kỳ Sơn, Tương Dương, Quỳ Hợp, Con Cuông: the upland districts."""

MIDDLES: dict[str, tuple[float, float]] = {
    "D412": (105.68, 18.66),
    "D413": (105.73, 18.80),
    "D414": (105.43, 19.30),
    "D415": (104.88, 19.65),
    "D416": (105.10, 19.55),
    "D417": (104.12, 19.40),
    "D418": (104.52, 19.28),
    "D419": (105.48, 19.38),
    "D420": (105.20, 19.36),
    "D421": (105.66, 19.14),
    "D422": (104.86, 19.05),
    "D423": (105.22, 19.08),
    "D424": (105.02, 18.92),
    "D425": (105.60, 18.98),
    "D426": (105.45, 19.00),
    "D427": (105.30, 18.90),
    "D428": (105.30, 18.74),
    "D429": (105.62, 18.80),
    "D430": (105.50, 18.68),
    "D431": (105.60, 18.68),
    "D432": (105.74, 19.26),
}
"""Longitude and latitude of the middle of each former district, roughly."""

WEST, NORTH = 103.95, 19.75
CELLS_A_DEGREE = (9.4, 9.9)
"""Columns and rows for a degree: as many squares as the province has communes."""


@dataclass(frozen=True)
class Place:
    unit: int
    district: str
    """Code of the district that it was part of, or that it is."""
    column: int
    row: int

    @property
    def is_highland(self) -> bool:
        return self.district in HIGHLAND_DISTRICTS


def places(tree: Tree) -> list[Place]:
    """Every commune of the tree; of a tree that still has districts, the districts. One query.

    A commune that came from no known district stands with the first.
    """
    districts = [
        (node.code, node.id)
        for node in tree.nodes.values()
        if node.level == Level.DISTRICT and node.code in MIDDLES
    ]
    units = districts or _communes(tree)
    cells = _cells(tuple(sorted(code for code, _unit in units)))
    free = {code: list(found) for code, found in cells.items()}
    return [Place(unit, code, *free[code].pop(0)) for code, unit in units]


def _communes(tree: Tree) -> list[tuple[str, int]]:
    lines = Succession.objects.filter(
        kind=SuccessionKind.DISSOLVE_DISTRICT, effective_from__lte=tree.day
    ).values_list("predecessor__versions__code", "successor_id")
    district_of = {unit: code for code, unit in lines if code in MIDDLES}
    first = min(MIDDLES)
    communes = [node.id for node in tree.nodes.values() if node.is_commune]
    return sorted((district_of.get(unit, first), unit) for unit in communes)


@lru_cache(maxsize=8)
def _cells(codes: tuple[str, ...]) -> dict[str, list[tuple[int, int]]]:
    """As many squares for each district as it is named times, the nearest to its middle that
    are free. The districts take turns, so that none is pushed far away."""
    wanted = Counter(codes)
    taken: set[tuple[int, int]] = set()
    cells: dict[str, list[tuple[int, int]]] = {code: [] for code in wanted}
    while any(len(cells[code]) < number for code, number in wanted.items()):
        for code, number in wanted.items():
            if len(cells[code]) < number:
                cell = _nearest_free(code, taken)
                taken.add(cell)
                cells[code].append(cell)
    return {
        code: sorted(found, key=lambda cell: (cell[1], cell[0])) for code, found in cells.items()
    }


def _nearest_free(code: str, taken: set[tuple[int, int]]) -> tuple[int, int]:
    longitude, latitude = MIDDLES[code]
    x, y = (longitude - WEST) * CELLS_A_DEGREE[0], (NORTH - latitude) * CELLS_A_DEGREE[1]
    free = (
        (column, row) for column in range(20) for row in range(14) if (column, row) not in taken
    )
    return min(free, key=lambda cell: ((cell[0] - x) ** 2 + (cell[1] - y) ** 2, cell))
