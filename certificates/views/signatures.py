"""Signing: here with the server's key, or outside: papers go out unsigned and come back signed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certificates.actions.online_signatures import due_for_signature, online_papers
from certificates.actions.signatures import (
    MOST_FILES,
    Outcome,
    export_batch,
    import_batch,
    unpacked,
)
from certificates.actions.withholding import held_back, withheld_now
from certificates.list_forms import SignedBatchForm
from certificates.models import Certificate, IssueList
from certificates.permissions import require_keeper
from certificates.signing import CannotSign, WrongFile, own_signer, signs_itself
from certificates.tasks import sign_online_papers, sign_papers_of_list
from certificates.views.lists import LOOK_AGAIN_SECONDS, list_of
from learners.permissions import account_of, refuse


@login_required
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How many papers of a list are signed; the door out and the door in."""
    found = list_of(request, pk)
    form = SignedBatchForm(request.POST or None, request.FILES or None)
    outcomes: list[Outcome] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["batch"]
        try:
            outcomes = import_batch(
                unpacked(upload.file, upload.name), papers_of(found), by=account_of(request.user)
            )
        except WrongFile as error:
            form.add_error("batch", str(error))
    papers = papers_of(found)
    signed = sum(hasattr(paper, "signed_pdf") for paper in papers)
    of_list = held_back().filter(certificate__issue_line__issue_list=found)
    held = set(of_list.values_list("certificate_id", flat=True))
    waits = any(paper.pk not in held and not hasattr(paper, "signed_pdf") for paper in papers)
    withheld = withheld_now().filter(certificate__issue_line__issue_list=found).count()
    context = {
        "list": found,
        "group": found.class_group,
        "form": form,
        "kept": [one for one in outcomes if not one.refusal],
        "refused": [one for one in outcomes if one.refusal],
        "signed": signed,
        "total": len(papers),
        "parts": range(1, -(-len(papers) // MOST_FILES) + 1),
        "signs_itself": signs_itself(),
        "withheld": withheld,
    }
    status = 422 if form.errors else 200
    response = render(request, "certificates/lists/batch.html", context, status=status)
    if "dang-ky" in request.GET and waits:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


@login_required
@require_POST
def sign_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a list's papers signed by a job with the server's key, if that can be opened."""
    found = list_of(request, pk)
    here = reverse("certificates:batch", args=[pk])
    try:
        own_signer()
    except CannotSign as error:
        messages.error(request, str(error))
        return redirect(here)
    sign_papers_of_list.enqueue(found.pk, account_of(request.user).pk)
    messages.success(request, _("The papers are being signed."))
    return redirect(f"{here}?dang-ky=1")


@login_required
@require_GET
def export(request: HttpRequest, pk: int, part: int) -> StreamingHttpResponse:
    """Unsigned PDFs with their list, 300 in one ZIP; sent while it is made."""
    found = list_of(request, pk)
    papers = papers_of(found)[(part - 1) * MOST_FILES : part * MOST_FILES] if part else []
    if not papers:
        raise refuse(request.user, "part of list", pk)
    response = StreamingHttpResponse(export_batch(papers), content_type="application/zip")
    name = f"ky-so-{found.class_group.code}-{part}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def papers_of(found: IssueList) -> list[Certificate]:
    """The papers of a list in its order, those that still stand."""
    papers = Certificate.objects.filter(issue_line__issue_list=found, state="valid")
    papers = papers.select_related("signed_pdf", "register", "design")
    return list(papers.order_by("issue_line__position"))


@login_required
@require_http_methods(["GET", "POST"])
def online(request: HttpRequest) -> HttpResponse:
    """How far the papers of online courses are signed; a POST has a job sign those that wait, if
    the key can be opened."""
    require_keeper(request.user, "signatures of online papers")
    here = reverse("certificates:online_signatures")
    if request.method == "POST":
        try:
            own_signer()
        except CannotSign as error:
            messages.error(request, str(error))
            return redirect(here)
        sign_online_papers.enqueue()
        messages.success(request, _("The papers are being signed."))
        return redirect(f"{here}?dang-ky=1")
    waiting = due_for_signature()
    context = {
        "signs_itself": signs_itself(),
        "total": online_papers().count(),
        "signed": online_papers().filter(signed_pdf__isnull=False).count(),
        "waiting": waiting.count(),
        "oldest": waiting.first(),
        "withheld": withheld_now().filter(certificate__in=online_papers()).count(),
    }
    response = render(request, "certificates/online_signatures.html", context)
    if "dang-ky" in request.GET and context["waiting"]:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response
