"""Papers of online courses get the server's signature after their issue, without anybody's act.

A class's papers are signed when a keeper says so; these rest on a standing decision, so a key that
is set up on the server is the act. No signature holds up a paper: it is owed, and added by jobs.
"""

import logging
from contextlib import suppress
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from certificates.actions.signatures import sign_here
from certificates.actions.withholding import Withheld, held_back
from certificates.choices import CertificateState
from certificates.models import Certificate
from certificates.signing import CannotSign, signs_itself
from courses.work import progress

logger = logging.getLogger(__name__)

SIGNED_AT_ONCE = 500
SIGNED_WITHIN = timedelta(hours=1)
"""From the issue; a paper that waits longer is told to the monitoring."""


def online_papers() -> QuerySet[Certificate]:
    """Papers that stand and were issued at once under a standing decision."""
    return Certificate.objects.filter(
        enrolment__isnull=False, decision__is_standing=True, state=CertificateState.VALID
    )


def due_for_signature() -> QuerySet[Certificate]:
    """Those that the server owes its signature, the oldest first; none without a key. What is
    withheld waits until it is right again, also when a confirmation stands for it."""
    if not signs_itself():
        return Certificate.objects.none()
    waiting = online_papers().filter(signed_pdf__isnull=True)
    return waiting.exclude(pk__in=held_back().values("certificate_id")).order_by("pk")


def awaits_signature(certificate: Certificate) -> bool:
    """Whether the server still owes this paper its signature."""
    return due_for_signature().filter(pk=certificate.pk).exists()


def late_for_signature() -> QuerySet[Certificate]:
    """What has been owed for longer than it should be: the key does not answer, or no worker."""
    return due_for_signature().filter(issued_at__lt=timezone.now() - SIGNED_WITHIN)


def sign_due(ids: list[int] | None = None) -> None:
    """Sign what is due, or of these papers those that are; up to SIGNED_AT_ONCE, each by itself.

    Idempotent, and broken off anywhere it goes on with the first unsigned one. A key that cannot
    be used ends it with a line in the log: whoever calls again tries the key again.
    """
    due = due_for_signature() if ids is None else due_for_signature().filter(pk__in=ids)
    waiting = list(due.values_list("pk", flat=True)[:SIGNED_AT_ONCE])
    for done, pk in enumerate(waiting, start=1):
        # Withdrawn or signed by another worker since: not due any more.
        paper = due_for_signature().select_related("design", "register").filter(pk=pk).first()
        if paper is not None:
            try:
                with suppress(Withheld):
                    sign_here(paper)
            except CannotSign as error:
                logger.error("papers of online courses are not signed: %s", error)
                return
        progress(done, len(waiting))
