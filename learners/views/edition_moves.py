"""The author's act of moving people to the newest edition of a course."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from learners.account_forms import ReasonForm
from learners.actions.edition_moves import effects, move, newest_edition
from learners.models import EditionMove
from learners.permissions import account_of, marked_courses, refuse

SHOWN = 300


@login_required
@require_http_methods(["GET", "POST"])
def move_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is on an older edition, and what each would have of the newest; then the act."""
    course = marked_courses(request.user).filter(pk=pk).first()
    if course is None:
        raise refuse(request.user, "editions of course", pk)
    found = effects(course)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        spared = "only_unhurt" in request.POST
        chosen = [one.enrolment for one in found if not (spared and one.falls)]
        done = move(
            enrolments=chosen,
            course=course,
            reason=form.cleaned_data["reason"],
            by=account_of(request.user),
        )
        messages.success(request, _("%(n)d people moved.") % {"n": len(done)})
        return redirect("learners:move_people", pk)
    context = {
        "course": course,
        "newest": newest_edition(course),
        "effects": found[:SHOWN],
        "count": len(found),
        "falling": sum(one.falls for one in found),
        "form": form,
        "moves": EditionMove.objects.filter(to_edition__course=course).select_related(
            "enrolment__person", "by", "from_edition", "to_edition"
        )[:50],
    }
    status = 422 if form.is_bound else 200
    return render(request, "learners/marking/editions.html", context, status=status)
