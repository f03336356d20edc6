"""The desk for one person: enter, correct, transfer, second, end, take back."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from learners.account_forms import ReasonForm
from learners.actions import newcomers
from learners.actions import posts as actions
from learners.days import typed_day
from learners.models import Person, Post, User
from learners.permissions import (
    MANAGE_STAFF,
    account_of,
    granted_roots,
    granted_units,
    kept_records,
    refuse,
)
from learners.post_forms import EndForm, LeaveForm, NewPersonForm, PersonForm, WorkForm
from learners.reports.claims import unit_names_of_people
from learners.tree import tree_on

either = require_http_methods(["GET", "POST"])


@login_required
@either
def enter(request: HttpRequest) -> HttpResponse:
    """Somebody who is on no list yet."""
    if granted_roots(request.user, MANAGE_STAFF) == []:
        raise refuse(request.user, "person", "new")
    form = NewPersonForm(request.POST or None, **_units(request))
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            entered = _entered(request, form)
        except newcomers.MayBeKnown as twins:
            context = {"twins": _rows(twins.people)}
        except newcomers.IsKnown as known:
            main = actions.main_post(known.person)
            is_here = main is not None and _keeps(request, main)
            context = {"known": _rows([known.person])[0], "is_here": is_here}
        except REFUSALS as refusal:
            form.add_error(None, _why(refusal))
        else:
            messages.success(request, _("Saved. The figures are up to date."))
            return redirect("reports:person", entered.pk)
    context |= {"form": form, "title": _("Enter a person"), "button": _("Enter the person")}
    status = 422 if request.method == "POST" else 200
    return render(request, "learners/posts/form.html", context, status=status)


def _entered(request: HttpRequest, form: NewPersonForm) -> Person:
    """A new record, or the one that the officer has confirmed to be the same person."""
    said, by = form.cleaned_data, account_of(request.user)
    facts, number, work = form.facts(), said["personal_number"], form.work()
    known = newcomers.known_record(facts, number, by=by) if "take" in request.POST else None
    if known is not None and str(known.pk) == request.POST["take"]:
        return newcomers.take_over(
            known, facts, number, work, day=said["day"], by=by, why=said["why"]
        )
    seen = request.POST.getlist("other") if "another" in request.POST else []
    return newcomers.enter_newcomer(
        facts,
        number,
        work,
        day=said["day"],
        by=by,
        why=said["why"],
        other_than=[int(pk) for pk in seen if pk.isascii() and pk.isdigit()],
    )


def _rows(people: list[Person]) -> list[tuple[Person, str]]:
    units = unit_names_of_people([person.pk for person in people])
    return [(person, units.get(person.pk, "")) for person in people]


@login_required
@either
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, date of birth, numbers, phone."""
    person = _person(request, pk)
    form = PersonForm(request.POST or None, person=person)

    def do(by: User) -> Person:
        said = form.cleaned_data
        actions.correct_person(
            person, form.facts(), said["personal_number"], by=by, why=said["why"]
        )
        return person

    return _page(request, form, do, person, _("Correct the record"), _("Save"))


@login_required
@either
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Transfer, secondment, another title, in charge of IT or no longer: the main post anew."""
    person = _person(request, pk)
    form = WorkForm(request.POST or None, post=actions.main_post(person), **_units(request))

    def do(by: User) -> Person:
        said = form.cleaned_data
        actions.change_main_post(person, form.work(), day=said["day"], by=by, why=said["why"])
        return person

    return _page(request, form, do, person, _("Change the post"), _("Change the post"))


@login_required
@either
def add_second(request: HttpRequest, pk: int) -> HttpResponse:
    """A post beside the main one."""
    person = _person(request, pk)
    form = WorkForm(request.POST or None, **_units(request))

    def do(by: User) -> Person:
        said = form.cleaned_data
        actions.add_second_post(person, form.work(), day=said["day"], by=by, why=said["why"])
        return person

    return _page(request, form, do, person, _("Add a second post"), _("Add the second post"))


@login_required
@either
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Away for long."""
    person = _person(request, pk)
    noted = person.leaves.filter(pk=_key(request, "lan")).first()
    form = LeaveForm(request.POST or None, leave=noted)

    def do(by: User) -> Person:
        said = form.cleaned_data
        actions.note_leave(
            person, said["kind"], first=said["first"], last=said["last"], by=by, why=said["why"]
        )
        return person

    title = _("Correct a long leave") if noted else _("Note a long leave")
    return _page(request, form, do, person, title, _("Note the leave"))


