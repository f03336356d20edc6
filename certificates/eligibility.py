"""Who of a class gets a paper, and why the others do not: by the class's own rule, no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certificates.choices import CertificateState
from certificates.layout import SLOTS
from certificates.models import Certificate
from certificates.pdf import reason_of
from certificates.typesetting import Misfit, fit
from courses.models import ClassGroup
from learners.choices import RecordState, SeatState
from learners.models import Attendance, Participation, Person, Seat, TrainingRecord


@dataclass(frozen=True)
class Verdict:
    """One person of a class; an empty reason means: gets the paper."""

    person: Person
    reason: str


def verdicts(group: ClassGroup, people: Iterable[int] | None = None) -> list[Verdict]:
    """Everybody who had a seat, waited for one or was there, by given name; or those asked for.

    Seven queries, however many people.
    """
    asked = None if people is None else set(people)
    facts = _Facts(group, asked)
    wanted = facts.everybody() if asked is None else asked
    found = sorted(Person.objects.filter(pk__in=wanted), key=lambda one: (one.name_key, one.pk))
    return [Verdict(person, facts.reason(person)) for person in found]


class _Facts:
    """What is known of a class, read once; of some of its people, if they are named."""

    def __init__(self, group: ClassGroup, people: set[int] | None) -> None:
        theirs = Q() if people is None else Q(person__in=people)
        self.planned = group.sessions.count()
        self.needed = group.sessions_needed(self.planned)
        seats = Seat.objects.filter(theirs, class_group=group)
        self.seats = dict(seats.values_list("person_id", "state"))
        self.attended = _counted(
            Attendance.objects.filter(theirs, session__class_group=group, revoked_at__isnull=True)
        )
        taken = Participation.objects.filter(theirs, class_group=group)
        self.completed = dict(taken.values_list("person_id", "completed"))
        records = TrainingRecord.objects.filter(theirs, class_group=group)
        self.recorded = set(
            records.filter(state=RecordState.APPROVED).values_list("person_id", flat=True)
        )
        papers = Certificate.objects.standing().filter(
            Q(class_group=group) | Q(enrolment__class_group=group)
        )
        # Papers stay with the record they were issued for, wherever that was merged to.
        if people is not None:
            papers = papers.filter(theirs | Q(person__merged_into__in=people))
        self.papers = {
            paper.person.merged_into_id or paper.person_id: paper
            for paper in papers.select_related("person")
        }

    def everybody(self) -> set[int]:
        left = {pk for pk, state in self.seats.items() if state == SeatState.WITHDRAWN}
        there = self.attended.keys() | self.completed.keys() | self.recorded
        return (self.seats.keys() - left) | there

    def reason(self, person: Person) -> str:
        return (
            self._has_paper(person.pk)
            or self._did_not_complete(person.pk)
            or _cannot_be_printed(person)
        )

    def _has_paper(self, pk: int) -> str:
        paper = self.papers.get(pk)
        if paper is None:
            return ""
        facts = {"serial": paper.serial}
        if paper.state == CertificateState.WITHDRAWN:
            return _("The paper %(serial)s of this class was withdrawn.") % facts
        return _("Has the paper %(serial)s of this class already.") % facts

    def _did_not_complete(self, pk: int) -> str:
        if self.completed.get(pk) or pk in self.recorded:
            return ""
        attended = self.attended.get(pk, 0)
        if not attended and self.seats.get(pk) == SeatState.WAITING:
            return _("Stayed on the waiting list.")
        if not attended:
            return _("Had a seat and attended no session.")
        if attended >= self.needed:
            return ""
        return _("Attended %(n)d of %(planned)d sessions; the class asks for %(needed)d.") % {
            "n": attended,
            "planned": self.planned,
            "needed": self.needed,
        }


def _counted(standing: QuerySet[Attendance]) -> dict[int, int]:
    return dict(standing.values_list("person_id").annotate(n=Count("pk")).order_by())


def _cannot_be_printed(person: Person) -> str:
    """What a paper must say and this record does not, or not in letters that can be printed."""
    if person.erased_at is not None:
        return _("The person's data was erased at the person's own request.")
    if person.birth_date is None:
        return _("The date of birth is missing in the record.")
    try:
        fit(person.full_name, SLOTS["full_name"])
    except Misfit as misfit:
        misfit.field = "full_name"
        return reason_of(misfit)
    return ""


def not_yet(group: ClassGroup, today: date) -> str:
    """Why no list can be drawn up yet; empty when it can."""
    if group.ends_on >= today:
        return _("The class ends on %(day)s. The list is drawn up afterwards.") % {
            "day": date_format(group.ends_on)
        }
    return ""
