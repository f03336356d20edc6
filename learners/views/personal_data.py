"""One's own data, and somebody's data for whoever answers him."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from learners.account_forms import ReasonForm
from learners.models import Person, User
from learners.permissions import (
    account_of,
    own_person,
    own_subject_requests,
    refuse,
    subjects_of,
)
from learners.personal_data.making import all_sources, take_out


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def mine(request: HttpRequest) -> HttpResponse | FileResponse:
    """What is held about oneself, and all of it as a zip: to whoever has just shown, by the
    password, that it is not merely his phone."""
    person = own_person(request.user)
    if request.method == "POST" and person is not None:
        return _zip(person, account_of(request.user))
    requests = own_subject_requests(request.user).prefetch_related("steps")
    context = {
        "person": person,
        "requests": requests,
        "titles": [source.title for source in all_sources()],
    }
    return render(request, "learners/personal_data/mine.html", context)


@login_required
@require_POST
def of_person(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Somebody's record for whoever answers him, for a reason that is written down."""
    person = subjects_of(request.user).filter(pk=pk).first()
    if person is None:
        raise refuse(request.user, "data of person", pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was taken out: write the reason first."))
        return redirect("reports:person_account", pk)
    return _zip(person, account_of(request.user), form.cleaned_data["reason"])


def _zip(person: Person, by: User, why: str = "") -> FileResponse:
    name = f"du-lieu-ca-nhan-{person.pk}-{timezone.localdate():%Y%m%d}.zip"
    file = take_out(person, by=by, why=why)
    response = FileResponse(file, as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response
