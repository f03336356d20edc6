"""The trainer's desk: the classes whose lists one keeps, and who else keeps them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, DateField, F, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.log_actions import log

from courses.choices import PLAN_VOCABULARIES
from courses.models import ClassGroup, ClassSession
from courses.querysets import classes_called
from learners.actions.class_notices import may_be_cancelled
from learners.actions.roles import entrust_class, take_class_back
from learners.actions.seats import fill_seats
from learners.class_forms import KeeperForm, PlanTagsForm
from learners.models import Participation
from learners.permissions import account_of, kept_classes, refuse
from learners.reports.classes import near_session, sessions_with_counts, with_seats
from learners.tasks import tell_classes

ON_A_PAGE = 30


@login_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The classes whose lists one keeps: what runs or comes next first, then those behind."""
    kept = kept_classes(request.user)
    if not kept.exists():
        raise refuse(request.user, "classes", "kept")
    words = request.GET.get("q", "").strip()
    is_ahead = When(ends_on__gte=timezone.localdate(), then=F("starts_on"))
    first = Case(is_ahead, output_field=DateField())
    ordered = with_seats(classes_called(kept, words)).select_related("provider")
    ordered = ordered.order_by(first.asc(nulls_last=True), "-starts_on", "code")
    page = Paginator(ordered, ON_A_PAGE).get_page(request.GET.get("trang"))
    return render(request, "learners/classes/desk.html", {"page": page, "words": words})


@login_required
@require_GET
def kept_class(request: HttpRequest, pk: int) -> HttpResponse:
    """One class: sessions, seats, figures, keepers."""
    group = class_of(request, pk)
    taken = Participation.objects.filter(class_group=group)
    may_plan = request.user.has_perm("courses.change_classgroup")
    context = {
        "group": group,
        "sessions": sessions_with_counts(group),
        "seated": group.seats.filter(state="seated").count(),
        "waiting": group.seats.filter(state="waiting").count(),
        "participations": taken.count(),
        "completed": taken.filter(completed=True).count(),
        "near": near_session(group),
        "keepers": group.keepers.select_related("account", "granted_by"),
        "plan_tags": [
            str(PLAN_VOCABULARIES[name](code).label)
            for name, codes in group.plan_tags().items()
            for code in codes
        ],
        "keeper_form": KeeperForm(),
        "may_entrust": may_plan,
        "may_cancel": may_plan and not hasattr(group, "cancellation") and may_be_cancelled(group),
    }
    return render(request, "learners/classes/kept.html", context)


@login_required
@require_POST
def entrust(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an account keep this class's list, or no longer."""
    group = class_of(request, pk)
    if not request.user.has_perm("courses.change_classgroup"):
        raise refuse(request.user, "keepers of class", pk)
    by = account_of(request.user)
    if withdrawn := request.POST.get("withdraw", ""):
        keeper = group.keepers.filter(pk=int(withdrawn) if withdrawn.isdecimal() else 0).first()
        if keeper is not None and take_class_back(keeper, by=by):
            messages.success(request, _("This account keeps the list no longer."))
        return redirect("learners:kept_class", pk)
    form = KeeperForm(request.POST)
    if form.is_valid():
        entrust_class(group, form.cleaned_data["sign_in_name"], by=by)
        messages.success(request, _("The list of this class is entrusted to this account."))
    else:
        messages.error(request, str(form.errors["sign_in_name"].as_data()[0].message))
    return redirect("learners:kept_class", pk)


@login_required
def tag_class(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which tasks and solutions of the plan a class serves."""
    group = class_of(request, pk)
    # Nothing ticked is an answer as well.
    form = PlanTagsForm(request.POST if request.method == "POST" else None, instance=group)
    if request.method == "POST" and form.is_valid():
        form.save()
        log(group, "wagtail.edit", user=account_of(request.user))
        messages.success(request, _("Saved."))
        return redirect("learners:kept_class", pk)
    status = 422 if form.is_bound else 200
    context = {"group": group, "form": form}
    return render(request, "learners/classes/plan_tags.html", context, status=status)


@login_required
@require_POST
def hand_out_seats(request: HttpRequest, pk: int) -> HttpResponse:
    """After the room was made larger: those who wait move up."""
    seated = fill_seats(class_of(request, pk))
    if seated:
        tell_classes.enqueue()
    messages.success(
        request, _("%(n)d people moved up from the waiting list.") % {"n": len(seated)}
    )
    return redirect("learners:kept_class", pk)


# ------------------------------------------------------------------ scope


def class_of(request: HttpRequest, pk: int) -> ClassGroup:
    """A class whose list the viewer keeps; 404 otherwise."""
    found = kept_classes(request.user).filter(pk=pk)
    group = found.select_related("provider", "cancellation").first()
    if group is None:
        raise refuse(request.user, "class", pk)
    return group


def session_of(request: HttpRequest, pk: int) -> ClassSession:
    """A session of such a class; 404 otherwise."""
    sessions = ClassSession.objects.filter(class_group__in=kept_classes(request.user))
    session = sessions.filter(pk=pk).select_related("class_group__provider").first()
    if session is None:
        raise refuse(request.user, "session", pk)
    return session
