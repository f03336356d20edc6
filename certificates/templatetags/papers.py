"""Certificates beside the courses they belong to; one query for a whole list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template

from certificates.models import Certificate
from learners.models import Enrolment

register = template.Library()


@dataclass(frozen=True)
class PaperLine:
    enrolment: Enrolment
    certificate: Certificate | None
    is_due: bool
    """A paper is owed and not yet there: it is being issued."""


@register.simple_tag
def papers_of(enrolments: Sequence[Enrolment]) -> list[PaperLine]:
    found = {
        certificate.enrolment_id: certificate
        for certificate in Certificate.objects.of_enrolments(e.pk for e in enrolments)
    }
    return [
        PaperLine(
            enrolment,
            found.get(enrolment.pk),
            is_due=enrolment.pk not in found and enrolment.edition.course.gives_certificate,
        )
        for enrolment in enrolments
    ]


@register.simple_tag
def paper_of(enrolment: Enrolment) -> PaperLine:
    return papers_of([enrolment])[0]
