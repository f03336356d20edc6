"""The tally of participations, moved in the transaction that records, removes or retitles one.

Which of them count is `learners.models.records.COUNTED_TOPICS` and nothing else.
"""

from collections import Counter

from django.db import transaction
from django.db.models import F

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


def add(participation: Participation) -> None:
    """Count one new participation; called in the transaction that records it."""
    _move(participation, 1)


def remove(participation: Participation) -> None:
    """Take one participation out again; called in the transaction that removes it."""
    _move(participation, -1)


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


def _move(participation: Participation, change: int) -> None:
    for period in ReportingPeriod.objects.covering(participation.happened_on):
        period.lock()
        # Read under the lock: the class may just have been given another topic.
        same_class = ClassGroup.objects.filter(pk=participation.class_group_id)
        topic = same_class.values_list("topic", flat=True).get()
        if topic not in COUNTED_TOPICS:
            continue
        tally, _created = ParticipationTally.objects.get_or_create(
            period=period,
            organisation_id=participation.organisation_id,
            audience=participation.audience,
            topic=topic,
            month=period_month(participation.happened_on, period.starts_on),
            defaults={"participations": 0},
        )
        same = ParticipationTally.objects.filter(pk=tally.pk)
        same.update(participations=F("participations") + change)


def stored(period: ReportingPeriod) -> Counter[ParticipationKey]:
    rows = ParticipationTally.objects.filter(period=period).values_list(
        "organisation_id", "audience", "topic", "month", "participations"
    )
    return Counter({(unit, group, topic, month): n for unit, group, topic, month, n in rows})


def rebuild(period: ReportingPeriod) -> None:
    """From the facts; the caller holds the period's lock."""
    ParticipationTally.objects.filter(period=period).delete()
    ParticipationTally.objects.bulk_create(
        (
            ParticipationTally(
                period=period,
                organisation_id=unit,
                audience=audience,
                topic=topic,
                month=month,
                participations=count,
            )
            for (unit, audience, topic, month), count in tally(period).items()
        ),
        batch_size=2000,
    )
