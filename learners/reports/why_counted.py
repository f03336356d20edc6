"""Why a class counts as a person's participation ("lượt"), or why it does not yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from courses.models import ClassGroup
from learners.choices import SeatState
from learners.models import Attendance, CountingRule, Participation, Person, Seat


class Reason(Enum):
    """What decides; a template turns it into one sentence."""

    COUNTED = "counted"
    TOPIC = "topic"
    AHEAD = "ahead"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    ABSENT = "absent"
    NO_GROUP = "no_group"


@dataclass(frozen=True)
class Verdict:
    """One class of one person."""

    group: ClassGroup
    participation: Participation | None
    reason: Reason
    rule: CountingRule | None
    """The one in force on the day of the participation."""

    @property
    def counts(self) -> bool:
        return self.reason == Reason.COUNTED


def verdicts_of(
    person: Person,
    participations: Iterable[Participation],
    rules: Iterable[CountingRule],
    today: date,
) -> list[Verdict]:
    """Every class that the person took part in, signed up for or was seen in; newest first.

    What is counted is what `Participation.is_counted` says. Two queries.
    """
    versions = sorted(rules, key=lambda rule: rule.valid_from, reverse=True)
    found = [
        Verdict(one.class_group, one, _of_topic(one), _rule_on(one.happened_on, versions))
        for one in participations
    ]
    known = {verdict.group.pk for verdict in found}
    seats = Seat.objects.filter(person=person).exclude(class_group__in=known)
    present = Attendance.objects.filter(person=person, revoked_at__isnull=True)
    seen = {
        one.session.class_group_id: one.session.class_group
        for one in present.select_related("session__class_group__provider")
        if one.session.class_group_id not in known
    }
    for seat in seats.select_related("class_group__provider"):
        if seat.class_group_id not in seen:
            reason = _of_seat(seat, today)
            found.append(Verdict(seat.class_group, None, reason, None))
    found += [Verdict(group, None, Reason.NO_GROUP, None) for group in seen.values()]
    return sorted(found, key=_day, reverse=True)


def _of_topic(one: Participation) -> Reason:
    return Reason.COUNTED if one.is_counted else Reason.TOPIC


def _of_seat(seat: Seat, today: date) -> Reason:
    if seat.state == SeatState.WITHDRAWN:
        return Reason.WITHDRAWN
    if seat.class_group.ends_on >= today:
        return Reason.AHEAD
    return Reason.WAITING if seat.state == SeatState.WAITING else Reason.ABSENT


def _rule_on(day: date, versions: list[CountingRule]) -> CountingRule | None:
    return next((rule for rule in versions if rule.covers(day)), None)


def _day(verdict: Verdict) -> date:
    one = verdict.participation
    return one.happened_on if one else verdict.group.starts_on
