"""All papers of a list in one file: having it made, watching it, taking it away."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from certificates.actions.bundles import KEPT, ask_for_bundle
from certificates.choices import BundleForm
from certificates.models import PaperBundle
from certificates.permissions import require_keeper
from certificates.tasks import make_paper_bundle
from certificates.views.lists import list_of
from learners.permissions import account_of, refuse

logger = logging.getLogger(__name__)

SHOWN = 10
LOOK_AGAIN_SECONDS = 3


@login_required
@require_http_methods(["GET", "POST"])
def bundles(request: HttpRequest, pk: int) -> HttpResponse:
    """The files made of a list; a POST has one made by a job."""
    found = list_of(request, pk)
    if request.method == "POST":
        form = request.POST.get("form")
        if form in BundleForm.values and found.lines.filter(certificate__isnull=False).exists():
            bundle = ask_for_bundle(issue_list=found, form=form, by=account_of(request.user))
            make_paper_bundle.enqueue(str(bundle.pk))
        else:
            messages.error(request, _("There is no paper to put together yet."))
        return redirect("certificates:bundles", pk)
    made = list(PaperBundle.objects.filter(issue_list=found).select_related("asked_by")[:SHOWN])
    context = {
        "list": found,
        "group": found.class_group,
        "bundles": made,
        "forms": BundleForm.choices,
        "is_waiting": any(bundle.is_waiting for bundle in made),
        "kept_days": KEPT.days,
    }
    response = render(request, "certificates/lists/bundles.html", context)
    if context["is_waiting"]:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


@login_required
@require_GET
def fetch_bundle(request: HttpRequest, pk: str) -> HttpResponse | FileResponse:
    """One file, for those who keep the register; each time is written to the log."""
    require_keeper(request.user, f"file of papers {pk}")
    bundle = (
        PaperBundle.objects.filter(pk=pk, made_at__isnull=False)
        .select_related("issue_list__class_group")
        .first()
    )
    if bundle is None:
        raise refuse(request.user, "file of papers", pk)
    if not bundle.file:
        messages.info(request, _("This file is no longer kept. Have it made again."))
        return redirect("certificates:bundles", bundle.issue_list_id)
    logger.info("download: account %s, file of papers %s", request.user.pk, bundle.pk)
    name = f"giay-lop-{bundle.issue_list.class_group_id}-{bundle.asked_at:%Y%m%d}.{bundle.form}"
    response = FileResponse(bundle.file.open("rb"), as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response
