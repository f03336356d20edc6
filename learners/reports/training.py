"""Everything that people learnt, whatever the way, as one list a person.

The person's page, the learner's own page and what leaves for the personnel system read it here,
so that none of them forgets a way of learning.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.choices import Topic
from learners.choices import Mode, RecordState
from learners.models import Participation, TrainingRecord
from learners.reports.papers import Paper, papers_of

SHOWN = 10
"""On a page that shows more than the list."""


@dataclass(frozen=True)
class Training:
    """One training record with what hangs on it."""

    record: TrainingRecord
    topic: Topic | None
    """None: nobody has said."""
    begun_on: date | None
    provider: str
    """Who taught: the institution of a class, this site, or the platform elsewhere."""
    source: str
    """Where the fact is from: this site, the class by its code, a list, the person's own word."""
    paper: Paper | None

    @property
    def is_accepted(self) -> bool:
        return self.record.state == RecordState.APPROVED

    @property
    def way(self) -> str:
        """How it was learnt; whether it was approved is said apart."""
        if self.record.mode == Mode.SELF_STUDY:
            return _("By self-training")
        return self.record.get_mode_display()

    @property
    def number(self) -> str:
        """Of the paper: ours as long as it is valid, or what was declared from elsewhere."""
        if self.paper is not None and self.paper.is_valid:
            return self.paper.serial
        return self.record.certificate_number

    @property
    def awaits_paper(self) -> bool:
        """A paper is owed and not there yet: it is being issued."""
        enrolment = self.record.enrolment
        return (
            self.paper is None
            and enrolment is not None
            and enrolment.edition.course.gives_certificate
        )


@dataclass(frozen=True)
class TrainingList:
    """One person's whole list, the newest first."""

    rows: list[Training]

    @property
    def accepted(self) -> list[Training]:
        return [row for row in self.rows if row.is_accepted]

    @property
    def newest(self) -> list[Training]:
        return self.rows[:SHOWN]

    @property
    def hours(self) -> Decimal:
        """Of what is accepted; what waits or was returned adds nothing."""
        return sum((row.record.hours for row in self.accepted), Decimal(0))


def training_of(person_id: int) -> TrainingList:
    """A fixed number of queries, whatever the person has done."""
    return trainings_of([person_id])[person_id]


def trainings_of(
    people: Collection[int], records: QuerySet[TrainingRecord] | None = None
) -> dict[int, TrainingList]:
    """By person, also of those who have none; of some records only, if they are given. A fixed
    number of queries for any number of people."""
    rows = TrainingRecord.objects.all() if records is None else records
    first_day = Participation.objects.filter(
        person=OuterRef("person"), class_group=OuterRef("class_group")
    )
    found = list(
        rows.filter(person__in=people)
        .annotate(first_day=Subquery(first_day.values("happened_on")[:1]))
        .select_related("person", "enrolment__edition__course", "enrolment__class_group__provider")
        .select_related("class_group__provider")
        .order_by("-completed_on", "-pk")
    )
    papers = papers_of(found)
    lists: dict[int, list[Training]] = {person: [] for person in people}
    for record in found:
        lists[record.person_id].append(_training(record, papers.get(record.pk), record.first_day))
    return {person: TrainingList(listed) for person, listed in lists.items()}


def _training(record: TrainingRecord, paper: Paper | None, first_day: date | None) -> Training:
    group, enrolment = record.class_group, record.enrolment
    if enrolment is not None:
        topic = enrolment.edition.course.topic
        day: date | None = timezone.localdate(enrolment.started_at)
        runs = enrolment.class_group
        source = settings.WAGTAIL_SITE_NAME
        provider = runs.provider.name if runs else source
    elif group is not None:
        topic, provider, source = group.topic, group.provider.name, group.code
        day = first_day
    else:
        topic, provider, source, day = record.topic, record.source, record.source, None
    return Training(record, Topic(topic) if topic else None, day, provider, source, paper)
