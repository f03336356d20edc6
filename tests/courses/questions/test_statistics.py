"""Figures worked out by hand, as a textbook of testing does."""

import pytest

from courses.questions import item_statistics


def marks(**questions: list[float]) -> list[dict[str, float]]:
    return [
        dict(zip(questions, given, strict=True)) for given in zip(*questions.values(), strict=True)
    ]


def test_difficulty_is_the_mean_share_of_the_mark():
    found = item_statistics(marks(a=[1, 0.5, 0, 0.5], b=[1, 1, 1, 1]))
    assert [(key, one.count, one.difficulty) for key, one in found.items()] == [
        ("a", 4, 0.5),
        ("b", 4, 1.0),
    ]


def test_discrimination_is_the_point_biserial_correlation_with_the_rest():
    # a: right 3 of 5, whose mean of b is 2/3 against 1/2; spread of b 0.49; √(0.6·0.4) = 0.49.
    found = item_statistics(marks(a=[1, 1, 1, 0, 0], b=[1, 1, 0, 0, 1]))
    assert found["a"].discrimination == pytest.approx(1 / 6)


def test_wrong_key_tells_the_better_apart_as_the_worse():
    found = item_statistics(marks(a=[0, 0, 1, 1], b=[1, 1, 0, 0], c=[1, 1, 0, 0]))
    assert found["a"].discrimination == pytest.approx(-1)


@pytest.mark.parametrize(
    "attempts",
    [
        marks(a=[1, 1, 1], b=[1, 0, 1]),
        marks(a=[1, 0, 1], b=[1, 1, 1]),
        marks(a=[1, 0, 1]),
        [{"a": 1.0, "b": 1.0}],
    ],
)
def test_nothing_is_told_apart_where_nothing_varies(attempts):
    assert item_statistics(attempts)["a"].discrimination is None


def test_quizzes_of_unequal_length_count_alike():
    short = [{"a": 1.0, "b": 1.0}, {"a": 0.0, "b": 0.0}]
    long = [{"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0}, {"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.0}]
    assert item_statistics(short + long)["a"].discrimination == pytest.approx(1)
