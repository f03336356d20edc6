"""Trying out classes and approvals: where goal 1 would stand. A GET form; nothing is stored."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from learners.reports.completion import percent, staff_figures
from learners.reports.counting import basis_of
from learners.reports.what_if import SHOWN, best_of, offers_of, situation_of, waiting_claims
from learners.views.frame import frame_of

CLASS, CLAIM, ALL = "lop", "ho-so", "tat-ca"


@login_required
@require_GET
def what_if(request: HttpRequest) -> HttpResponse:
    """Three classes that would help most, and a figure for whatever is chosen.

    What the address names and the page does not offer (any more) is counted and left out.
    """
    frame = frame_of(request)
    period, today = frame.period, timezone.localdate()
    situation = situation_of(period, staff_figures(period, frame.units).counts)
    basis = basis_of(period)
    offers = offers_of(period, basis, frame.units, today)
    waiting = waiting_claims(period, basis, frame.units)
    claims = list(waiting.select_related("person")[: SHOWN + 1])
    has_more = len(claims) > SHOWN
    claims = claims[:SHOWN]

    asked_classes = set(request.GET.getlist(CLASS))
    asked_claims = set(request.GET.getlist(CLAIM)) - {ALL}
    takes_all = ALL in request.GET.getlist(CLAIM)
    chosen = [offer for offer in offers if str(offer.group.pk) in asked_classes]
    picked = [claim for claim in claims if str(claim.pk) in asked_claims]
    if takes_all:
        people = set(waiting.order_by().values_list("person_id", flat=True).distinct())
    else:
        people = {claim.person_id for claim in picked}
    outlook = situation.outlook(chosen, people)
    best = best_of(situation, offers)
    context = {
        "frame": frame,
        "is_over": today > period.ends_on,
        "situation": situation,
        "percent": percent(situation.reached, situation.headcount),
        "offers": [(offer, offer.takes(situation.missing)) for offer in offers],
        "best": [(offer, offer.takes(situation.missing)) for offer in best],
        "best_outlook": situation.outlook(best),
        "best_added": situation.outlook(best).full - situation.reached,
        "claims": claims,
        "has_more": has_more,
        "takes_all": takes_all,
        "classes_chosen": {offer.group.pk for offer in chosen},
        "claims_chosen": {claim.pk for claim in picked},
        "is_tried": bool(chosen or picked or takes_all),
        "lost": len(asked_classes) - len(chosen) + len(asked_claims) - len(picked),
        "outlook": outlook,
        "named_percent": percent(outlook.named, situation.headcount),
        "full_percent": percent(outlook.full, situation.headcount),
        "still_missing": max(0, (situation.target or 0) - outlook.full),
    }
    return render(request, "learners/reports/what_if.html", context)
