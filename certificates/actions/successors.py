"""Papers that follow another one: the confirmation of a lost paper, the renewal of an expired.

Both say what the first paper said, word for word; only number, code and day are new.
"""

from dataclasses import replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from certificates.actions.entering import design_for, enter, months_after
from certificates.actions.withholding import refuse_wrong_drawing
from certificates.choices import CertificateState, PaperKind
from certificates.designs import worded
from certificates.models import Certificate
from certificates.papers import KIND_TITLES, thaw
from learners.models import User


class CannotFollow(Exception):
    """The paper does not stand, is itself a confirmation, or was confirmed or renewed before."""


@transaction.atomic
def confirm_loss(*, certificate: Certificate, reason: str, act: str, by: User) -> Certificate:
    """A confirmation of equal value for a lost paper, which stays valid. No duplicate is made.

    Raises CannotFollow or Unprintable.
    """
    # Locked: whoever withdraws it meanwhile finds the confirmation, which then falls with it.
    standing = Certificate.objects.select_for_update().filter(state=CertificateState.VALID)
    if standing.filter(pk=certificate.pk, confirms__isnull=True).first() is None:
        raise CannotFollow
    today, kind = timezone.localdate(), PaperKind.CONFIRMATION
    design = design_for(certificate.class_group, kind, today)
    words = replace(thaw(certificate.paper), kind_title=KIND_TITLES[kind])
    fields = _shared(certificate, reason, act, by)
    try:
        return enter(
            worded(words, design),
            kind,
            today,
            design=design,
            confirms=certificate,
            expires_on=certificate.expires_on,
            **fields,
        )
    except IntegrityError as error:
        raise CannotFollow from error


def renew(*, certificate: Certificate, reason: str, act: str, by: User) -> Certificate:
    """A new paper for one that has expired or soon will; the old one stays as it is.

    Raises CannotFollow, DrawsWrongly or Unprintable.
    """
    today = timezone.localdate()
    if not certificate.can_be_renewed(today):
        raise CannotFollow
    refuse_wrong_drawing(certificate.design)
    return _renewed(certificate, reason, act, by, today)


@transaction.atomic
def _renewed(certificate: Certificate, reason: str, act: str, by: User, today: date) -> Certificate:
    months = certificate.decision.valid_months
    fields = _shared(certificate, reason, act, by)
    try:
        return enter(
            thaw(certificate.paper),
            PaperKind(certificate.register.kind),
            today,
            design=certificate.design,
            renews=certificate,
            expires_on=months_after(today, months) if months else None,
            **fields,
        )
    except IntegrityError as error:
        raise CannotFollow from error


def _shared(certificate: Certificate, reason: str, act: str, by: User) -> dict[str, object]:
    return {
        "enrolment": certificate.enrolment,
        "class_group": certificate.class_group,
        "person": certificate.person,
        "decision": certificate.decision,
        "issue_reason": reason,
        "issue_act": act,
        "issued_by": by,
    }
