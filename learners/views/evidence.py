"""Evidence packs of a class: asking for one, its checksum, and who took it away."""

import logging
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from learners.actions.audit import note
from learners.choices import Act
from learners.evidence.making import KEPT, ask_for_pack
from learners.models import EvidenceFetch, EvidencePack
from learners.permissions import account_of, kept_classes, provable_classes, refuse
from learners.tasks import make_evidence_pack

logger = logging.getLogger(__name__)

SHOWN = 20
STUCK_AFTER = timedelta(minutes=30)
"""A pack that is not there by then has failed, or no worker runs."""


@login_required
@require_http_methods(["GET", "POST"])
def packs(request: HttpRequest, pk: int) -> HttpResponse:
    """The packs made so far; a POST has one made by a job."""
    group = provable_classes(request.user).filter(pk=pk).select_related("provider").first()
    if group is None:
        raise refuse(request.user, "evidence of class", pk)
    if request.method == "POST":
        pack = ask_for_pack(group, account_of(request.user))
        make_evidence_pack.enqueue(str(pack.pk))
        return redirect("learners:evidence", pk)
    made = group.evidence_packs.select_related("asked_by").prefetch_related("fetches__by")
    shown = list(made[:SHOWN])
    waiting = next((pack for pack in shown if pack.made_at is None), None)
    is_stuck = waiting is not None and waiting.asked_at < timezone.now() - STUCK_AFTER
    context = {
        "group": group,
        "packs": shown,
        "is_waiting": waiting is not None and not is_stuck,
        "is_stuck": is_stuck,
        "kept_days": KEPT.days,
        "keeps": kept_classes(request.user).filter(pk=pk).exists(),
    }
    response = render(request, "learners/evidence/packs.html", context)
    if context["is_waiting"]:
        response["Refresh"] = "3"
    return response


@login_required
@require_GET
def fetch(request: HttpRequest, pk: str) -> HttpResponse | FileResponse:
    """One pack, to those who may see its class; each time is written down."""
    pack = EvidencePack.objects.filter(
        pk=pk, class_group__in=provable_classes(request.user), made_at__isnull=False
    ).first()
    if pack is None:
        raise refuse(request.user, "evidence pack", pk)
    if not pack.file:
        messages.info(request, _("This file is no longer kept. Have it made again."))
        return redirect("learners:evidence", pack.class_group_id)
    by = account_of(request.user)
    EvidenceFetch.objects.create(pack=pack, by=by)
    note(Act.LIST_TAKEN_OUT, f"evidence of class {pack.class_group_id}", by=by)
    logger.info("download: account %s, evidence pack %s", request.user.pk, pack.pk)
    return FileResponse(pack.file.open("rb"), as_attachment=True, filename=pack.name)
