"""Certificates beside the courses and on the page of whoever they belong to."""

from dataclasses import dataclass

from django import template
from django.db.models import Q

from certificates.badges import credentials
from certificates.models import Certificate
from certificates.training_papers import standing_of
from learners.models import Enrolment, Person
from learners.reports.training import TrainingList

register = template.Library()


@dataclass(frozen=True)
class PaperLine:
    enrolment: Enrolment
    certificate: Certificate | None
    is_due: bool
    """A paper is owed and not yet there: it is being issued."""


@register.simple_tag
def paper_of(enrolment: Enrolment) -> PaperLine:
    certificate = Certificate.objects.of_enrolments([enrolment.pk]).first()
    is_due = certificate is None and enrolment.edition.course.gives_certificate
    return PaperLine(enrolment, certificate, is_due)


@register.filter
def has_badge(certificate: Certificate) -> bool:
    """Whether a digital badge is offered for the paper."""
    return credentials.has_badge(certificate)


@dataclass(frozen=True)
class OwnPapers:
    others: list[Certificate]
    """Papers of classes that the list of what was learnt does not show beside their training."""
    unread: list[Certificate]
    """What the owner has not opened since it was made."""


@register.simple_tag
def own_papers_of(person: Person, training: TrainingList) -> OwnPapers:
    """The papers of classes that stand elsewhere and those of which the owner was not told, the
    newest first. One query, shared with the list of what was learnt."""
    listed = [paper for paper in reversed(standing_of(person.pk)) if _is_of(paper, person)]
    shown = {row.paper.code for row in training.rows if row.paper}
    return OwnPapers(
        others=[paper for paper in listed if paper.class_group_id and paper.code not in shown],
        unread=[paper for paper in listed if _is_unread(paper)],
    )


@register.simple_tag
def all_papers_of(person: Person) -> list[Certificate]:
    """Every paper that somebody was ever given, also what was taken back, the newest first. One
    query."""
    own = Q(person=person) | Q(person__merged_into=person)
    return list(Certificate.objects.filter(own).order_by("-issued_on", "-pk"))


def _is_of(paper: Certificate, person: Person) -> bool:
    return person.pk in (paper.person_id, paper.person.merged_into_id)


def _is_unread(paper: Certificate) -> bool:
    return hasattr(paper, "notice") and paper.notice.seen_at is None
