"""When and where a class meets, as something that can be kept, compared and told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from courses.models import ClassGroup, ClassSession


@dataclass(frozen=True)
class Plan:
    venue: str
    sessions: tuple[tuple[datetime, datetime], ...]
    days: tuple[date, date] | None
    """First and last day of a class that has no sessions yet."""

    def as_json(self) -> dict[str, Any]:
        """The same on any machine: moments in UTC."""
        return {
            "venue": self.venue,
            "sessions": [[_written(start), _written(end)] for start, end in self.sessions],
            "days": [day.isoformat() for day in self.days] if self.days else None,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Plan":
        days = told["days"]
        return cls(
            venue=told["venue"],
            sessions=tuple(
                (datetime.fromisoformat(start), datetime.fromisoformat(end))
                for start, end in told["sessions"]
            ),
            days=(date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days else None,
        )


def _written(moment: datetime) -> str:
    return moment.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="seconds")


def plan_of(group: ClassGroup) -> Plan:
    return plans_of([group])[group.pk]


def plans_of(groups: Iterable[ClassGroup]) -> dict[int, Plan]:
    """By class. One query."""
    classes = {group.pk: group for group in groups}
    sessions: dict[int, list[tuple[datetime, datetime]]] = {pk: [] for pk in classes}
    found = ClassSession.objects.filter(class_group__in=classes).order_by("starts_at", "pk")
    for pk, start, end in found.values_list("class_group_id", "starts_at", "ends_at"):
        sessions[pk].append((_whole(start), _whole(end)))
    return {pk: _plan(group, sessions[pk]) for pk, group in classes.items()}


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _plan(group: ClassGroup, sessions: list[tuple[datetime, datetime]]) -> Plan:
    days = None if sessions else (group.starts_on, group.ends_on)
    return Plan(" ".join(group.venue.split()), tuple(sessions), days)


def still_ahead(plan: Plan, now: datetime) -> Plan | None:
    """What of it concerns anybody still; None when all of it is over."""
    ahead = tuple((start, end) for start, end in plan.sessions if end > now)
    is_over = plan.days[1] < timezone.localdate(now) if plan.days else not ahead
    return None if is_over else Plan(plan.venue, ahead, plan.days)
