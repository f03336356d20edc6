"""One person: the record with all that was learnt, and beside it classes, account and changes."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from learners.account_forms import ReasonForm
from learners.choices import IndicatorCode
from learners.models import Person, PersonalNumber
from learners.permissions import (
    ANSWER_SUBJECTS,
    EXPORT_PEOPLE,
    MANAGE_ACCOUNTS,
    MANAGE_STAFF,
    account_of,
    granted_roots,
    granted_units,
    is_in_officers_hands,
    people_for,
    records_for,
    refuse,
    staff_of,
    subjects_of,
)
from learners.reports.accounts import state_of
from learners.reports.changes import changes_of
from learners.reports.person import PostLine, classes_of, history_of, with_facts
from learners.reports.plan import rules_on
from learners.views.frame import Frame, frame_of

SHOWN_EVENTS = 5


@login_required
@require_GET
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Who it is, why the period counts the person or does not, what was learnt, and the posts."""
    frame = frame_of(request)
    found = _found(request, pk, lambda people: with_facts(people, frame.period))
    if found.merged_into_id:
        return redirect("reports:person", found.merged_into_id)
    rule = rules_on(frame.period.cut_off()).get(IndicatorCode.STAFF_TRAINED)
    history = history_of(found, frame.period, rule)
    kept = _kept_posts(request, found, history.posts)
    main = next((line.post for line in history.posts if line.post.is_open_main), None)
    context = _context(frame, found, "person") | {
        "history": history,
        "given": history.given,
        "exports": granted_roots(request.user, EXPORT_PEOPLE) != [],
        "kept_posts": kept,
        "keeps": bool(kept) and (main is None or main.pk in kept),
        "main": main,
    }
    return render(request, "learners/person/record.html", context)


@login_required
@require_GET
def classes(request: HttpRequest, pk: int) -> HttpResponse:
    """The classes of one person, whether each counts and why; and every paper ever issued."""
    frame = frame_of(request)
    found = _found(request, pk)
    if found.merged_into_id:
        return redirect("reports:person_classes", found.merged_into_id)
    context = _context(frame, found, "person_classes") | {"classes": classes_of(found)}
    return render(request, "learners/person/classes.html", context)


@login_required
@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """The account, and what may be done about it and about the person's data."""
    frame = frame_of(request)
    found = _found(request, pk, lambda people: _with_rights(request, people))
    if found.merged_into_id:
        return redirect("reports:person_account", found.merged_into_id)
    own = found.user
    is_mine = found.user_id is not None and found.user_id == request.user.pk
    numbered = found.has_number and found.in_keeping and not is_mine
    may_manage = found.in_management and (
        own is None or is_in_officers_hands(own, account_of(request.user))
    )
    context = _context(frame, found, "person_account") | {
        "state": state_of(found),
        "events": own.events.select_related("by")[:SHOWN_EVENTS] if own else [],
        "may_manage": may_manage,
        "number_form": ReasonForm() if numbered else None,
        "data_form": ReasonForm(auto_id="data_%s") if found.in_answering else None,
    }
    return render(request, "learners/person/account.html", context)


@login_required
@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed the record: by hand, by a list, by a decision about units."""
    frame = frame_of(request)
    found = _found(request, pk)
    if found.merged_into_id:
        return redirect("reports:person_changes", found.merged_into_id)
    context = _context(frame, found, "person_changes") | {"changes": changes_of(found)}
    return render(request, "learners/person/changes.html", context)


def _found(request: HttpRequest, pk: int, more: Any = lambda people: people) -> Any:
    """The person with `more`, or 404."""
    # Those who have left are looked for only when nobody else is meant: it costs more.
    for people in (people_for, records_for):
        found = more(people(request.user).filter(pk=pk).select_related("user")).first()
        if found is not None:
            return found
    raise refuse(request.user, "person", pk)


def _with_rights(request: HttpRequest, people: QuerySet[Person]) -> QuerySet[Person]:
    """With what the viewer may do about each."""
    user, none = request.user, Person.objects.none()
    keeps = granted_roots(user, MANAGE_STAFF) != []
    answers = granted_roots(user, ANSWER_SUBJECTS) != []
    rights = {
        "in_keeping": people_for(user, MANAGE_STAFF) if keeps else none,
        "in_management": staff_of(user, MANAGE_ACCOUNTS),
        "in_answering": subjects_of(user) if answers else none,
    }
    person = OuterRef("pk")
    numbers = PersonalNumber.objects.filter(person=person)
    return people.annotate(
        has_number=Exists(numbers),
        **{name: Exists(mine.filter(pk=person)) for name, mine in rights.items()},
    )


def _context(frame: Frame, person: Person, here: str) -> dict[str, Any]:
    """What all pages of a person have: the head, and the way to the others in the same year."""
    query = frame.query(unit=None, part="")
    parts = {
        "person": _("Record and training"),
        "person_classes": _("Classes and certificates"),
        "person_account": _("Account and data"),
        "person_changes": _("Changes of the record"),
    }
    return {
        "frame": frame,
        "person": person,
        "here": parts[here],
        "parts": [
            (label, f"{reverse(f'reports:{name}', args=[person.pk])}?{query}", name == here)
            for name, label in parts.items()
        ],
    }


def _kept_posts(request: HttpRequest, person: Person, posts: list[PostLine]) -> frozenset[int]:
    """The posts that the viewer may end or change, by id; none on a learner's own page."""
    units = granted_units(request.user, timezone.localdate(), MANAGE_STAFF)
    if units == frozenset() or person.user_id == request.user.pk:
        return frozenset()
    kept = (line.post for line in posts)
    return frozenset(p.pk for p in kept if units is None or p.managing_unit_id in units)
