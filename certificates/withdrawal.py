"""Papers taken back or replaced: both stay in the register, with reason, act and author."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from certificates.actions import enter_paper, freeze, paper_now, standing_decision
from certificates.choices import CertificateState
from certificates.models import Certificate
from learners.models import User

NOT_COMPARED = ("serial", "code", "verify_url", "issued_on", "decision_number", "decision_date")


class NotValid(Exception):
    """The paper was withdrawn or replaced before: nothing was changed."""


class NothingDiffers(Exception):
    """A new paper would say the same: correct the record first."""


@transaction.atomic
def withdraw(*, certificate: Certificate, reason: str, act: str, by: User) -> Certificate:
    """Take a paper back for good. Raises NotValid."""
    return _moved_on(certificate, CertificateState.WITHDRAWN, reason, act, by)


@transaction.atomic
def replace(*, certificate: Certificate, reason: str, act: str, by: User) -> Certificate:
    """A new paper with what the records say now, under the decision in force; the wrong one stays
    in the register and names it. One transaction: no serial is lost when it fails.

    Raises NotValid, NothingDiffers, NoDecision or Unprintable.
    """
    today = timezone.localdate()
    decision = standing_decision(today)
    old = _moved_on(certificate, CertificateState.WITHDRAWN, reason, act, by)
    new_paper = freeze(paper_now(old.enrolment, decision, today, serial="", code=""))
    if _words(new_paper) == _words(old.paper):
        raise NothingDiffers
    new = enter_paper(old.enrolment, decision, today)
    Certificate.objects.filter(pk=old.pk).update(state=CertificateState.REPLACED, replaced_by=new)
    return new


def _words(frozen: dict) -> dict:
    return {name: value for name, value in frozen.items() if name not in NOT_COMPARED}


def _moved_on(
    certificate: Certificate, state: CertificateState, reason: str, act: str, by: User
) -> Certificate:
    now: datetime = timezone.now()
    changed = Certificate.objects.filter(pk=certificate.pk, state=CertificateState.VALID).update(
        state=state, state_reason=reason, state_act=act, state_at=now, state_by=by
    )
    if not changed:
        raise NotValid
    return Certificate.objects.select_related("enrolment__person", "enrolment__edition").get(
        pk=certificate.pk
    )
