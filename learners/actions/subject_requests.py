"""Requests about one's own data: filed, answered or refused, always within a clock.

Each step is a row and an entry of the audit log. What was asked and answered stands in the rows;
the log carries ids and kinds alone, because it can never be erased.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from learners.actions.audit import note
from learners.choices import Act, RequestState, RequestStep, SubjectRight
from learners.clocks import due_on, first_reply_by
from learners.models import Consent, Person, SubjectRequest, SubjectRequestStep, User

CLOSING = {
    RequestState.ANSWERED: RequestStep.ANSWERED,
    RequestState.REFUSED: RequestStep.REFUSED,
    RequestState.TAKEN_BACK: RequestStep.TAKEN_BACK,
}


class AskedAlready(Exception):
    """The same is being handled already."""


class IsClosed(Exception):
    """The request was answered, refused or taken back before."""


@transaction.atomic
def file_request(
    *,
    person: Person,
    right: SubjectRight,
    words: str,
    received_on: date,
    by: User,
    paper: str = "",
) -> SubjectRequest:
    """Start the clocks. Raises AskedAlready while an equal request of the person is open; the
    person's row is locked, so of two clicks one files."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.subject_requests.filter(state=RequestState.RECEIVED, right=right).exists():
        raise AskedAlready
    request = SubjectRequest.objects.create(
        person=person,
        right=right,
        words=words,
        paper=paper,
        received_on=received_on,
        first_reply_by=first_reply_by(received_on),
        due_on=due_on(right, received_on),
    )
    _step(request, RequestStep.RECEIVED, by)
    return request


@transaction.atomic
def reply_first(request: SubjectRequest, *, by: User, words: str) -> None:
    """Say that it was received and how it goes on. Raises IsClosed, also when said before."""
    open_one = SubjectRequest.objects.open().filter(pk=request.pk, first_reply_at__isnull=True)
    if not open_one.update(first_reply_at=timezone.now()):
        raise IsClosed
    _step(request, RequestStep.FIRST_REPLY, by, words)


@transaction.atomic
def extend(request: SubjectRequest, *, by: User, why: str) -> None:
    """Use the one extension. Raises IsClosed when there is none left."""
    last = request.could_end()
    open_one = SubjectRequest.objects.open().filter(pk=request.pk, is_extended=False)
    if last is None or not open_one.update(due_on=last, is_extended=True):
        raise IsClosed
    _step(request, RequestStep.EXTENDED, by, why)


@transaction.atomic
def close(request: SubjectRequest, state: RequestState, *, by: User, words: str) -> None:
    """Answer, refuse or take back, once: of two at the same moment the second gets IsClosed.

    An answer is also the first reply when none was given. A withdrawal that is answered ends
    the consents in force.
    """
    now = timezone.now()
    changed = SubjectRequest.objects.open().filter(pk=request.pk)
    if not changed.update(state=state, closed_at=now):
        raise IsClosed
    SubjectRequest.objects.filter(pk=request.pk, first_reply_at__isnull=True).update(
        first_reply_at=now
    )
    if state == RequestState.ANSWERED and request.right == SubjectRight.WITHDRAWAL:
        Consent.objects.filter(account__person=request.person_id, withdrawn_at__isnull=True).update(
            withdrawn_at=now
        )
    _step(request, CLOSING[state], by, words)


def _step(request: SubjectRequest, step: RequestStep, by: User, words: str = "") -> None:
    SubjectRequestStep.objects.create(request=request, step=step, by=by, words=words)
    after = {"request": request.pk, "right": str(request.right), "step": str(step)}
    note(Act.SUBJECT_REQUEST, f"person {request.person_id}", by=by, after=after)
