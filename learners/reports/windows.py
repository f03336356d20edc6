"""Goal 1 for a part of a year, or for a year of the other calendar: counted from the facts.

Two figures stand side by side. Since the year's beginning: who of the staff on the window's last
day was reached by then. In the window: those of them whose first counted evidence of the year
lies in it. So the windows of a year add up to the year, and nobody is new twice.

Nothing is kept: 60,000 people take about a second. A place with more than AT_ONCE people is
counted by a job.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from learners.choices import Status
from learners.models import Person, Post, ReportingPeriod, Standing
from learners.periods import Window
from learners.reports.completion import Counts, Units
from learners.reports.counting import Assessment, assess, basis_for

IN_WINDOW = "in_window"
"""Among the words of GROUPS, for parts of a year alone: reached, and not before the window."""
AT_ONCE = 100_000
"""People counted while somebody waits for a page."""


@dataclass(frozen=True)
class WindowPeople:
    """Everybody of the denominator on the window's last day, with where they stand by then."""

    window: Window
    found: dict[int, Assessment]

    @cached_property
    def by_unit(self) -> dict[int, Counter[str]]:
        """As `completion.counts_by_unit`, with IN_WINDOW beside the statuses."""
        units: dict[int, Counter[str]] = {}
        for one in self.found.values():
            units.setdefault(one.organisation_id, Counter()).update(self._words(one))
        return units

    @cached_property
    def counts(self) -> Counts:
        total: Counter[str] = Counter()
        for counts in self.by_unit.values():
            total.update(counts)
        return Counts(total)

    @cached_property
    def in_window(self) -> Counts:
        """Those first reached in the window, by the way they were."""
        new = (one.status for one in self.found.values() if self.is_new(one))
        return Counts(Counter(new))

    def is_new(self, one: Assessment) -> bool:
        return one.reached_on is not None and one.reached_on >= self.window.starts_on

    def _words(self, one: Assessment) -> Sequence[str]:
        return (one.status, IN_WINDOW) if self.is_new(one) else (one.status,)

    def listed(self, statuses: Sequence[Status], *, only_new: bool = False) -> list[int]:
        """The people of some statuses by name: their ids."""
        chosen = sorted(
            (one.name_key, person)
            for person, one in self.found.items()
            if one.status in statuses and (not only_new or self.is_new(one))
        )
        return [person for _name_key, person in chosen]

    def standings(self, period: ReportingPeriod, people: Sequence[int]) -> list[Standing]:
        """Some of the people in the order given, as unsaved standings. One query."""
        persons = Person.objects.in_bulk(people)
        return [
            Standing(
                period=period,
                person=persons[person],
                organisation_id=self.found[person].organisation_id,
                status=self.found[person].status,
                reached_on=self.found[person].reached_on,
                name_key=self.found[person].name_key,
                age_band=self.found[person].age_band,
            )
            for person in people
            if person in persons
        ]


def window_people(window: Window, cut_off: date, units: Units) -> WindowPeople:
    """Count the people of some units (None: of all) on the window's last day, or today.

    Six queries; time and memory grow with the people, at most those of the units.
    """
    basis = basis_for(window.year, window.year_starts_on, cut_off)
    if units is None:
        return WindowPeople(window, assess(basis))
    posts = Post.objects.on(cut_off).filter(managing_unit__in=units)
    # Whoever holds a second post here counts where the main one is: looked at, and left out.
    found = assess(basis, posts.values("person"))
    return WindowPeople(
        window, {person: one for person, one in found.items() if one.organisation_id in units}
    )


def is_long(cut_off: date, units: Units) -> bool:
    """Whether more people are to be counted than somebody waits for. One query that stops there."""
    posts = Post.objects.on(cut_off).order_by()
    if units is not None:
        posts = posts.filter(managing_unit__in=units)
    return len(posts.values_list("pk")[AT_ONCE : AT_ONCE + 1]) > 0
