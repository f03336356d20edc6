"""How well each question of a quiz did its work, from the marks that were given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import fmean


@dataclass(frozen=True)
class ItemStatistics:
    """`difficulty` is the mean part of the mark reached: 1 is a question that all get right.

    `discrimination` is the correlation of its marks with the mean of the rest of the quiz, −1 to
    1 (point-biserial where marks are all or nothing), None where either never varies. Below 0 the
    better answer it worse: look at the key.
    """

    count: int
    difficulty: float
    discrimination: float | None


def item_statistics(attempts: Iterable[Mapping[str, float]]) -> dict[str, ItemStatistics]:
    """For each question by its ref, from attempts as {ref: mark between 0 and 1}.

    The rest counts by its mean, so that quizzes of unequal length can be read together.
    """
    reached: dict[str, list[float]] = {}
    pairs: dict[str, list[tuple[float, float]]] = {}
    for marks in attempts:
        whole = sum(marks.values())
        for ref, mark in marks.items():
            reached.setdefault(ref, []).append(mark)
            if len(marks) > 1:
                pairs.setdefault(ref, []).append((mark, (whole - mark) / (len(marks) - 1)))
    return {
        ref: ItemStatistics(len(marks), fmean(marks), _correlation(pairs.get(ref, [])))
        for ref, marks in reached.items()
    }


def _correlation(pairs: list[tuple[float, float]]) -> float | None:
    if len(pairs) < 2:
        return None
    x_mean, y_mean = fmean(x for x, _y in pairs), fmean(y for _x, y in pairs)
    both = sum((x - x_mean) * (y - y_mean) for x, y in pairs)
    spread = sum((x - x_mean) ** 2 for x, _y in pairs) * sum((y - y_mean) ** 2 for _x, y in pairs)
    # What floating point leaves of a constant is no spread.
    return both / sqrt(spread) if spread > 1e-12 else None
