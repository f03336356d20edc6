"""The papers of training records, for the list of what somebody learnt."""

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, Q

from certificates.badges.credentials import has_badge
from certificates.choices import CertificateState, PaperKind
from certificates.models import Certificate
from learners.models import TrainingRecord
from learners.reading import once
from learners.reports.papers import Paper


def papers_of_records(records: Sequence[TrainingRecord]) -> dict[int, Paper]:
    """By record. Two queries, each by an index, for any number of records; one for one person's.

    A paper stays with the record of the person for whom it was issued, wherever that was merged.
    """
    by_enrolment = {record.enrolment_id: record.pk for record in records if record.enrolment_id}
    by_class = {
        (record.person_id, record.class_group_id): record.pk
        for record in records
        if record.class_group_id
    }
    if len({record.person_id for record in records}) == 1:
        newest = [one for one in standing_of(records[0].person_id) if not _is_renewed(one)]
        of_courses = [one for one in newest if one.enrolment_id in by_enrolment]
        return _papers(of_courses, newest, by_enrolment, by_class)
    people = {person for person, _group in by_class}
    standing = Certificate.objects.standing().filter(renewals__isnull=True)
    standing = standing.select_related("decision", "person").order_by("issued_on", "pk")
    of_classes = standing.filter(
        Q(person__in=people) | Q(person__merged_into__in=people),
        class_group__in={group for _person, group in by_class},
    )
    of_enrolments = standing.filter(enrolment__in=by_enrolment)
    return _papers(of_enrolments, of_classes, by_enrolment, by_class)


@once
def standing_of(person_id: int) -> list[Certificate]:
    """Every paper that stands of one person, of the records merged into his and of his courses,
    the oldest first; each with its notice, and whether a newer one renews it. One query."""
    papers = Certificate.objects.order_by()
    own = [
        papers.filter(person=person_id),
        papers.filter(person__merged_into=person_id),
        papers.filter(enrolment__person=person_id),
    ]
    # Each by its index, where one question with "or" would look at every paper there is.
    first, *others = [rows.values("pk") for rows in own]
    renewals = Certificate.objects.filter(renews=OuterRef("pk"))
    found = Certificate.objects.standing().filter(pk__in=first.union(*others))
    return list(
        found.annotate(is_renewed=Exists(renewals))
        .select_related("decision", "person", "notice")
        .order_by("issued_on", "pk")
    )


def _is_renewed(paper: Certificate) -> bool:
    return bool(vars(paper)["is_renewed"])


def _papers(
    of_enrolments: Iterable[Certificate],
    of_classes: Iterable[Certificate],
    by_enrolment: dict[int, int],
    by_class: dict[tuple[int, int], int],
) -> dict[int, Paper]:
    papers = {
        by_enrolment[one.enrolment_id]: _paper(one) for one in of_enrolments if one.enrolment_id
    }
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
