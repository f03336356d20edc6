"""Every line of the history stays readable, and a ratio is compared only with its like."""

import json

import pytest

from tests.bench import history
from tests.bench.rows import BARE_PAGE, Floor, Measured

ROW = Measured("lesson", 3.0, "bare page", 10.0, database=1.0, queries=3)


@pytest.fixture
def lines(tmp_path, monkeypatch):
    place = tmp_path / "history.jsonl"
    monkeypatch.setattr(history, "HISTORY", place)

    def write(people, database, rows):
        with place.open("a") as file:
            file.write(json.dumps({"people": people, "database": database, "rows": rows}) + "\n")

    return write


def test_old_line_of_pages(lines):
    lines(70, "sqlite", {BARE_PAGE: [12.0, 13, 1.0], "lesson": [3.6, 3, 0.3]})
    assert history.last_ratios(70, "sqlite") == {
        (BARE_PAGE, "bare page"): 1.0,
        ("lesson", "bare page"): 0.3,
    }


def test_old_line_of_two_worlds_has_other_names(lines):
    rows = {"bare Wagtail page": [8.0, 2.0, 13], "both goals, province": [20.0, 5.0, 13]}
    lines(70, "postgresql", rows)
    assert history.last_ratios(70, "postgresql") == {
        (BARE_PAGE, "bare page"): 1.0,
        ("dashboard of the province", "bare page"): 2.5,
    }


def test_newest_ratio_of_each_row_in_a_world_of_its_size(lines):
    lines(70, "sqlite", {"lesson": [3.6, 3, 0.3], "catalogue": [1.0, 0, 0.1]})
    lines(70, "sqlite", {"lesson": [2.4, 3, 0.2]})
    lines(2200, "sqlite", {"lesson": [9.9, 3, 0.9]})
    assert history.last_ratios(70, "sqlite") == {
        ("lesson", "bare page"): 0.2,
        ("catalogue", "bare page"): 0.1,
    }


def test_what_is_remembered_is_found_again(lines):
    history.remember(70, "postgresql", [ROW])
    assert history.last_ratios(70, "postgresql") == {("lesson", "bare page"): 0.4}


@pytest.mark.parametrize(
    ("floor", "is_below"),
    [
        (None, False),
        (Floor(0.4), False),
        (Floor(0.39), True),
        (Floor(333, by_second=True), False),
        (Floor(334, by_second=True), True),
    ],
)
def test_floor(floor, is_below):
    row = Measured("lesson", 3.0, "bare page", 10.0, database=1.0, floor=floor)
    assert row.is_below_floor is is_below
