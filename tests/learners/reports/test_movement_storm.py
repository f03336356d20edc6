"""Random histories: every movement balances, parts sum to the whole, names are as many as figures.

The figures are compared with a plain count made day by day, which knows nothing of how the report
finds them.
"""

from collections import Counter
from datetime import date, timedelta
from functools import partial
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learners.actions.reorganisations import apply_reorganisation
from learners.choices import ChangeKind, Status
from learners.models import OrganisationVersion, Post, ReportingPeriod
from learners.periods import MONTHS_OF, window_of
from learners.reports.counting import assess, basis_for, staff_kinds_of
from learners.reports.movement import Asked, Line, Movement, movement_of
from learners.reports.movement_lists import all_rows
from learners.reports.places import FixedPlaces, Places
from learners.tree import forget_trees, successors_on, tree_on
from tests.factories.reorganisations import document, line
from tests.factories.reports import person, recount, viewer, world
from tests.learners.test_storm import (
    FIRST,
    REFUSALS,
    TODAY,
    Sky,
    comes_apart,
    corrects,
    enters,
    leaves,
    merges,
    returns,
    takes_second_post,
    transfers,
    units_are_reorganised,
    units_come_back,
)

pytestmark = pytest.mark.django_db


def units_move(sky: Sky) -> None:
    here, there = (sky.one(OrganisationVersion.objects.on(TODAY)).code for _ in range(2))
    made = document(
        line(ChangeKind.REPARENT, here, to_parent_code=there),
        day=sky.day(),
        number=f"{sky.dice.randrange(10**9)}/QĐ",
    )
    apply_reorganisation(document=made, by=sky.minh)


DEEDS = {
    deed.__name__: deed
    for deed in (
        comes_apart,
        corrects,
        enters,
        leaves,
        merges,
        returns,
        takes_second_post,
        transfers,
        units_are_reorganised,
        units_come_back,
        units_move,
    )
}
OFTEN = sorted(DEEDS) + ["transfers", "leaves", "enters", "units_move"] * 2


@pytest.fixture
def province():
    found = world()
    for number in range(8):
        unit = found.units()[number % 7]
        person(f"Lê Văn {number}", unit, Status.NOTHING, staff_number=f"NA{number}")
    found.minh = viewer("minh", unit=found.province)
    found.lan = viewer("lan", unit=found.province)
    yield recount(found)
    forget_trees()


def blow(province, steps: list[tuple[str, int]]) -> Counter[str]:
    done: Counter[str] = Counter()
    for name, seed in steps:
        try:
            with transaction.atomic():
                DEEDS[name](Sky(province.minh, province.lan, None, Random(seed)))
        except REFUSALS:
            continue
        finally:
            forget_trees()
        done[name] += 1
    return done


# ------------------------------------------------------------------ the plain count


class Plainly:
    """Who counts in which units, looked up anew for each day."""

    def __init__(self, first: date, last: date) -> None:
        self.days = [first + timedelta(days=n) for n in range(-1, (last - first).days + 1)]
        self.kinds = staff_kinds_of(2026)
        self.tree = tree_on(last)
        everyone = OrganisationVersion.objects.values_list("organisation_id", flat=True)
        self.heirs = successors_on(set(everyone) - set(self.tree.nodes), last)
        self.posts = list(
            Post.objects.order_by("person_id", "-is_main", "valid_from", "pk").values_list(
                "person_id", "managing_unit_id", "staff_kind", "valid_from", "valid_to"
            )
        )
        self.held = {day: self._held_on(day) for day in self.days}

    def _held_on(self, day: date) -> dict[int, set[int]]:
        """By person, the units that hold him or her, in today's words."""
        tree, found = tree_on(day), {}
        for who, unit, kind, begins, ends in self.posts:
            if kind in self.kinds and begins <= day and (ends is None or ends >= day):
                line = [*tree.ancestors(unit), unit] if unit in tree else []
                found.setdefault(who, {self.heirs.get(one, one) for one in line})
        return found

    def told(self, unit: int | None) -> list[int]:
        def is_in(who: int, day: date) -> bool:
            held = self.held[day].get(who)
            return held is not None and (unit is None or unit in held)

        people = {who for held in self.held.values() for who in held}
        count: Counter[Line] = Counter()
        for who in people:
            count[Line.OPENING] += is_in(who, self.days[0])
            count[Line.CLOSING] += is_in(who, self.days[-1])
            for eve, day in zip(self.days, self.days[1:], strict=False):
                was, now = is_in(who, eve), is_in(who, day)
                if now and not was:
                    count[Line.CAME if who in self.held[eve] else Line.JOINED] += 1
                if was and not now:
                    count[Line.WENT if who in self.held[day] else Line.LEFT] += 1
        return [count[one] for one in Line]


