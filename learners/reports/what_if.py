"""Where goal 1 would stand if planned classes took place and claims were approved.

Nothing is stored. Two figures are given, because a free seat is no person yet: with those
alone who are known by name, and with every free seat filled by somebody who is still missing.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from courses.choices import ClassMode
from courses.models import ClassGroup
from learners.choices import MISSING, IndicatorCode, Mode, RecordState, SeatState
from learners.models import ReportingPeriod, Seat, Standing, TrainingRecord
from learners.reports.classes import with_seats
from learners.reports.completion import Counts, Units
from learners.reports.counting import Basis
from learners.reports.plan import targets_of

BEST = 3
SHOWN = 20
"""So many claims are listed, those completed first; the rest can be chosen together."""


@dataclass(frozen=True)
class Offer:
    """A class to come, and whom of the missing it could reach."""

    group: ClassGroup
    seated: frozenset[int]
    """Ids of people who hold a seat and are not reached yet."""
    free: int
    """Seats that somebody else could still take. None where seats are not limited: how many
    would come is anybody's guess, so only those count who have signed up."""

    @property
    def is_limited(self) -> bool:
        return self.group.capacity is not None

    def takes(self, missing: int) -> int:
        """How many of so many missing people it could reach."""
        return len(self.seated) + min(self.free, missing - len(self.seated))


@dataclass(frozen=True)
class Outlook:
    """The figure after what was chosen."""

    named: int
    """Reached, with the people who are known by name."""
    full: int
    """Reached, if every free seat is taken by somebody who is missing too."""


@dataclass(frozen=True)
class Situation:
    headcount: int
    reached: int
    target: int | None
    """How many have to be reached; None: nobody has set a target."""

    @property
    def missing(self) -> int:
        return self.headcount - self.reached

    @property
    def gap(self) -> int:
        return max(0, (self.target or 0) - self.reached)

    def outlook(self, offers: Iterable[Offer], people: Collection[int] = ()) -> Outlook:
        """Nobody counts twice: not with two seats, nor with a seat and a claim."""
        chosen = list(offers)
        named = set(people).union(*(offer.seated for offer in chosen))
        left = self.missing - len(named)
        reached = self.reached + len(named)
        return Outlook(reached, reached + min(left, sum(offer.free for offer in chosen)))


def situation_of(period: ReportingPeriod, counts: Counts) -> Situation:
    """One query."""
    target = targets_of(period).get(IndicatorCode.STAFF_TRAINED)
    wanted = None if target is None else math.ceil(counts.headcount * target.value / 100)
    return Situation(counts.headcount, counts.reached, wanted)


def offers_of(period: ReportingPeriod, basis: Basis, units: Units, today: date) -> list[Offer]:
    """Classes that end within the period, count by its rule and could reach somebody; the next
    first. Two queries.

    A class in a room that has begun takes nobody new: who joins late misses too many sessions.
    """
    ahead = ClassGroup.objects.filter(
        ends_on__range=(today, period.ends_on), hours__gte=basis.minimum_hours, cancellation=None
    )
    groups = list(with_seats(ahead).select_related("provider").order_by("ends_on", "code"))
    missing = _missing(period, units).values("person")
    seats = Seat.objects.filter(
        class_group__in=groups, state=SeatState.SEATED, person__in=missing
    ).order_by()
    seated: dict[int, set[int]] = {}
    for group_id, person_id in seats.values_list("class_group_id", "person_id"):
        seated.setdefault(group_id, set()).add(person_id)
    offers = [
        Offer(group, frozenset(seated.get(group.pk, ())), _free(group, group.seated, today))
        for group in groups
    ]
    return [offer for offer in offers if offer.seated or offer.free]


def _free(group: ClassGroup, taken: int, today: date) -> int:
    has_begun = group.starts_on < today and group.mode != ClassMode.ONLINE
    if group.capacity is None or has_begun:
        return 0
    return max(0, group.capacity - taken)


def best_of(situation: Situation, offers: Sequence[Offer]) -> list[Offer]:
    """The classes that together reach most of the missing, each chosen after those before it;
    of two alike the one that ends first. Fewer when more would add nobody."""
    best: list[Offer] = []
    reached = situation.reached
    while len(best) < BEST:
        rest = [offer for offer in offers if offer not in best]
        if not rest:
            break
        # max() keeps the first of equals, and the offers stand by their last day.
        found = max(rest, key=lambda offer: situation.outlook([*best, offer]).full)
        after = situation.outlook([*best, found]).full
        if after == reached:
            break
        best.append(found)
        reached = after
    return best


def waiting_claims(period: ReportingPeriod, basis: Basis, units: Units) -> QuerySet[TrainingRecord]:
    """Self-trainings that wait for approval and would each reach somebody who is missing."""
    return TrainingRecord.objects.filter(
        mode=Mode.SELF_STUDY,
        state=RecordState.WAITING,
        completed_on__range=(basis.starts_on, basis.cut_off),
        hours__gte=basis.minimum_hours,
        person__in=_missing(period, units).values("person"),
    ).order_by("completed_on", "pk")


def _missing(period: ReportingPeriod, units: Units) -> QuerySet[Standing]:
    standings = Standing.objects.filter(period=period, status__in=MISSING)
    return standings if units is None else standings.filter(organisation__in=units)