@login_required
@either
def end(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """Retired, left, transferred away: one post ends."""
    found = _post(request, pk, post)
    form = EndForm(request.POST or None)

    def do(by: User) -> Person:
        said = form.cleaned_data
        actions.end_post(
            found, last_day=said["last_day"], reason=said["reason"], by=by, why=said["why"]
        )
        return found.person

    return _page(request, form, do, found.person, _("End the post"), _("End the post"))


@login_required
@either
def reopen(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """The post was ended by mistake."""
    found = _post(request, pk, post)
    form = ReasonForm(request.POST or None)

    def do(by: User) -> Person:
        actions.reopen_post(found, by=by, why=form.cleaned_data["reason"])
        return found.person

    return _page(request, form, do, found.person, _("Take the end of the post back"), _("Go on"))


@login_required
@either
def call_off(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """A post that was to begin later does not begin."""
    found = _post(request, pk, post)
    form = ReasonForm(request.POST or None)

    def do(by: User) -> Person:
        actions.call_off(found, by=by, why=form.cleaned_data["reason"])
        return found.person

    title = _("Call off the post from %(day)s") % {"day": date_format(found.valid_from)}
    return _page(request, form, do, found.person, title, _("Call the post off"))


def _page(
    request: HttpRequest,
    form: Form,
    do: Callable[[User], Person],
    person: Person | None,
    title: str,
    button: str,
) -> HttpResponse:
    """The form; sent and done, back to the person. A refusal stands above what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            changed = do(account_of(request.user))
        except REFUSALS as refusal:
            form.add_error(None, _why(refusal))
        else:
            messages.success(request, _("Saved. The figures are up to date."))
            return redirect("reports:person", changed.pk)
    context = {"form": form, "person": person, "title": title, "button": button}
    status = 422 if form.errors else 200
    return render(request, "learners/posts/form.html", context, status=status)


REFUSALS = (actions.TooEarly, actions.NothingChanges, actions.HasEnded, actions.Taken)


def _why(refusal: Exception) -> str:
    if isinstance(refusal, actions.TooEarly):
        return _("The post began on %(day)s: choose that day or a later one.") % {
            "day": date_format(refusal.day)
        }
    if isinstance(refusal, actions.NothingChanges):
        return _("The post says all this already. Nothing was changed.")
    if isinstance(refusal, actions.HasEnded):
        return _("This post was ended or continued meanwhile. Look at the person's page.")
    return _(
        "Another record has this staff number or personal number. If it is the same person, look"
        " under “Records that may be one person”, or ask the province's personnel office."
    )


def _person(request: HttpRequest, pk: int) -> Person:
    """Somebody whose main post lies in a unit that the officer keeps, or lay there last."""
    found = kept_records(request.user).filter(pk=pk, merged_into__isnull=True).first()
    if found is None:
        raise refuse(request.user, "person", pk)
    main = actions.main_post(found)
    if main is not None and not _keeps(request, main):
        raise refuse(request.user, "person", pk)
    return found


def _keeps(request: HttpRequest, post: Post) -> bool:
    units = granted_units(request.user, timezone.localdate(), MANAGE_STAFF)
    return units is None or post.managing_unit_id in units


def _post(request: HttpRequest, pk: int, post: int) -> Post:
    """A post in a unit that the officer keeps, main or second."""
    people = kept_records(request.user).filter(merged_into__isnull=True)
    found = Post.objects.filter(pk=post, person=pk, person__in=people).first()
    if found is None or not _keeps(request, found):
        raise refuse(request.user, "post", post)
    return found


def _units(request: HttpRequest) -> dict[str, Any]:
    """The units to choose from: those on the day that is asked for, or today."""
    return {
        "roots": granted_roots(request.user, MANAGE_STAFF),
        "tree": tree_on(_asked_day(request)),
    }


def _key(request: HttpRequest, name: str) -> int:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() else 0


def _asked_day(request: HttpRequest) -> date:
    return typed_day(request.POST.get("day", "")) or timezone.localdate()
