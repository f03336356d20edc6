"""The approver's desk: self-trainings that wait, one by one or many, and second looks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from learners.actions.claims import (
    ClaimIsClosed,
    approve_claims,
    draw_rechecks,
    note_opening,
    opened_by,
    record_recheck,
    return_claim,
    twins_of,
)
from learners.choices import ClaimStep, RecheckOutcome, RecordState
from learners.claim_forms import RecheckForm, ReturnForm
from learners.models import Recheck, ReportingPeriod, TrainingRecord
from learners.permissions import (
    APPROVE_RECORDS,
    SEE_CLAIMS,
    account_of,
    claims_for,
    granted_roots,
    refuse,
)
from learners.reports.claims import unit_names_of
from learners.views.ticked import ticked_keys

ON_A_PAGE = 50


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, with everything that strikes the eye beside it."""
    _require(request, SEE_CLAIMS)
    waiting = claims_for(request.user).filter(state=RecordState.WAITING)
    waiting = waiting.select_related("person").order_by("created_at", "pk")
    page = Paginator(waiting, ON_A_PAGE).get_page(request.GET.get("trang"))
    claims = list(page.object_list)
    opened = opened_by(claims, account_of(request.user))
    twins, units = twins_of(claims), unit_names_of(claims)
    context = {
        "page": page,
        "rows": [(c, units.get(c.person_id, ""), c.pk in opened, twins[c.pk]) for c in claims],
        "may_decide": _may(request, APPROVE_RECORDS),
        "any_opened": bool(opened),
    }
    return render(request, "learners/claims/queue.html", context)


@login_required
@require_GET
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """One self-training with proof, history and twins; looking is remembered."""
    claim = _claim(request, pk)
    may_decide = claims_for(request.user, APPROVE_RECORDS).filter(pk=pk).exists()
    if may_decide:
        note_opening(claim=claim, by=account_of(request.user))
    return _show(request, claim, ReturnForm(), may_decide=may_decide)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, or return with a reason; then the next that waits."""
    claim, account = _claim(request, pk, APPROVE_RECORDS), account_of(request.user)
    form = ReturnForm(request.POST)
    if "approve" in request.POST:
        if approve_claims(claims=[claim], by=account):
            messages.success(request, _("Approved: %(title)s") % {"title": claim.title})
        else:
            messages.warning(request, _("It was decided meanwhile. Nothing was changed."))
    elif form.is_valid():
        try:
            return_claim(claim=claim, by=account, reason=form.cleaned_data["reason"])
            messages.success(request, _("Returned with your reason."))
        except ClaimIsClosed:
            messages.warning(request, _("It was decided meanwhile. Nothing was changed."))
    else:
        return _show(request, claim, form, may_decide=True, status=422)
    waiting = claims_for(request.user, APPROVE_RECORDS).filter(state=RecordState.WAITING)
    following = waiting.order_by("created_at", "pk").first()
    return redirect("reports:claim", following.pk) if following else redirect("reports:claims")


@login_required
@require_POST
def approve_many(request: HttpRequest) -> HttpResponse:
    """Approve those ticked that this account has opened; say how many were left, and why."""
    _require(request, APPROVE_RECORDS)
    ticked = ticked_keys(request, "claim")
    claims = list(
        claims_for(request.user, APPROVE_RECORDS).filter(pk__in=ticked, state=RecordState.WAITING)
    )
    opened = opened_by(claims, account_of(request.user))
    done = approve_claims(claims=[c for c in claims if c.pk in opened], by=account_of(request.user))
    text = ngettext("%(n)d self-training approved.", "%(n)d self-trainings approved.", len(done))
    messages.success(request, text % {"n": len(done)})
    left = len(set(ticked)) - len(done)
    if left:
        text = ngettext(
            "%(n)d was left as it is: open it before you approve it.",
            "%(n)d were left as they are: open each before you approve it.",
            left,
        )
        messages.warning(request, text % {"n": left})
    return redirect("reports:claims")


@login_required
def rechecks(request: HttpRequest) -> HttpResponse:
    """The period's sample of one in twenty: drawn here, and looked at by those who may see it.

    Whoever approved a record does not look at it a second time.
    """
    _require(request, SEE_CLAIMS)
    period = ReportingPeriod.objects.covering(timezone.localdate()).first()
    if request.method == "POST" and period:
        _require(request, APPROVE_RECORDS)
        # The lot is drawn over the province: what is said of it is what the list below shows.
        text = _("Drawn up to today.") if draw_rechecks(period) else _("Nothing new was due.")
        messages.success(request, text)
        return redirect("reports:rechecks")
    rows = Recheck.objects.filter(record__in=claims_for(request.user), period=period)
    rows = rows.select_related("record", "person", "checked_by").order_by("person__name_key", "pk")
    drawn = list(rows)
    units = unit_names_of([row.record for row in drawn])
    context = {
        "period": period,
        "rows": [(row, units.get(row.person_id, "")) for row in drawn],
        "open": sum(row.outcome == RecheckOutcome.OPEN for row in drawn),
        "may_draw": _may(request, APPROVE_RECORDS),
    }
    return render(request, "learners/claims/rechecks.html", context)


@login_required
def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """Look a second time, and write down what was found."""
    claims = claims_for(request.user, APPROVE_RECORDS)
    found = Recheck.objects.filter(pk=pk, record__in=claims).first()
    if found is None:
        raise refuse(request.user, "recheck", pk)
    approved_by = found.record.steps.filter(step=ClaimStep.APPROVED).order_by("-at", "-pk").first()
    is_own = approved_by is not None and approved_by.by_id == request.user.pk
    form = RecheckForm(request.POST or None)
    if request.method == "POST" and not is_own and form.is_valid():
        try:
            record_recheck(
                recheck=found,
                outcome=RecheckOutcome(form.cleaned_data["outcome"]),
                note=form.cleaned_data["note"],
                by=account_of(request.user),
            )
            messages.success(request, _("Written down."))
        except ClaimIsClosed:
            messages.warning(request, _("Somebody wrote it down before. Nothing was changed."))
        return redirect("reports:rechecks")
    context = {"recheck": found, "form": form, "is_own": is_own, **_about(found.record)}
    return render(
        request, "learners/claims/recheck.html", context, status=422 if form.is_bound else 200
    )


def _show(
    request: HttpRequest,
    claim: TrainingRecord,
    form: ReturnForm,
    *,
    may_decide: bool,
    status: int = 200,
) -> HttpResponse:
    is_waiting = claim.state == RecordState.WAITING
    context = {"form": form, "may_decide": may_decide and is_waiting, **_about(claim)}
    return render(request, "learners/claims/look.html", context, status=status)


def _about(claim: TrainingRecord) -> dict:
    return {
        "claim": claim,
        "unit": unit_names_of([claim]).get(claim.person_id, ""),
        "proof": claim.proofs.filter(replaced_at__isnull=True).first(),
        "twins": twins_of([claim])[claim.pk],
        "steps": claim.steps.select_related("by"),
    }


def _claim(request: HttpRequest, pk: int, right: str = SEE_CLAIMS) -> TrainingRecord:
    claim = claims_for(request.user, right).filter(pk=pk).select_related("person").first()
    if claim is None:
        raise refuse(request.user, "self-training", pk)
    return claim


def _may(request: HttpRequest, right: str) -> bool:
    return granted_roots(request.user, right) != []


def _require(request: HttpRequest, right: str) -> None:
    if not _may(request, right):
        raise refuse(request.user, "self-trainings", right)
