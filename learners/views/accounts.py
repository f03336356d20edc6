"""The officer's desk of accounts: who can sign in, sheets of temporary passwords, closing."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from learners.account_forms import ReasonForm
from learners.actions.accounts import close_account, issue_sheets, reopen_account
from learners.permissions import (
    MANAGE_ACCOUNTS,
    account_of,
    granted_roots,
    is_in_officers_hands,
    refuse,
    staff_of,
)
from learners.reports.accounts import NEEDS_A_SHEET, account_rows, found, without_account
from learners.views.searching import searched
from learners.views.ticked import ticked_keys

ON_A_PAGE = 50
AT_ONCE = 50
"""Sheets in one go: each costs a slow password hash, and the officer waits for the print."""


@login_required
@searched
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """The people in scope by given name, with the state of their accounts."""
    _require(request)
    words, only = request.GET.get("q", "").strip(), request.GET.get("loc", "")
    people = found(staff_of(request.user, MANAGE_ACCOUNTS), words)
    if only == "chua-co":
        people = without_account(people)
    people = people.select_related("user").order_by("name_key", "pk")
    page = Paginator(people, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": account_rows(list(page.object_list)),
        "needs_a_sheet": NEEDS_A_SHEET,
        "words": words,
        "only": only,
        "at_once": AT_ONCE,
    }
    return render(request, "learners/accounts/list.html", context)


@never_cache
@login_required
@require_POST
def sheets(request: HttpRequest) -> HttpResponse:
    """Open accounts or set temporary passwords for those ticked, and show the sheets: once."""
    _require(request)
    ticked = ticked_keys(request, "person")
    people = list(staff_of(request.user, MANAGE_ACCOUNTS).filter(pk__in=ticked[: AT_ONCE + 1]))
    if not people:
        messages.warning(request, _("Tick the people for whom a sheet is to be printed."))
        return redirect("reports:accounts")
    if len(people) > AT_ONCE:
        text = _("At most %(n)d sheets at once: tick fewer people.")
        messages.warning(request, text % {"n": AT_ONCE})
        return redirect("reports:accounts")
    people.sort(key=lambda person: person.name_key)
    done, refused = issue_sheets(people=people, by=account_of(request.user))
    unit_of = {row.person.pk: row.unit for row in account_rows(people)}
    context = {
        "sheets": [(sheet, unit_of[sheet.person.pk]) for sheet in done],
        "refused": refused,
        "address": settings.PUBLIC_URL.partition("://")[2],
        "days": settings.TEMPORARY_PASSWORD_DAYS,
    }
    return render(request, "learners/accounts/sheets.html", context)


@login_required
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Close one person's account, or open it again; a reason is asked for."""
    people = staff_of(request.user, MANAGE_ACCOUNTS).filter(pk=pk).select_related("user")
    person = people.filter(user=F("user")).first()
    if person is None or person.user is None:
        raise refuse(request.user, "account of person", pk)
    account, by = person.user, account_of(request.user)
    form = ReasonForm(request.POST)
    if not is_in_officers_hands(account, by):
        messages.warning(request, _("An administrator alone can close this account."))
    elif not form.is_valid():
        messages.warning(request, _("Nothing was changed: write the reason first."))
    elif account.is_active and close_account(
        account=account, by=by, reason=form.cleaned_data["reason"]
    ):
        messages.success(request, _("The account is closed. What was learnt stays recorded."))
    elif not account.is_active and reopen_account(
        account=account, by=by, reason=form.cleaned_data["reason"]
    ):
        messages.success(request, _("The account is open again."))
    return redirect("reports:person_account", pk)


def _require(request: HttpRequest) -> None:
    if granted_roots(request.user, MANAGE_ACCOUNTS) == []:
        raise refuse(request.user, "accounts", MANAGE_ACCOUNTS)
