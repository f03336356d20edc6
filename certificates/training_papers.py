"""The papers of training records, for the list of what somebody learnt."""

from collections.abc import Sequence

from django.db.models import Q

from certificates.badges.credentials import has_badge
from certificates.choices import CertificateState, PaperKind
from certificates.models import Certificate
from learners.models import TrainingRecord
from learners.reports.papers import Paper


def papers_of_records(records: Sequence[TrainingRecord]) -> dict[int, Paper]:
    """By record. Two queries, each by an index, for any number of records.

    A paper stays with the record of the person for whom it was issued, wherever that was merged.
    """
    by_enrolment = {record.enrolment_id: record.pk for record in records if record.enrolment_id}
    by_class = {
        (record.person_id, record.class_group_id): record.pk
        for record in records
        if record.class_group_id
    }
    people = {person for person, _group in by_class}
    standing = Certificate.objects.standing().filter(renewals__isnull=True)
    standing = standing.select_related("decision", "person").order_by("issued_on", "pk")
    papers = {
        by_enrolment[one.enrolment_id]: _paper(one)
        for one in standing.filter(enrolment__in=by_enrolment)
        if one.enrolment_id
    }
    of_classes = standing.filter(
        Q(person__in=people) | Q(person__merged_into__in=people),
        class_group__in={group for _person, group in by_class},
    )
    for one in of_classes:
        holder = one.person.merged_into_id or one.person_id
        if record := by_class.get((holder, one.class_group_id or 0)):
            papers[record] = _paper(one)
    return papers


def _paper(one: Certificate) -> Paper:
    return Paper(
        serial=one.serial,
        code=one.code,
        issued_on=one.issued_on,
        issued_by=one.decision.issuing_body,
        decision_number=one.decision.number,
        decided_on=one.decision.signed_on,
        is_valid=one.state == CertificateState.VALID,
        is_regulated=one.decision.kind == PaperKind.CERTIFICATE,
        has_badge=has_badge(one),
    )
