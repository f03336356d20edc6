"""Who holds which role, and what everybody did: for the auditor and the administrator."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.text import fold
from learners.account_forms import ReasonForm
from learners.actions.audit import note
from learners.actions.roles import HasItAlready, give_role, withdraw_role
from learners.choices import Act
from learners.models import AuditEntry, RoleGrant
from learners.normalise import staff_number
from learners.permissions import (
    MANAGE_STAFF,
    account_of,
    gives_roles,
    people_for,
    reads_log,
    refuse,
)
from learners.reports.audit_words import told
from learners.reports.names import short_name
from learners.role_forms import RoleForm
from learners.tree import tree_on
from learners.views.searching import searched

ON_A_PAGE = 50


@login_required
def roles(request: HttpRequest) -> HttpResponse:
    """Who holds which role today and later; giving another one."""
    if not reads_log(request.user):
        raise refuse(request.user, "roles", "list")
    may_give = gives_roles(request.user)
    form = RoleForm(request.POST or None) if may_give else None
    if request.method == "POST":
        if form is None:
            raise refuse(request.user, "roles", "give")
        if form.is_valid() and _given(request, form):
            return redirect("reports:roles")
    today = timezone.localdate()
    tree = tree_on(today)
    grants = RoleGrant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    grants = grants.select_related("user", "granted_by").order_by("user__full_name", "pk")
    page = Paginator(grants, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "form": form,
        "page": page,
        "rows": [
            (
                one,
                short_name(tree.name(one.organisation_id)) if one.organisation_id in tree else "–",
            )
            for one in page.object_list
        ],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "learners/oversight/roles.html", context, status=status)


def _given(request: HttpRequest, form: RoleForm) -> bool:
    said = form.cleaned_data
    try:
        give_role(
            user=said["account"],
            role=said["role"],
            unit=said["unit"],
            first=said["first"],
            last=said["last"],
            by=account_of(request.user),
            why=said["why"],
        )
    except HasItAlready:
        form.add_error("role", _("The account holds this role there from that day already."))
        return False
    messages.success(request, _("The role is given."))
    return True


@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role back, with a reason."""
    grant = RoleGrant.objects.select_related("user").filter(pk=pk).first()
    if grant is None or not gives_roles(request.user):
        raise refuse(request.user, "role", pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = withdraw_role(grant, by=account_of(request.user), why=form.cleaned_data["reason"])
        text = _("The role is withdrawn.") if done else _("The role had ended before.")
        messages.success(request, text)
        return redirect("reports:roles")
    context = {"grant": grant, "form": form}
    status = 422 if form.errors else 200
    return render(request, "learners/oversight/withdraw.html", context, status=status)


@login_required
@searched
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """What was done, the newest first; narrowed by act and by whom."""
    if not reads_log(request.user):
        raise refuse(request.user, "audit log", "list")
    act, who = request.GET.get("viec", ""), request.GET.get("q", "").strip()
    entries = AuditEntry.objects.select_related("by")
    if act in Act.values:
        entries = entries.filter(act=act)
    if who:
        by_name = Q()
        for word in fold(who).split():
            by_name &= Q(by__person__folded_name__contains=word)
        account = Q(by__username__iexact=staff_number(who)) | Q(by__full_name__icontains=who)
        entries = entries.filter(by_name | account)
    page = Paginator(entries, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": told(page.object_list),
        "acts": Act.choices,
        "act": act,
        "who": who,
    }
    return render(request, "learners/oversight/log.html", context)


@login_required
@require_POST
def show_number(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's numbers in full, once, for a reason that is written down."""
    person = people_for(request.user, MANAGE_STAFF).exclude(user=request.user.pk).filter(pk=pk)
    found = person.first()
    if found is None:
        raise refuse(request.user, "personal number of person", pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was shown: write the reason first."))
        return redirect("reports:person_account", pk)
    why = form.cleaned_data["reason"]
    note(Act.NUMBER_SHOWN, f"person {pk}", by=account_of(request.user), why=why)
    numbers = [one.in_full() for one in found.personal_numbers.all()]
    context = {"person": found, "numbers": numbers}
    response = render(request, "learners/oversight/number.html", context)
    response["Cache-Control"] = "no-store"
    return response
