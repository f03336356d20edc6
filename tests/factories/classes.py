"""Classes with sessions, and people in them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from courses.choices import ClassMode, Topic
from courses.models import ClassGroup, ClassSession, Provider

_codes = iter(range(10_000))


def class_of(
    *,
    sessions: int = 1,
    capacity: int | None = None,
    starts_on: date | None = None,
    percent: int = 80,
    topic: Topic = Topic.ECOMMERCE_LAW,
    is_open: bool = True,
) -> ClassGroup:
    """A class with one session a day, from today on unless told otherwise."""
    first = starts_on or timezone.localdate()
    provider, _created = Provider.objects.get_or_create(
        name="Trường Đại học Vinh", defaults={"is_educational_institution": True}
    )
    group = ClassGroup.objects.create(
        code=f"L{next(_codes)}",
        title="Luật thương mại điện tử cho hộ kinh doanh",
        provider=provider,
        topic=topic,
        mode=ClassMode.ONSITE,
        hours=Decimal(8),
        starts_on=first,
        ends_on=first + timedelta(days=max(0, sessions - 1)),
        capacity=capacity,
        completion_percent=percent,
        is_open=is_open,
    )
    for number in range(sessions):
        start = timezone.make_aware(datetime.combine(first + timedelta(days=number), time(8)))
        ClassSession.objects.create(
            class_group=group, starts_at=start, ends_at=start + timedelta(hours=4)
        )
    return group
