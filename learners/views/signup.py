"""An account for whoever has no unit: entrepreneurs, students, young founders."""

from allauth.core import ratelimit
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from learners.account_forms import SignUpForm
from learners.actions.accounts import PhoneIsTaken, sign_up
from learners.models import Person

NOTICE = "2026-11"
"""Version of the wording in templates/learners/sign_up.html; a new wording gets a new one."""

TRIES = {"signup": "20/h/ip"}
"""A class of students may share one address; a script may not try all phones."""


@never_cache
@require_http_methods(["GET", "POST"])
def sign_up_page(request: HttpRequest) -> HttpResponse:
    """Open an account, sign in at once, and go on where one came from."""
    if request.user.is_authenticated:
        return redirect("learners:my_learning")
    form = SignUpForm(request.POST or None)
    if request.method == "POST":
        refused = ratelimit.consume_or_429(request, action="signup", config=TRIES)
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
                account = sign_up(
                    person=person,
                    password=given["password"],
                    notice=NOTICE,
                    business=form.business(),
                )
            except PhoneIsTaken:
                form.add_error("phone", _("An account with this phone exists: sign in instead."))
            else:
                login(request, account)
                return redirect("learners:my_learning")
    status = 422 if form.is_bound else 200
    return render(request, "learners/sign_up.html", {"form": form}, status=status)
