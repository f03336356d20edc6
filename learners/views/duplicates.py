"""Records that may be one person: looked at side by side, merged, kept apart, undone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from learners.account_forms import ReasonForm
from learners.actions import merging
from learners.actions.merge_journal import CannotUndo
from learners.actions.merge_trial import try_merge
from learners.models import Merge, Person
from learners.permissions import MANAGE_STAFF, account_of, granted_roots, refuse, staff_of
from learners.reports.duplicates import (
    Side,
    count_facts,
    merged_among,
    namesakes_of,
    suspicions,
    units_today,
)
from learners.reports.person import masked_phone

ON_A_PAGE = 50
LAST_MERGED = 20


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Pairs that look like one person; with ?nguoi= the namesakes of one. And what was merged."""
    _require_right(request)
    people = staff_of(request.user, MANAGE_STAFF)
    asked = request.GET.get("nguoi", "")
    person = None
    if asked:
        person = _person(request, int(asked) if asked.isascii() and asked.isdigit() else 0)
    found = suspicions(people) if person is None else namesakes_of(person, people)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang"))
    done = Merge.objects.filter(merged_among(people), undone_at__isnull=True)
    units = units_today(one.pk for pair in page.object_list for one in (pair.first, pair.second))
    context = {
        "person": person,
        "page": page,
        "rows": [
            (one, units.get(one.first.pk, []), units.get(one.second.pk, []))
            for one in page.object_list
        ],
        "merged": done.select_related("kept", "dropped", "by")[:LAST_MERGED],
    }
    return render(request, "learners/duplicates/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, keep: int, drop: int) -> HttpResponse:
    """Two records side by side. POST says first what a merger would do to the figures, and merges
    when it is sent with a reason."""
    kept, dropped = _person(request, keep), _person(request, drop)
    by = account_of(request.user)
    asked = request.method == "POST"
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    trial, refusal = None, ""
    try:
        if asked and form.is_valid():
            merging.merge(kept=kept, dropped=dropped, by=by, why=form.cleaned_data["reason"])
            messages.success(request, _("The two records are one now."))
            return redirect("reports:person", kept.pk)
        if asked:
            trial = try_merge(kept=kept, dropped=dropped, by=by)
    except merging.CannotMerge as error:
        refusal = str(error)
    context = {
        "sides": [_side(kept), _side(dropped)],
        "kept": kept,
        "dropped": dropped,
        "trial": trial,
        "refusal": refusal,
        "form": form,
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "learners/duplicates/compare.html", context, status=status)


@login_required
@require_POST
def keep_apart(request: HttpRequest, keep: int, drop: int) -> HttpResponse:
    """Two people indeed: never proposed again."""
    one, other = _person(request, keep), _person(request, drop)
    if one.pk != other.pk:
        merging.keep_apart(one, other, by=account_of(request.user))
        messages.success(request, _("Noted: these are two people."))
    return redirect("reports:duplicates")


@login_required
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merger back, with a reason."""
    people = staff_of(request.user, MANAGE_STAFF)
    done = Merge.objects.filter(merged_among(people), pk=pk).select_related("kept", "by").first()
    if done is None:
        raise refuse(request.user, "merger", pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            now = merging.undo(done, by=account_of(request.user), why=form.cleaned_data["reason"])
        except CannotUndo as error:
            form.add_error(None, str(error))
        else:
            text = _("The records are two again.") if now else _("The merger was undone before.")
            messages.success(request, text)
            return redirect("reports:duplicates")
    context = {"done": done, "form": form}
    status = 422 if form.errors else 200
    return render(request, "learners/duplicates/undo.html", context, status=status)


def _require_right(request: HttpRequest) -> None:
    if granted_roots(request.user, MANAGE_STAFF) == []:
        raise refuse(request.user, "duplicates", MANAGE_STAFF)


def _person(request: HttpRequest, pk: int) -> Person:
    """Somebody in the officer's own units, and never the officer himself."""
    found = staff_of(request.user, MANAGE_STAFF).filter(pk=pk).select_related("user").first()
    if found is None:
        raise refuse(request.user, "person", pk)
    return found


def _side(person: Person) -> Side:
    number = person.personal_numbers.first()
    return Side(
        person=person,
        masked_number=number.masked if number else "",
        masked_phone=masked_phone(person.phone),
        units=units_today([person.pk]).get(person.pk, []),
        has_account=person.user_id is not None,
        **count_facts(person),
    )
