"""Keeping a report under a name, and having it sent."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from home.deliveries import seen
from home.models import Delivery, Every, SavedView, Schedule
from learners.models import RoleGrant, User
from learners.models.organisations import InForce
from learners.permissions import (
    EXPORT_PEOPLE,
    ROLES_WITH_RIGHT,
    account_of,
    granted_roots,
    granted_units,
    refuse,
)

LINES = 60
"""Of the ledger on the page."""
MOST = 50
"""Saved views of one account."""


class SaveForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "page", "query"]


class Recipients(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.get_full_name() or obj.get_username()} ({obj.email})"


class ScheduleForm(forms.Form):
    """Only those may be chosen who see the unit by their own right."""

    every = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=Every.choices, widget=forms.RadioSelect
    )
    recipients = Recipients(
        label=gettext_lazy("Recipients"),
        queryset=User.objects.none(),
        help_text=gettext_lazy(
            "Accounts with an e-mail and a right of their own in your scope. Each is sent what"
            " that right shows."
        ),
    )

    def __init__(self, *args: object, view: SavedView, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.view = view
        self.fields["recipients"].queryset = possible_recipients(view.owner)  # type: ignore[attr-defined]

    def clean_recipients(self) -> QuerySet[User]:
        chosen: QuerySet[User] = self.cleaned_data["recipients"]
        for reader in chosen:
            try:
                seen(self.view, reader)
            except Http404 as out_of_scope:
                text = _("%(name)s has no right to see this unit.")
                raise forms.ValidationError(
                    text % {"name": reader.get_full_name()}
                ) from out_of_scope
        return chosen


def possible_recipients(owner: User) -> QuerySet[User]:
    """Active accounts with an e-mail that hold the right somewhere in the owner's scope, and
    the owner."""
    today = timezone.localdate()
    units = granted_units(owner, today, EXPORT_PEOPLE)
    reachable = User.objects.filter(is_active=True).exclude(email="")
    grants = InForce(RoleGrant).on(today).filter(role__in=ROLES_WITH_RIGHT[EXPORT_PEOPLE])
    if units is not None:
        grants = grants.filter(organisation__in=units)
    holders = reachable.filter(pk__in=grants.values("user")) | reachable.filter(pk=owner.pk)
    return holders.order_by("full_name", "pk")


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """One's own saved views, and whether they are sent."""
    account = _account(request)
    views = SavedView.objects.filter(owner=account).select_related("schedule")
    late = Schedule.objects.filter(view__owner=account).late(timezone.localtime())
    context = {"views": views, "late": {schedule.pk for schedule in late}}
    return render(request, "home/saved_views/list.html", context)


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep a view; the same name again replaces what it stood for, unless it is being sent."""
    account = _account(request)
    form = SaveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the view a name of at most 80 letters."))
        return redirect("reports:saved_views")
    kept = form.save(commit=False)
    kept.owner = account
    seen(kept, account)
    own = SavedView.objects.filter(owner=account)
    same = own.filter(name=kept.name).select_related("schedule").first()
    if same is not None and hasattr(same, "schedule"):
        messages.error(request, _("A view of this name is sent by mail. Choose another name."))
    elif same is None and own.count() >= MOST:
        messages.error(request, _("You keep fifty views. Delete one first."))
    else:
        fields = {"page": kept.page, "query": kept.query}
        SavedView.objects.update_or_create(owner=account, name=kept.name, defaults=fields)
        messages.success(request, _("Kept: %(name)s") % {"name": kept.name})
    return redirect("reports:saved_views")


@login_required
@require_GET
def go(request: HttpRequest, pk: int) -> HttpResponse:
    """The short address of a view: leads to the report with its filters."""
    return redirect(_own(request, pk).address)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view. One that was ever sent stays, with its ledger."""
    view = _own(request, pk)
    if hasattr(view, "schedule"):
        messages.error(request, _("This view was sent by mail; its ledger keeps it."))
    else:
        view.delete()
        messages.success(request, _("Deleted: %(name)s") % {"name": view.name})
    return redirect("reports:saved_views")


@login_required
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """When and to whom a view is sent, and what became of each mail."""
    view = _own(request, pk)
    plan: Schedule | None = getattr(view, "schedule", None)
    initial: dict[str, object] = {"every": Every.WEEK}
    if plan is not None:
        initial = {"every": plan.every, "recipients": plan.recipients.all()}
    form = ScheduleForm(request.POST or None, view=view, initial=initial)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            plan, _made = Schedule.objects.update_or_create(
                view=view,
                defaults={"every": form.cleaned_data["every"], "is_on": True},
                create_defaults={
                    "every": form.cleaned_data["every"],
                    "since": timezone.localdate(),
                },
            )
            plan.recipients.set(form.cleaned_data["recipients"])
        messages.success(request, _("The report will be sent."))
        return redirect("reports:schedule", pk)
    lines = plan.deliveries.select_related("recipient")[:LINES] if plan else []
    context = {"view": view, "plan": plan, "form": form, "lines": lines}
    status = 422 if form.is_bound else 200
    return render(request, "home/saved_views/schedule.html", context, status=status)


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Send nothing more; the ledger stays."""
    view = _own(request, pk)
    Schedule.objects.filter(view=view).update(is_on=False)
    messages.success(request, _("The report is not sent any more."))
    return redirect("reports:schedule", pk)


@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again what could not be sent, or let it go."""
    view = _own(request, pk)
    failed = Delivery.objects.filter(schedule__view=view, state=Delivery.State.FAILED)
    again = "again" in request.POST
    failed.update(state=Delivery.State.DUE if again else Delivery.State.DROPPED)
    text = _("It will be sent again within the hour.") if again else _("Let go.")
    messages.success(request, text)
    return redirect("reports:schedule", pk)


def _own(request: HttpRequest, pk: int) -> SavedView:
    views = SavedView.objects.select_related("owner", "schedule")
    found = views.filter(owner=_account(request), pk=pk).first()
    if found is None:
        raise refuse(request.user, "saved view", pk)
    return found


def _account(request: HttpRequest) -> User:
    if granted_roots(request.user, EXPORT_PEOPLE) == []:
        raise refuse(request.user, "saved views", EXPORT_PEOPLE)
    return account_of(request.user)
