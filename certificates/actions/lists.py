"""The papers of a class: list, decision, papers. Nothing is made before the decision."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from certificates.actions.entering import (
    design_for,
    expiry,
    keep,
    opened,
    rests_on,
    write,
)
from certificates.actions.withholding import refuse_wrong_drawing
from certificates.choices import LineState, ListState, PaperKind
from certificates.designs import worded
from certificates.eligibility import verdicts
from certificates.models import Certificate, Decision, Design, IssueLine, IssueList
from certificates.papers import grounds_of_class, paper_now
from certificates.pdf import Unprintable
from courses.models import ClassGroup, Provider
from learners.models import User

AT_A_TIME = 50
"""Lines that are settled together: some 100 ms for which others wait for the register."""


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

    Some at a time in a transaction of their own, with their serials, their lines and the words to
    their owners: cut off at any point and called again, it goes on with the next line, and nobody
    gets two. Whoever lost the right since the list was drawn up is refused with the reason. Raises
    DrawsWrongly while papers of the list's design are withheld; the other lines wait.
    """
    while True:
        waiting = lists_that_wait().filter(pk=list_id).first()
        if waiting is None:
            return
        refuse_wrong_drawing(design_of(waiting, timezone.localdate()))
        _issue_some(list_id)


def lists_that_wait() -> QuerySet[IssueList]:
    """Decided lists of which papers are not made yet."""
    decided = IssueList.objects.filter(state=ListState.DECIDED, decision__isnull=False)
    waiting = IssueLine.objects.filter(issue_list=OuterRef("pk"), state=LineState.ELIGIBLE)
    return decided.filter(Exists(waiting)).select_related("class_group", "decision").order_by("pk")


def design_of(issue_list: IssueList, today: date) -> Design | None:
    """What the papers of a decided list look like if they are made today."""
    decision = issue_list.decision
    return design_for(issue_list.class_group, decision.kind, today) if decision else None


@transaction.atomic
def _issue_some(list_id: int) -> None:
    """The next lines. List and register stay locked, so that what is asked
    of people here still holds when their papers are kept."""
    issue_list = _held(list_id)
    if issue_list is None or issue_list.decision is None:
        return
    waiting = issue_list.lines.filter(state=LineState.ELIGIBLE).order_by("position")
    lines = list(waiting[:AT_A_TIME])
    if not lines:
        return
    group, decision, today = issue_list.class_group, issue_list.decision, timezone.localdate()
    kind = PaperKind(decision.kind)
    register = opened(kind, today.year)
    judged = verdicts(group, [line.person_id for line in lines])
    reasons = {one.person.pk: one.reason for one in judged}
    entitled = [one.person for one in judged if not one.reason]
    grounds = {ground.person.pk: ground for ground in grounds_of_class(entitled, group)}
    design, expires_on = design_for(group, kind, today), expiry(decision, today, None)
    papers: dict[int, Certificate] = {}
    for line in lines:
        line.reason = reasons[line.person_id]
        if line.reason:
            continue
        ground = grounds[line.person_id]
        words = worded(paper_now(ground, decision, kind, today, serial="", code=""), design)
        fields = rests_on(ground, decision, design)
        try:
            papers[line.pk] = write(register, words, today, expires_on=expires_on, **fields)
        except Unprintable as refusal:
            line.reason = refusal.reason[:300]
    keep(register, list(papers.values()))
    for line in lines:
        line.certificate = papers.get(line.pk)
        line.state = LineState.ISSUED if line.certificate else LineState.REFUSED
    IssueLine.objects.bulk_update(lines, ["state", "reason", "certificate"])


def _held(list_id: int) -> IssueList | None:
    """The list, if it is decided, locked until the commit: two workers take turns."""
    decided = IssueList.objects.filter(pk=list_id, state=ListState.DECIDED)
    held = decided.select_for_update(of=("self",), no_key=True)
    return held.select_related("class_group__provider", "decision").first()
