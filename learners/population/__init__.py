"""An invented population on the real agencies: believable, the same for the same seed.

Nobody in it exists. Online records are not made here: they need enrolments.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from courses.fast_rows import insert_objects
from learners.models import Person, Post, ReportingPeriod, TrainingRecord
from learners.population.classes import make_classes
from learners.population.evidence import records_of
from learners.population.staff import Workplaces, invent, invented_people

BATCH = 2000


@dataclass(frozen=True)
class Made:
    """What a run added."""

    people: int
    records: int
    participations: int


def make_population(people: int, *, seed: int = 2026) -> Made:
    """Bring the invented population up to `people`; what is there stays as it is.

    Idempotent, and a person is the same whether made with 3,000 others or with 70,000.
    Writes in batches of BATCH, each in its own short transaction: memory stays bounded, and
    a run that was broken off is taken up by the next.
    """
    today = timezone.localdate()
    periods = list(ReportingPeriod.objects.filter(starts_on__lte=today).order_by("year"))
    workplaces = Workplaces.on(today, seed)
    made_people = made_records = 0
    for first in range(invented_people().count(), people, BATCH):
        numbers = range(first, min(first + BATCH, people))
        staff = [invent(number, seed, workplaces, today) for number in numbers]
        with transaction.atomic():
            insert_objects(Person, [one.person for one in staff])
            insert_objects(Post, [post for one in staff for post in one.saved_posts()])
            records = [record for one in staff for record in records_of(one, periods, seed, today)]
            insert_objects(TrainingRecord, records)
        made_people += len(staff)
        made_records += len(records)
    participations = sum(make_classes(period, seed, today) for period in periods)
    return Made(made_people, made_records, participations)
