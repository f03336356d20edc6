"""Beginning a course."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.choices import ClassMode
from courses.models import ClassGroup, CoursePage, Edition
from learners.actions.standing import refresh_people
from learners.models import Enrolment, Person, ReportingPeriod
from learners.querysets import Enrolments


class CannotEnrol(Exception):
    """The course has nothing to learn yet."""


def enrol(*, person: Person, course: CoursePage) -> Enrolment:
    """The person's enrolment of this reporting year, made if there is none.

    Idempotent and safe against two clicks. An open enrolment is kept whatever its
    edition; a course finished earlier in the year is not begun again.
    """
    mine = Enrolment.objects.filter(person=person, edition__course=course)
    today = timezone.localdate()
    existing = mine.open().order_by("-started_at").first() or _finished_this_year(mine, today)
    if existing:
        return existing
    edition = Edition.objects.filter(course=course).order_by("-number").first()
    if edition is None or not course.live:
        raise CannotEnrol
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                person=person, edition=edition, class_group=online_class(course, today)
            )
            for period in ReportingPeriod.objects.covering(today):
                refresh_people([person.pk], period)
    except IntegrityError:
        # Two clicks at once: the other one made it.
        return mine.open().get(edition=edition)
    return enrolment


def _finished_this_year(mine: Enrolments, today: date) -> Enrolment | None:
    for period in ReportingPeriod.objects.covering(today):
        return mine.completed_between(period.starts_on, period.ends_on).first()
    return mine.completed().first()


def online_class(course: CoursePage, today: date | None = None) -> ClassGroup | None:
    """The online class that carries the course's learners today, if a provider runs one."""
    today = today or timezone.localdate()
    return (
        ClassGroup.objects.filter(
            course=course,
            mode=ClassMode.ONLINE,
            starts_on__lte=today,
            ends_on__gte=today,
        )
        .order_by("starts_on", "pk")
        .first()
    )
