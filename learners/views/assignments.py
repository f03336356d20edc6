"""Courses that are given to people: who has what to do, and how far they are."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from learners.account_forms import ReasonForm
from learners.actions.assignments import AlreadyAssigned, assign_course, withdraw_assignment
from learners.assignment_forms import AssignmentForm
from learners.models import Assignment
from learners.permissions import (
    ASSIGN_COURSES,
    account_of,
    granted_roots,
    granted_units,
    refuse,
)
from learners.reports.assignments import (
    in_state,
    posts_under,
    progress_of,
    progress_rows,
    total_of,
    whom,
)
from learners.reports.names import short_name, unit_names
from learners.views.frame import Frame, frame_of
from learners.views.wording import state_labels

ON_A_PAGE = 50


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What the unit and those above it have given its people, by due day."""
    frame = frame_of(request)
    given = list(_concerning(frame).select_related("course", "given_by"))
    names = _unit_names(given, frame)
    context = {
        "frame": frame,
        "rows": [(rule, whom(rule, names[rule.unit_id])) for rule in given],
        "today": timezone.localdate(),
        "may_assign": _may_assign(request, frame.unit),
    }
    return render(request, "learners/assignments/list.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Say whom a rule would name and how many have done it; on the second press, make it."""
    frame = frame_of(request, ASSIGN_COURSES)
    posts = posts_under(Assignment(unit_id=frame.unit))
    titles = set(posts.order_by().values_list("title", flat=True).distinct()) - {""}
    data = request.POST if request.method == "POST" else None
    form = AssignmentForm(data, instance=Assignment(unit_id=frame.unit), titles=titles)
    effect = None
    if request.method == "POST" and form.is_valid():
        rule: Assignment = form.save(commit=False)
        effect = progress_of(rule)
        if not effect.assigned:
            form.add_error(None, _("Nobody in this unit would have to do it. Choose others."))
        elif "apply" in request.POST:
            try:
                rule = assign_course(rule, by=account_of(request.user))
            except AlreadyAssigned:
                form.add_error(None, _("This course was given to these people before."))
            else:
                messages.success(request, _("Given. It stands on everybody’s own page now."))
                return redirect(_address(rule, frame))
    context = {
        "frame": frame,
        "form": form,
        "titles": sorted(titles),
        "effect": effect if form.is_bound and not form.errors else None,
    }
    status = 422 if form.errors else 200
    return render(request, "learners/assignments/new.html", context, status=status)


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule, unit by unit; every number opens its list."""
    frame = frame_of(request)
    rule = _rule(request, frame, pk)
    names = _unit_names([rule], frame)
    rows = progress_rows(rule, frame.tree, frame.unit, frame.units)
    context = {
        "frame": frame,
        "rule": rule,
        "whom": whom(rule, names[rule.unit_id]),
        "total": total_of(rows),
        "rows": rows,
        "days_left": (rule.due_on - timezone.localdate()).days,
        "may_withdraw": rule.withdrawn_at is None and _may_assign(request, rule.unit_id),
        "form": ReasonForm(),
    }
    return render(request, "learners/assignments/detail.html", context)


@login_required
@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """The people behind one number of a rule, by given name."""
    frame = frame_of(request)
    rule = _rule(request, frame, pk)
    state, labels = request.GET.get("tien-do", ""), state_labels()
    if state not in labels:
        raise Http404
    posts = in_state(posts_under(rule, frame.units), rule, state)
    posts = posts.select_related("person").order_by("person__name_key", "person")
    page = Paginator(posts, ON_A_PAGE).get_page(request.GET.get("trang"))
    units = unit_names((post.managing_unit_id for post in page.object_list), frame.tree)
    context = {
        "frame": frame,
        "rule": rule,
        "state": state,
        "label": labels[state],
        "states": labels.items(),
        "page": page,
        "rows": [(post, short_name(units[post.managing_unit_id])) for post in page.object_list],
    }
    return render(request, "learners/assignments/people.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule out of force, with a reason."""
    frame = frame_of(request, ASSIGN_COURSES)
    rule = _rule(request, frame, pk)
    if not _may_assign(request, rule.unit_id):
        raise refuse(request.user, "assignment", pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was changed: write the reason first."))
    elif withdraw_assignment(rule, reason=form.cleaned_data["reason"], by=account_of(request.user)):
        messages.success(request, _("Taken back. What was learnt stays recorded."))
    return redirect(_address(rule, frame))


def _concerning(frame: Frame) -> QuerySet[Assignment]:
    """Rules that name people of the frame's unit: its own, those below it, those above it."""
    found = Assignment.objects.in_force()
    if frame.unit is None or frame.units is None:
        return found
    line = [*frame.tree.ancestors(frame.unit), *frame.units] if frame.unit in frame.tree else []
    return found.filter(Q(unit__in=line) | Q(unit__isnull=True))


def _rule(request: HttpRequest, frame: Frame, pk: int) -> Assignment:
    """A rule that concerns the frame's unit, in force or not; 404 otherwise."""
    rule = Assignment.objects.filter(pk=pk).select_related("course", "given_by").first()
    related = rule is not None and (
        frame.unit is None
        or rule.unit_id is None
        or rule.unit_id in (frame.units or ())
        or rule.unit_id in frame.tree.ancestors(frame.unit)
    )
    if rule is None or not related:
        raise refuse(request.user, "assignment", pk)
    return rule


def _may_assign(request: HttpRequest, unit: int | None) -> bool:
    if granted_roots(request.user, ASSIGN_COURSES) == []:
        return False
    units = granted_units(request.user, timezone.localdate(), ASSIGN_COURSES)
    return units is None or unit in units


def _unit_names(rules: list[Assignment], frame: Frame) -> dict[int | None, str]:
    names = unit_names({rule.unit_id for rule in rules if rule.unit_id}, frame.tree)
    found: dict[int | None, str] = {unit: short_name(name) for unit, name in names.items()}
    return found | {None: _("The whole province")}


def _address(rule: Assignment, frame: Frame) -> str:
    return f"{reverse('reports:assignment', args=[rule.pk])}?{frame.query()}"
