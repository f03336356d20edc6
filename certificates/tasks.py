"""Work that may wait: each task fetches by id and calls one action."""

import logging

from django_tasks import task

from certificates.actions.bundles import forget_bundles, make_bundle
from certificates.actions.lists import issue_by_list, lists_that_wait
from certificates.actions.online import due_for_certificate, issue_certificate
from certificates.actions.online_signatures import sign_due
from certificates.actions.signatures import sign_list
from certificates.actions.withholding import DrawsWrongly, look_again
from certificates.signing import signs_itself
from learners.models import User

logger = logging.getLogger(__name__)


@task(queue_name="papers")
def issue_for_enrolment(enrolment_id: int) -> None:
    """Idempotent: a second delivery finds the paper. The signature is a job of its own. While
    papers are drawn wrongly it makes none; `issue_missing` asks again."""
    try:
        paper = issue_certificate(enrolment_id)
    except DrawsWrongly as error:
        logger.warning("the paper of enrolment %s waits: %s", enrolment_id, error)
        return
    if paper is not None and signs_itself():
        sign_online_papers.enqueue([paper.pk])


@task(queue_name="reports")
def sign_online_papers(ids: list[int] | None = None) -> None:
    """Resumable: what is signed is not due any more. Nobody waits for it, so it keeps nobody
    waiting for a paper."""
    sign_due(ids)


@task(queue_name="papers")
def issue_missing() -> None:
    """Heal every gap: completed, and no certificate."""
    for enrolment_id in due_for_certificate().values_list("pk", flat=True)[:500]:
        issue_for_enrolment.enqueue(enrolment_id)


@task
def issue_papers_of_list(list_id: int) -> None:
    """Resumable: goes on with the first line that has no outcome. While papers are drawn wrongly
    it makes none; `look_again_at_papers` sets it going again."""
    try:
        issue_by_list(list_id)
    except DrawsWrongly as error:
        logger.warning("the papers of list %s wait: %s", list_id, error)


@task
def sign_papers_of_list(list_id: int, account_id: int) -> None:
    """Resumable: goes on with the first paper that is not signed."""
    sign_list(list_id, by=User.objects.get(pk=account_id))


@task
def make_paper_bundle(bundle_id: str) -> None:
    """Resumable: parts that were drawn before a kill are taken up."""
    make_bundle(bundle_id)


@task
def forget_paper_bundles() -> None:
    forget_bundles()


@task(queue_name="papers")
def look_again_at_papers() -> None:
    """Idempotent: whether what is withheld is right again, and what is not still is. Then the
    lists whose papers waited for that go on."""
    look_again()
    for list_id in lists_that_wait().values_list("pk", flat=True):
        issue_papers_of_list.enqueue(list_id)
