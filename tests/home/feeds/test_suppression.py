"""No hidden figure can be worked out: tried by solving the equations that a reader has."""

import random
from fractions import Fraction

import pytest

from home.feeds.suppression import SMALL, hidden_cells, published, with_totals


def solvable(full: list[list[int]], hidden: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Hidden cells that the sums of rows and columns give away, by elimination."""
    unknown = sorted(hidden)
    rows, columns = range(len(full)), range(len(full[0]))
    equations = []
    for line in [
        *([(r, c) for c in columns] for r in rows),
        *([(r, c) for r in rows] for c in columns),
    ]:
        last = line[-1]
        equation = [Fraction(0)] * len(unknown)
        for cell in line:
            if cell in hidden:
                equation[unknown.index(cell)] += -1 if cell == last else 1
        if any(equation):
            equations.append(equation)
    for place in range(len(unknown)):
        pivot = next(
            (e for e in equations if e[place] and not any(e[:place])),
            None,
        )
        if pivot is None:
            continue
        scale = pivot[place]
        pivot[:] = [value / scale for value in pivot]
        for other in equations:
            if other is not pivot and other[place]:
                factor = other[place]
                other[:] = [a - factor * b for a, b in zip(other, pivot, strict=True)]
    return {unknown[[bool(v) for v in e].index(True)] for e in equations if sum(map(bool, e)) == 1}


def test_figures_below_five_are_hidden_and_so_is_what_gives_them_away():
    assert published([[30, 2], [40, 20], [50, 60]]) == [
        [None, None, 32],
        [None, None, 60],
        [50, 60, 110],
        [120, 82, 202],
    ]


def test_table_without_small_figures_is_whole():
    assert hidden_cells(with_totals([[30, 20], [40, 20]])) == set()


def test_empty_table_is_empty():
    assert published([]) == []


def test_hidden_figures_of_one_line_are_not_small_together():
    full = with_totals([[1, 2, 30], [40, 50, 60], [70, 80, 90]])

    hidden = hidden_cells(full)

    assert sum(full[0][c] for c in range(3) if (0, c) in hidden) >= SMALL


@pytest.mark.parametrize("seed", range(150))
def test_nobody_can_solve_a_hidden_figure(seed: int):
    luck = random.Random(seed)
    rows, columns = luck.randint(1, 7), luck.randint(1, 4)
    highest = luck.choice([6, 12, 60])
    full = with_totals([[luck.randint(0, highest) for _ in range(columns)] for _ in range(rows)])

    hidden = hidden_cells(full)

    assert solvable(full, hidden) == set()
    shown = [
        value for r, row in enumerate(full) for c, value in enumerate(row) if (r, c) not in hidden
    ]
    assert [value for value in shown if value < SMALL] == []


def test_solver_of_this_test_finds_what_is_given_away():
    assert solvable(with_totals([[30, 2], [40, 20]]), {(0, 1)}) == {(0, 1)}
