"""The tally of participations, moved in the transaction that records, removes or retitles one.

Which of them count is `learners.models.records.COUNTED_TOPICS` and nothing else.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import transaction

from courses.fast_rows import add_to_counts
from courses.models import ClassGroup
from learners.models import Participation, ParticipationTally, ReportingPeriod
from learners.models.records import COUNTED_TOPICS
from learners.periods import period_month

ParticipationKey = tuple[int, str, str, int]
"""organisation id, audience, topic, month of the period"""


def tally(period: ReportingPeriod) -> Counter[ParticipationKey]:
    """Participations of the period that count, recounted from the facts."""
    rows = (
        Participation.objects.counted()
        .filter(happened_on__range=(period.starts_on, period.ends_on))
        .values_list("organisation_id", "audience", "class_group__topic", "happened_on")
    )
    return Counter(
        (organisation_id, audience, topic, period_month(day, period.starts_on))
        for organisation_id, audience, topic, day in rows.iterator()
    )


def add(participations: Sequence[Participation]) -> None:
    """Count new participations in one class; called in the transaction that records them."""
    _move(participations, 1)


def remove(participation: Participation) -> None:
    """Take one participation out again; called in the transaction that removes it."""
    _move([participation], -1)


@transaction.atomic
def change_topic(group: ClassGroup, topic: str) -> None:
    """The class is about something else from now on, so its participations count there, or not
    at all. Idempotent; the caller saves the class in the same transaction."""
    for period in ReportingPeriod.objects.order_by("pk"):
        period.lock()
        ClassGroup.objects.filter(pk=group.pk).update(topic=topic)
        days = (period.starts_on, period.ends_on)
        if Participation.objects.filter(class_group=group, happened_on__range=days).exists():
            rebuild(period)


def _move(participations: Sequence[Participation], change: int) -> None:
    if not participations:
        return
    group, days = participations[0].class_group_id, [p.happened_on for p in participations]
    periods = ReportingPeriod.objects.filter(starts_on__lte=max(days), ends_on__gte=min(days))
    for period in periods.order_by("pk"):
        period.lock()
        # Read under the lock: the class may just have been given another topic.
        topic = ClassGroup.objects.values_list("topic", flat=True).get(pk=group)
        if topic not in COUNTED_TOPICS:
            continue
        moved: Counter[ParticipationKey] = Counter()
        for one in participations:
            if period.starts_on <= one.happened_on <= period.ends_on:
                month = period_month(one.happened_on, period.starts_on)
                moved[one.organisation_id, one.audience, topic, month] += change
        _write(period, moved)


def _write(period: ReportingPeriod, moved: Mapping[ParticipationKey, int]) -> None:
    """Add to the tallies; the caller holds the period's lock."""
    key = ["organisation_id", "audience", "topic", "month"]
    add_to_counts(ParticipationTally, key, "participations", moved, period_id=period.pk)


def stored(period: ReportingPeriod) -> Counter[ParticipationKey]:
    tallies = ParticipationTally.objects.filter(period=period)
    rows = tallies.values_list("organisation_id", "audience", "topic", "month", "participations")
    return Counter({(unit, group, topic, month): n for unit, group, topic, month, n in rows})


def rebuild(period: ReportingPeriod) -> None:
    """From the facts; the caller holds the period's lock."""
    ParticipationTally.objects.filter(period=period).delete()
    _write(period, tally(period))
