"""The register of businesses: who they are, who learns there, and what they took part in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.text import fold
from learners.account_forms import BusinessForm
from learners.actions.businesses import correct_business
from learners.business_numbers import is_personal, tidy
from learners.choices import BusinessKind
from learners.models import Business
from learners.permissions import (
    MANAGE_STAFF,
    Viewer,
    account_of,
    business_communes,
    businesses_for,
    granted_units,
    may_see_reports,
    people_for,
    refuse,
)
from learners.personal_numbers import digest_of
from learners.reports.names import short_name, unit_names
from learners.tree import tree_on
from learners.views.searching import search_box

ON_A_PAGE = 50
SHOWN = 200


def _by_number(viewer: Viewer, words: str) -> list[str]:
    """The business with this tax code, or the household with these twelve digits."""
    number = tidy(words)
    seen = businesses_for(viewer)
    found = seen.filter(tax_code=number)
    if is_personal(number):
        found = seen.filter(number_digest=digest_of(number))
    return [reverse("reports:business", args=[pk]) for pk in found.values_list("pk", flat=True)]


@login_required
@search_box(_by_number)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Businesses of the communes in scope, by name; searched by words or by tax code."""
    if not may_see_reports(request.user):
        raise refuse(request.user, "businesses", "list")
    kind, words = request.GET.get("loai", ""), request.GET.get("q", "").strip()
    found = businesses_for(request.user)
    if kind in BusinessKind.values:
        found = found.filter(kind=kind)
    if words:
        by_name = found
        for word in fold(words).split():
            by_name = by_name.filter(folded_name__contains=word)
        found = by_name | found.filter(tax_code=tidy(words))
    page = Paginator(found.order_by("folded_name", "pk"), ON_A_PAGE).get_page(
        request.GET.get("trang")
    )
    rows = list(page.object_list)
    counts = Business.objects.filter(pk__in=[row.pk for row in rows]).annotate(
        n_people=Count("people", distinct=True), n=Count("participations", distinct=True)
    )
    counted = {pk: (people, n) for pk, people, n in counts.values_list("pk", "n_people", "n")}
    names = unit_names((row.commune_id for row in rows), tree_on(timezone.localdate()))
    context = {
        "page": page,
        "rows": [
            (row, short_name(names.get(row.commune_id, "")), *counted[row.pk]) for row in rows
        ],
        "kinds": BusinessKind.choices,
        "kind": kind,
        "words": words,
        "may_bring": business_communes(request.user) != frozenset(),
    }
    return render(request, "learners/businesses/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One business with its people and their participations; officers of its commune correct it."""
    found = businesses_for(request.user).filter(pk=pk).first()
    if found is None:
        raise refuse(request.user, "business", pk)
    units = granted_units(request.user, timezone.localdate(), MANAGE_STAFF)
    may_correct = units is None or found.commune_id in units
    if request.method == "POST" and not may_correct:
        raise refuse(request.user, "business", pk)
    form = BusinessForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        correct_business(found, by=account_of(request.user), why=form.cleaned_data["why"])
        messages.success(request, _("Saved."))
        return redirect("reports:business", pk)
    names = unit_names([found.commune_id], tree_on(timezone.localdate()))
    seen = people_for(request.user)
    context = {
        "business": Business.objects.get(pk=pk),
        "commune": short_name(names.get(found.commune_id, "")),
        "people": seen.filter(business=pk, merged_into__isnull=True).order_by("name_key")[:SHOWN],
        "participations": found.participations.filter(person__in=seen).select_related(
            "person", "class_group__provider"
        )[:SHOWN],
        "form": form if may_correct else None,
    }
    status = 422 if form.errors else 200
    return render(request, "learners/businesses/detail.html", context, status=status)