def told(found: Movement) -> list[int]:
    return [found.whole.of[one] for one in Line]


def movement(unit: int | None, first: date, last: date, tree_day: date | None = None) -> Movement:
    eve = Asked.eve_of(first)
    places = Places(tree_on(last), eve, last)
    if tree_day is not None:
        places = FixedPlaces(tree_on(tree_day), places.units(), eve, last)
    return movement_of(Asked(places, unit, first, last, staff_kinds_of(2026)))


def assert_all_is_well(found: Movement) -> None:
    assert found.whole.balances
    assert all(figures.balances for figures in found.rows.values())
    assert found.adds_up
    for row in [None, *found.rows]:
        figures = found.whole if row is None else found.rows[row]
        for one in Line:
            assert len(list(all_rows(found, one, row))) == figures.of[one]


def windows() -> list[tuple[date, date]]:
    year = ReportingPeriod.objects.get(year=2026)
    found = [window_of(2026, year.starts_on, year.ends_on, part) for part in MONTHS_OF]
    return [(one.starts_on, one.cut_off(TODAY)) for one in found if one.starts_on <= TODAY]


steps = st.lists(st.tuples(st.sampled_from(OFTEN), st.integers(0, 10**6)), max_size=25)
few = partial(settings, suppress_health_check=[HealthCheck.function_scoped_fixture])


@few(max_examples=8)
@given(steps, st.integers(0, 10**6))
def test_every_movement_balances_and_parts_sum_to_the_whole(province, steps, pick):
    with transaction.atomic():
        blow(province, steps)
        first, last = windows()[pick % len(windows())]
        plain = Plainly(first, last)
        headcount = assess(basis_for(2026, first, last))
        tree = tree_on(last)
        for unit in [None, *tree.nodes]:
            found = movement(unit, first, last)
            assert_all_is_well(found)
            assert told(found) == plain.told(unit)
            below = None if unit is None else set(tree.subtree_ids(unit))
            counted = [
                one for one in headcount.values() if below is None or one.organisation_id in below
            ]
            assert found.whole.of[Line.CLOSING] == len(counted)
        transaction.set_rollback(True)
    forget_trees()


@few(max_examples=5)
@given(steps, st.integers(0, (TODAY - FIRST).days))
def test_by_any_one_tree_every_movement_balances(province, steps, days):
    tree_day = FIRST + timedelta(days=days)
    with transaction.atomic():
        blow(province, steps)
        for unit in [None, *tree_on(tree_day).nodes]:
            assert_all_is_well(movement(unit, date(2025, 12, 15), TODAY, tree_day))
        transaction.set_rollback(True)
    forget_trees()


def test_a_long_history_in_which_every_deed_is_done(province):
    dice = Random(2024)
    done = blow(province, [(dice.choice(OFTEN), dice.randrange(10**6)) for _ in range(160)])

    for first, last in windows()[:7]:
        plain = Plainly(first, last)
        for unit in [None, *tree_on(last).nodes]:
            found = movement(unit, first, last)
            assert_all_is_well(found)
            assert told(found) == plain.told(unit)

    assert set(done) == set(DEEDS)
