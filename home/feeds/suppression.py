"""Hide small cells of a table with totals, so that nobody can work them out again.

First pass: every figure below five. Second pass: a hidden figure that its row or column would
give away takes another with it. A table with totals is read as a graph: rows and columns are
points, hidden cells are lines between them. A hidden cell can be computed exactly when its
line is a bridge of that graph, so no bridge may stay. Pure functions.
"""

from collections import defaultdict
from collections.abc import Sequence

SMALL = 5

Table = Sequence[Sequence[int]]
"""Without totals."""
Cell = tuple[int, int]


def with_totals(table: Table) -> list[list[int]]:
    """A last column and a last row with the sums."""
    rows = [[*row, sum(row)] for row in table]
    columns = zip(*rows, strict=True)
    return [*rows, [sum(column) for column in columns]] if rows else []


def published(table: Table) -> list[list[int | None]]:
    """The table with its totals; None where a figure is hidden."""
    full = with_totals(table)
    hidden = hidden_cells(full)
    return [
        [None if (row, column) in hidden else value for column, value in enumerate(values)]
        for row, values in enumerate(full)
    ]


def hidden_cells(full: Sequence[Sequence[int]]) -> set[Cell]:
    """What is hidden of a table with its totals, both passes together."""
    cells = {(r, c): value for r, row in enumerate(full) for c, value in enumerate(row)}
    hidden = {cell for cell, value in cells.items() if value < SMALL}
    while True:
        more = _small_sums(full, cells, hidden) or _bridge_cover(cells, hidden)
        if more is None:
            return hidden
        hidden.add(more)


def _small_sums(
    full: Sequence[Sequence[int]], cells: dict[Cell, int], hidden: set[Cell]
) -> Cell | None:
    """One more cell of a line whose hidden figures together are small: "two people in all" says
    too much of either. The total of a line counts against the others, so it is left out."""
    last_row, last_column = len(full) - 1, len(full[0]) - 1 if full else -1
    for line in _lines(cells):
        inner = [cell for cell in line if cell[0] != last_row and cell[1] != last_column]
        gone = [cell for cell in inner if cell in hidden]
        if gone and sum(cells[cell] for cell in gone) < SMALL:
            shown = [cell for cell in line if cell not in hidden]
            if shown:
                return min(shown, key=lambda cell: (cells[cell], cell))
    return None


def _lines(cells: dict[Cell, int]) -> list[list[Cell]]:
    rows: dict[int, list[Cell]] = defaultdict(list)
    columns: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        rows[cell[0]].append(cell)
        columns[cell[1]].append(cell)
    return [*rows.values(), *columns.values()]


def _bridge_cover(cells: dict[Cell, int], hidden: set[Cell]) -> Cell | None:
    """The cheapest shown cell that puts the first bridge onto a cycle; None without a bridge.

    When no single cell does, the cheapest that touches the bridge: the next round goes on.
    """
    for bridge in sorted(hidden):
        side = _reachable(bridge, hidden)
        if side is None:
            continue
        shown = [cell for cell in cells if cell not in hidden]
        across = [cell for cell in shown if (("r", cell[0]) in side) != (("c", cell[1]) in side)]
        joining = [cell for cell in across if _joins(cell, bridge, hidden, side)]
        choice = joining or across or shown
        if choice:
            return min(choice, key=lambda cell: (cells[cell], cell))
    return None


Point = tuple[str, int]


def _reachable(bridge: Cell, hidden: set[Cell]) -> set[Point] | None:
    """The points on the row's side of a hidden cell without crossing it; None if it is no
    bridge."""
    return_to = ("c", bridge[1])
    side = _component(("r", bridge[0]), hidden - {bridge})
    return None if return_to in side else side


def _joins(cell: Cell, bridge: Cell, hidden: set[Cell], side: set[Point]) -> bool:
    """Whether the cell leads from the row's side to the column's side of the bridge."""
    other = _component(("c", bridge[1]), hidden - {bridge})
    ends: tuple[Point, Point] = (("r", cell[0]), ("c", cell[1]))
    return any(end in side for end in ends) and any(end in other for end in ends)


def _component(start: Point, hidden: set[Cell]) -> set[Point]:
    beside: dict[Point, list[Point]] = defaultdict(list)
    for row, column in hidden:
        beside["r", row].append(("c", column))
        beside["c", column].append(("r", row))
    found, waiting = {start}, [start]
    while waiting:
        for point in beside[waiting.pop()]:
            if point not in found:
                found.add(point)
                waiting.append(point)
    return found
