"""A helper signs up somebody who stands beside: a community digital team, a post office."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from learners.account_forms import AssistForm
from learners.actions.accounts import PhoneIsTaken, sign_up_for
from learners.models import Person
from learners.permissions import (
    ASSIST,
    account_of,
    assisted_by,
    granted_roots,
    granted_units,
    refuse,
)
from learners.views.signup import NOTICE

SHOWN = 50
MOST = {"assist": "60/h/user"}
"""More than anybody can read the notice to."""


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def assist(request: HttpRequest) -> HttpResponse:
    """The form, and whom one has helped; sent, the sheet with the temporary password: once."""
    if granted_roots(request.user, ASSIST) == []:
        raise refuse(request.user, "assisted sign-up", ASSIST)
    helper = account_of(request.user)
    units = granted_units(helper, timezone.localdate(), ASSIST)
    form = AssistForm(request.POST or None, units=units)
    sheet = None
    if request.method == "POST":
        refused = ratelimit.consume_or_429(request, action="assist", user=helper, config=MOST)
        if refused:
            return refused
        if form.is_valid():
            given = form.cleaned_data
            person = Person(
                full_name=given["full_name"],
                phone=given["phone"],
                audience=given["audience"],
                commune_id=given["commune"],
            )
            try:
                sheet = sign_up_for(
                    person=person, notice=NOTICE, by=helper, business=form.business()
                )
                form = AssistForm(units=units)
            except PhoneIsTaken:
                form.add_error(
                    "phone", _("An account with this phone exists: the person signs in with it.")
                )
    context = {
        "form": form,
        "sheet": sheet,
        "address": settings.PUBLIC_URL.partition("://")[2],
        "helped": assisted_by(helper).select_related("account")[:SHOWN],
    }
    status = 422 if form.errors else 200
    return render(request, "learners/accounts/assist.html", context, status=status)
