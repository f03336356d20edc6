"""The papers of a class: list, decision, papers. Nothing is made before the decision."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from certificates.actions.entering import enter_paper
from certificates.choices import LineState, ListState, PaperKind
from certificates.eligibility import verdicts
from certificates.models import Decision, IssueLine, IssueList
from certificates.papers import ground_of_class
from certificates.pdf import Unprintable
from courses.models import ClassGroup, Provider
from learners.models import User

AT_A_TIME = 50
"""Lines whose right to a paper is asked anew together."""


class ListAwaitsDecision(Exception):
    """The class has a list that was not decided yet."""


class NobodyToList(Exception):
    """Nobody had a seat or was there."""


class NotADraft(Exception):
    """The list was decided or discarded before: nothing was changed."""


class NotEntitled(Exception):
    """The provider may not issue a "chứng chỉ"."""


@transaction.atomic
def draw_up(*, group: ClassGroup, by: User) -> IssueList:
    """Freeze who gets a paper and who does not, with the reason.

    Raises ListAwaitsDecision or NobodyToList.
    """
    judged = verdicts(group)
    if not judged:
        raise NobodyToList
    try:
        with transaction.atomic():
            drawn = IssueList.objects.create(class_group=group, drawn_up_by=by)
    except IntegrityError as error:
        raise ListAwaitsDecision from error
    IssueLine.objects.bulk_create(
        IssueLine(
            issue_list=drawn,
            person=verdict.person,
            position=position,
            state=LineState.REFUSED if verdict.reason else LineState.ELIGIBLE,
            reason=verdict.reason,
        )
        for position, verdict in enumerate(judged, start=1)
    )
    return drawn


def discard(issue_list: IssueList) -> None:
    """Put a list aside so that a new one can be drawn up. It stays readable. Raises NotADraft."""
    drafts = IssueList.objects.filter(pk=issue_list.pk, state=ListState.DRAFT)
    if not drafts.update(state=ListState.DISCARDED):
        raise NotADraft


@transaction.atomic
def decide(*, issue_list: IssueList, decision: Decision, by: User) -> None:
    """Enter the signed decision on a list; the papers may be made from then on.

    Raises NotADraft or NotEntitled; nothing is kept then.
    """
    provider = issue_list.class_group.provider
    if decision.kind not in kinds_of(provider):
        raise NotEntitled
    decision.entered_by = by
    decision.save()
    changed = IssueList.objects.filter(pk=issue_list.pk, state=ListState.DRAFT).update(
        state=ListState.DECIDED, decision=decision, decided_at=timezone.now(), decided_by=by
    )
    if not changed:
        raise NotADraft


def kinds_of(provider: Provider) -> list[PaperKind]:
    """What papers a provider's classes may yield."""
    entitled = [PaperKind.CERTIFICATE] if provider.may_issue_certificates else []
    return [PaperKind.COMPLETION, *entitled]


def issue_by_list(list_id: int) -> None:
    """Make the papers of a decided list that are not made yet.

    Each in a transaction of its own with its serial, its line and the word to its owner: cut
    off at any point and called again, it goes on with the next line, and nobody gets two.
    Whoever lost the right since the list was drawn up is refused with the reason.
    """
    issue_list = (
        IssueList.objects.filter(pk=list_id, state=ListState.DECIDED)
        .select_related("class_group__provider", "decision")
        .first()
    )
    while issue_list is not None:
        waiting = issue_list.lines.filter(state=LineState.ELIGIBLE).order_by("position")
        batch = dict(waiting.values_list("person_id", "pk")[:AT_A_TIME])
        if not batch:
            return
        reasons = {v.person.pk: v.reason for v in verdicts(issue_list.class_group, batch)}
        for person_id, line_id in batch.items():
            _issue_line(issue_list, line_id, reasons.get(person_id, ""))


def _issue_line(issue_list: IssueList, line_id: int, reason: str) -> None:
    assert issue_list.decision is not None  # noqa: S101  a constraint of decided lists
    if not reason:
        try:
            with transaction.atomic():
                line = _claimed(line_id)
                if line is not None:
                    ground = ground_of_class(line.person, issue_list.class_group)
                    paper = enter_paper(ground, issue_list.decision, timezone.localdate())
                    _settle(line_id, state=LineState.ISSUED, certificate=paper)
            return
        except Unprintable as refusal:
            reason = refusal.reason
    _settle(line_id, state=LineState.REFUSED, reason=reason[:300])


def _claimed(line_id: int) -> IssueLine | None:
    """The line, held until the commit, if nobody settled it before."""
    lines = IssueLine.objects.select_for_update(of=("self",)).select_related("person")
    return lines.filter(pk=line_id, state=LineState.ELIGIBLE).first()


def _settle(line_id: int, **outcome: Any) -> None:
    IssueLine.objects.filter(pk=line_id, state=LineState.ELIGIBLE).update(**outcome)
