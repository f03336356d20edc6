"""Papers of online courses: at once, under a standing decision, once for each completion."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from certificates.actions.entering import design_for, enter_paper
from certificates.actions.withholding import refuse_wrong_drawing
from certificates.choices import PaperKind
from certificates.models import Certificate, Decision
from certificates.papers import ground_of_enrolment
from learners.models import Enrolment


class NoDecision(Exception):
    """No standing decision is in force, so no paper may be made."""


def due_for_certificate() -> QuerySet[Enrolment]:
    """Completed courses that give a paper and have none yet. Whose data was erased gets none: the
    record no longer says the name."""
    papers = Certificate.objects.filter(enrolment__isnull=False)
    return (
        Enrolment.objects.completed()
        .filter(edition__course__gives_certificate=True, person__erased_at__isnull=True)
        .exclude(pk__in=papers.values("enrolment_id"))
        .order_by("completed_at", "pk")
    )


def issue_certificate(enrolment_id: int) -> Certificate | None:
    """The paper of a completed course, made if it is due; None when none is due.

    Idempotent: however often and from wherever it is called, there is one paper and one
    serial per enrolment. Number, frozen text and hash are written in one transaction, so
    a crash or a refusal leaves no gap in the register.

    Raises NoDecision without a standing decision, DrawsWrongly while papers of this design are
    withheld, and Unprintable for a paper that would print wrong; nothing is issued then.
    """
    existing = Certificate.objects.of_enrolments([enrolment_id]).first()
    if existing:
        return existing
    enrolment = (
        due_for_certificate().filter(pk=enrolment_id).select_related("person", "edition").first()
    )
    if enrolment is None:
        return None
    today = timezone.localdate()
    decision = standing_decision(today)
    refuse_wrong_drawing(design_for(None, PaperKind(decision.kind), today))
    try:
        with transaction.atomic():
            return enter_paper(ground_of_enrolment(enrolment), decision, today)
    except IntegrityError:
        # Two workers at once: the other one issued it, this one's number was rolled back.
        return Certificate.objects.of_enrolments([enrolment_id]).get()


def standing_decision(day: date) -> Decision:
    """The decision under which online courses yield papers at once. Raises NoDecision."""
    decision = (
        Decision.objects.filter(is_standing=True, signed_on__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .order_by("-signed_on", "-pk")
        .first()
    )
    if decision is None:
        raise NoDecision
    return decision
