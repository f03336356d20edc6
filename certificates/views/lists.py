"""The papers of a class: who gets one, the decision, the making, in that order."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.base import ContentFile
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from certificates.actions.lists import (
    ListAwaitsDecision,
    NobodyToList,
    NotADraft,
    NotEntitled,
    decide,
    design_of,
    discard,
    draw_up,
    kinds_of,
)
from certificates.actions.withholding import draws_wrongly, withheld_now
from certificates.choices import LineState, ListState
from certificates.eligibility import not_yet, verdicts
from certificates.list_forms import DecisionForm
from certificates.models import Decision, IssueList
from certificates.permissions import require_keeper
from certificates.tasks import issue_papers_of_list
from courses.models import ClassGroup
from courses.querysets import classes_called
from learners.permissions import account_of, refuse
from learners.proofs import CheckedProof

logger = logging.getLogger(__name__)

ON_A_PAGE = 50
LOOK_AGAIN_SECONDS = 3
PRINTED_BY_DECISION = ("governing_body", "issuing_body", "place", "signer_title", "signer_name")


@login_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Classes that have ended, the newest first, with their lists; open lists above all."""
    require_keeper(request.user, "desk")
    words = request.GET.get("q", "").strip()
    ended = ClassGroup.objects.filter(ends_on__lt=timezone.localdate())
    classes = classes_called(ended, words)
    page = Paginator(
        classes.select_related("provider").order_by("-ends_on", "code"), ON_A_PAGE
    ).get_page(request.GET.get("trang"))
    lists = IssueList.objects.exclude(state=ListState.DISCARDED).annotate(
        issued=Count("lines", filter=Q(lines__state=LineState.ISSUED)),
        eligible=Count("lines", filter=Q(lines__state=LineState.ELIGIBLE)),
    )
    of_class: dict[int, list[IssueList]] = {}
    for one in lists.filter(class_group__in=page.object_list).select_related("decision"):
        of_class.setdefault(one.class_group_id, []).append(one)
    rows = [(group, of_class.get(group.pk, [])) for group in page.object_list]
    context = {"page": page, "rows": rows, "words": words, "withheld": withheld_now().count()}
    return render(request, "certificates/lists/desk.html", context)


@login_required
def class_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who of a class would get a paper today, and why the others would not; drawing it up."""
    require_keeper(request.user, f"class {pk}")
    group = ClassGroup.objects.filter(pk=pk).select_related("provider").first()
    if group is None:
        raise refuse(request.user, "class", pk)
    hindrance = not_yet(group, timezone.localdate())
    if request.method == "POST" and not hindrance:
        try:
            drawn = draw_up(group=group, by=account_of(request.user))
        except NobodyToList:
            messages.error(request, _("Nobody had a seat in this class or was there."))
        except ListAwaitsDecision:
            messages.error(request, _("A list of this class awaits its decision already."))
        else:
            return redirect("certificates:list", drawn.pk)
    judged = verdicts(group)
    context = {
        "group": group,
        "hindrance": hindrance,
        "eligible": [one.person for one in judged if not one.reason],
        "refused": [one for one in judged if one.reason],
        "lists": IssueList.objects.filter(class_group=group).select_related("decision"),
    }
    return render(request, "certificates/lists/class.html", context)


@login_required
def issue_list(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: for signing, with the form for the decision; afterwards how far the papers are."""
    found = list_of(request, pk)
    form = None
    if found.state == ListState.DRAFT:
        form = DecisionForm(
            request.POST or None,
            request.FILES or None,
            kinds=kinds_of(found.class_group.provider),
            first_day=timezone.localdate(found.drawn_up_at),
            initial=_as_last_time(found),
        )
        if request.method == "POST" and form.is_valid() and _decide(request, found, form):
            return redirect("certificates:list", pk)
    lines = list(found.lines.select_related("person", "certificate"))
    by_state = {state: [line for line in lines if line.state == state.value] for state in LineState}
    waiting = len(by_state[LineState.ELIGIBLE])
    is_running = found.state == ListState.DECIDED and waiting > 0
    is_held = is_running and draws_wrongly(design_of(found, timezone.localdate()))
    done = len(by_state[LineState.ISSUED])
    context = {
        "list": found,
        "group": found.class_group,
        "form": form,
        "eligible": by_state[LineState.ELIGIBLE],
        "issued": by_state[LineState.ISSUED],
        "refused": by_state[LineState.REFUSED],
        "is_running": is_running,
        "is_held": is_held,
        "done": done,
        "total": done + waiting,
    }
    status = 422 if form is not None and form.is_bound else 200
    response = render(request, "certificates/lists/list.html", context, status=status)
    if is_running:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


def _decide(request: HttpRequest, found: IssueList, form: DecisionForm) -> bool:
    """Enter the decision and set the papers going; False with the form saying why not."""
    decision: Decision = form.save(commit=False)
    checked: CheckedProof = form.cleaned_data["scan"]
    decision.scan_sha256, decision.scan_type = checked.fingerprint, checked.content_type
    decision.scan.save(f"decision.{checked.extension}", ContentFile(checked.content), save=False)
    try:
        with transaction.atomic():
            decide(issue_list=found, decision=decision, by=account_of(request.user))
            issue_papers_of_list.enqueue(found.pk)
    except NotEntitled:
        form.add_error("kind", _("This provider is not entitled to issue this kind of paper."))
    except NotADraft:
        form.add_error(None, _("This list was decided or discarded before."))
    else:
        messages.success(request, _("The decision is entered. The papers are being made."))
        return True
    decision.scan.delete(save=False)
    return False


def _as_last_time(found: IssueList) -> dict[str, str]:
    """Bodies and signer as in the provider's last decision, or in the last of all."""
    decisions = Decision.objects.order_by("-signed_on", "-pk")
    provider = found.class_group.provider_id
    last = decisions.filter(issue_list__class_group__provider=provider).first()
    last = last or decisions.first()
    return {name: getattr(last, name) for name in PRINTED_BY_DECISION} if last else {}


@login_required
@require_POST
def discard_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a list aside that will not be decided."""
    found = list_of(request, pk)
    try:
        discard(found)
    except NotADraft:
        messages.error(request, _("This list was decided or discarded before."))
        return redirect("certificates:list", pk)
    messages.success(request, _("The list was put aside. A new one can be drawn up."))
    return redirect("certificates:class_papers", found.class_group_id)


@login_required
@require_POST
def resume_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the papers going again after the job was given up. Harmless while it runs."""
    found = list_of(request, pk)
    issue_papers_of_list.enqueue(found.pk)
    messages.success(request, _("The making of the papers goes on."))
    return redirect("certificates:list", pk)


@login_required
@require_GET
def scan_file(request: HttpRequest, pk: int) -> FileResponse:
    """The scan of a list's decision."""
    found = list_of(request, pk)
    if found.decision is None or not found.decision.scan:
        raise refuse(request.user, "scan of list", pk)
    scan = found.decision.scan
    response = FileResponse(scan.open("rb"), content_type=found.decision.scan_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def list_of(request: HttpRequest, pk: int) -> IssueList:
    """A list, for those who keep the register; 404 otherwise."""
    require_keeper(request.user, f"list {pk}")
    lists = IssueList.objects.select_related(
        "class_group__provider", "decision", "drawn_up_by", "decided_by"
    )
    found = lists.filter(pk=pk).first()
    if found is None:
        raise refuse(request.user, "list", pk)
    return found
