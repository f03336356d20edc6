"""Papers taken back or replaced: both stay in the register, with reason, act and author."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from certificates.actions.entering import design_for, enter_paper
from certificates.actions.online import standing_decision
from certificates.actions.withholding import refuse_wrong_drawing
from certificates.choices import CertificateState
from certificates.designs import worded
from certificates.models import Certificate
from certificates.papers import freeze, ground_of, paper_now
from learners.models import User

NOT_COMPARED = ("serial", "code", "verify_url", "issued_on", "decision_number", "decision_date")


class NotValid(Exception):
    """The paper was withdrawn or replaced before: nothing was changed."""


class NothingDiffers(Exception):
    """A new paper would say the same: correct the record first."""


@transaction.atomic
def withdraw(*, certificate: Certificate, reason: str, act: str, by: User) -> Certificate:
    """Take a paper back for good, with the confirmation that it was lost. Raises NotValid."""
    return _moved_on(certificate, CertificateState.WITHDRAWN, reason, act, by)


def replace(*, certificate: Certificate, reason: str, act: str, by: User) -> Certificate:
    """A new paper with what the records say now; the wrong one stays in the register and names
    it. One transaction: no serial is lost when it fails. Online courses take the standing
    decision in force, classes keep the decision of their list.

    Raises NotValid, NothingDiffers, NoDecision, DrawsWrongly or Unprintable.
    """
    kind, today = certificate.register.kind, timezone.localdate()
    refuse_wrong_drawing(design_for(certificate.class_group, kind, today))
    return _replaced(certificate, reason, act, by, today)


@transaction.atomic
def _replaced(
    certificate: Certificate, reason: str, act: str, by: User, today: date
) -> Certificate:
    old = _moved_on(certificate, CertificateState.WITHDRAWN, reason, act, by)
    decision = standing_decision(today) if old.enrolment else old.decision
    ground, kind = ground_of(old), old.register.kind
    words = paper_now(ground, decision, kind, today, serial="", code="")
    # In the old design: a new look alone is no reason to replace what somebody holds.
    new_paper = freeze(worded(words, old.design))
    # Of an erased person the paper says more than the record, which corrects nothing any more.
    if _words(new_paper) == _words(old.paper) or old.person.erased_at is not None:
        raise NothingDiffers
    new = enter_paper(ground, decision, today, confirms=old.confirms, renews=old.renews)
    Certificate.objects.filter(pk=old.pk).update(state=CertificateState.REPLACED, replaced_by=new)
    return new


def _words(frozen: dict) -> dict:
    return {name: value for name, value in frozen.items() if name not in NOT_COMPARED}


def _moved_on(
    certificate: Certificate, state: CertificateState, reason: str, act: str, by: User
) -> Certificate:
    """The paper in its new state. A confirmation says what the paper said, so it falls with it."""
    now: datetime = timezone.now()
    said = {"state_reason": reason, "state_act": act, "state_at": now, "state_by": by}
    valid = Certificate.objects.filter(state=CertificateState.VALID)
    if not valid.filter(pk=certificate.pk).update(state=state, **said):
        raise NotValid
    valid.filter(confirms=certificate.pk).update(state=CertificateState.WITHDRAWN, **said)
    found = Certificate.objects.select_related(
        "person",
        "enrolment__person",
        "class_group",
        "decision",
        "register",
        "design",
        "confirms",
        "renews",
    )
    return found.get(pk=certificate.pk)
