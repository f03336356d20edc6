"""Erasing somebody's data: what would go and what stays, then one proposes and another confirms."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from learners.account_forms import ReasonForm
from learners.choices import ErasureState
from learners.models import Erasure, Person
from learners.permissions import account_of, refuse, subjects_of
from learners.personal_data.erasing import (
    CannotErase,
    confirm,
    drop,
    effect_on,
    obstacle,
    propose,
)


@login_required
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The effect on one person's data; POST proposes, confirms or drops."""
    found = subjects_of(request.user).filter(pk=pk).select_related("user").first()
    if found is None:
        raise refuse(request.user, "erasure of person", pk)
    proposed = found.erasures.filter(state=ErasureState.PROPOSED).select_related("proposed_by")
    open_one = proposed.first()
    form = ReasonForm(request.POST if request.POST.get("step") == "propose" else None)
    if request.method == "POST" and _done(request, found, open_one, form):
        return redirect("reports:erase_person", pk)
    lines = [] if found.erased_at else effect_on(found)
    context = {
        "person": found,
        "obstacle": "" if found.erased_at else obstacle(found),
        "goes": [line for line in lines if not line.stays_by],
        "stays": [line for line in lines if line.stays_by],
        "proposed": open_one,
        "is_mine": open_one is not None and open_one.proposed_by_id == request.user.pk,
        "done": found.erasures.filter(state=ErasureState.DONE).select_related("closed_by").first(),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "learners/erasures/person.html", context, status=status)


def _done(request: HttpRequest, found: Person, open_one: Erasure | None, form: ReasonForm) -> bool:
    """Whether the page is shown anew: the step was taken, or can't be."""
    by = account_of(request.user)
    try:
        match request.POST.get("step"):
            case "propose":
                if not form.is_valid():
                    return False
                propose(found, by=by, why=form.cleaned_data["reason"])
                messages.success(request, _("Proposed. Another officer confirms."))
            case "confirm" if open_one is not None and request.POST.get("sure") == "yes":
                confirm(open_one, by=by)
                messages.success(request, _("The data is erased."))
            case "confirm":
                messages.warning(request, _("Nothing was erased: tick that you have looked."))
            case "drop" if open_one is not None:
                drop(open_one, by=by)
                messages.success(request, _("The proposal is dropped."))
    except CannotErase as reason:
        messages.error(request, str(reason))
    return True
