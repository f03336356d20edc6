"""The hand-over list of a class: printed to be signed, ticked afterwards."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certificates.actions.hand_over import hand_over, take_back_hand_over
from certificates.choices import HandOverWay
from certificates.list_forms import HandOverForm
from certificates.models import Certificate, HandOver
from certificates.views.lists import list_of
from learners.permissions import account_of


@login_required
def hand_over_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Every paper of the list with room for a signature, and who has his."""
    found = list_of(request, pk)
    standing = HandOver.objects.filter(revoked_at__isnull=True).select_related("noted_by")
    papers: list[Certificate] = list(
        Certificate.objects.filter(issue_line__issue_list=found)
        .select_related("person")
        .prefetch_related(Prefetch("hand_overs", queryset=standing, to_attr="handed"))
        .order_by("issue_line__position")
    )
    form = HandOverForm(
        request.POST if "hand_over" in request.POST else None,
        initial={
            "handed_on": date_format(timezone.localdate()),
            "way": HandOverWay.IN_PERSON,
        },
    )
    if request.method == "POST" and _note(request, papers, form):
        return redirect("certificates:hand_over", pk)
    context = {
        "list": found,
        "group": found.class_group,
        "papers": papers,
        "handed": len([paper for paper in papers if getattr(paper, "handed", [])]),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "certificates/lists/hand_over.html", context, status=status)


def _note(request: HttpRequest, papers: list[Certificate], form: HandOverForm) -> bool:
    """Note or take back; False with the form saying why not."""
    by = account_of(request.user)
    if "undo" in request.POST:
        for paper in papers:
            if paper.serial == request.POST["undo"] and take_back_hand_over(
                certificate=paper, by=by
            ):
                messages.info(request, _("Taken back: %(name)s") % {"name": paper.serial})
        return True
    if not form.is_valid():
        return False
    ticked = set(request.POST.getlist("paper"))
    chosen = [paper for paper in papers if paper.serial in ticked]
    if not chosen:
        form.add_error(None, _("Tick the papers that were handed over."))
        return False
    given = form.cleaned_data
    noted = hand_over(
        certificates=chosen,
        day=given["handed_on"],
        way=HandOverWay(given["way"]),
        received_by=given["received_by"],
        by=by,
    )
    messages.success(request, _("Hand-over noted for %(n)d papers.") % {"n": noted})
    return True
