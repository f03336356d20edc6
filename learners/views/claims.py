"""One's own self-training: declare it, prove it, send it, read what became of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from learners.actions.claims import (
    OPEN_STATES,
    ClaimIsClosed,
    save_claim,
    send_claim,
    take_back_claim,
)
from learners.choices import RecordState
from learners.claim_forms import ClaimForm, SendForm
from learners.models import Proof, TrainingRecord
from learners.permissions import account_of, claims_for, own_claims, own_person, refuse


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I declared, and where each stands."""
    context = {"person": own_person(request.user), "claims": list(own_claims(request.user))}
    return render(request, "learners/claims/mine.html", context)


@login_required
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Declare a self-training, or change one nobody has decided on; perhaps send it at once."""
    claim = get_object_or_404(own_claims(request.user), pk=pk) if pk else TrainingRecord()
    person = own_person(request.user)
    if person is None:
        return redirect("learners:claims")
    if pk and claim.state not in OPEN_STATES:
        return redirect("learners:claim", pk)
    claim.person = person
    wants_to_send = "send" in request.POST
    door = SendForm if wants_to_send else ClaimForm
    form = door(request.POST or None, request.FILES or None, instance=claim)
    if request.method == "POST" and form.is_valid():
        try:
            save_claim(claim=form.instance, proof=form.checked, by=account_of(request.user))
            if wants_to_send:
                send_claim(claim=claim, by=account_of(request.user))
        except ClaimIsClosed:
            messages.warning(request, _("It was sent already. Nothing was changed."))
        else:
            messages.success(request, _outcome(claim, wants_to_send))
        return redirect("learners:claim", claim.pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "claim": claim if pk else None, "proof": _proof_of(claim)}
    return render(request, "learners/claims/edit.html", context, status=status)


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One self-training with its whole history."""
    claim = get_object_or_404(own_claims(request.user), pk=pk)
    context = {
        "claim": claim,
        "proof": _proof_of(claim),
        "steps": claim.steps.select_related("by"),
        "may_change": claim.state in OPEN_STATES,
        "may_take_back": claim.state == RecordState.WAITING,
    }
    return render(request, "learners/claims/detail.html", context)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop waiting, to change something."""
    claim = get_object_or_404(own_claims(request.user), pk=pk)
    try:
        take_back_claim(claim=claim, by=account_of(request.user))
    except ClaimIsClosed:
        messages.warning(request, _("It was decided meanwhile. Nothing was changed."))
        return redirect("learners:claim", pk)
    return redirect("learners:edit_claim", pk)


@login_required
@require_GET
def proof_file(request: HttpRequest, pk: str) -> FileResponse:
    """The file itself: for the person, and for those who may see the claim."""
    proof = Proof.objects.filter(pk=pk).exclude(file="").first()
    if proof is None:
        raise Http404
    if not (
        own_claims(request.user).filter(pk=proof.record_id).exists()
        or claims_for(request.user).filter(pk=proof.record_id).exists()
    ):
        raise refuse(request.user, "proof", proof.pk)
    response = FileResponse(proof.file.open("rb"), content_type=proof.content_type)
    # Shown by the browser, but as a stranger: it may run nothing and call nothing.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    response["Cache-Control"] = "private, no-store"
    return response


def _proof_of(claim: TrainingRecord) -> Proof | None:
    return claim.proofs.filter(replaced_at__isnull=True).first() if claim.pk else None


def _outcome(claim: TrainingRecord, was_sent: bool) -> str:
    if claim.state == RecordState.APPROVED:
        return _("Approved at once: this source is trusted by rule.")
    if was_sent:
        return _("Sent. Your unit decides; you will see the answer here.")
    return _("Saved. It counts only once your unit has approved it.")
