"""What the account library asks us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from home.passwords import note_temporary_sign_in
from home.sign_in_log import note_failure, note_lock, note_signed_in
from learners.actions.accounts import account_named
from learners.actions.sign_in import begin_try, take_back
from learners.choices import AccountState
from learners.models import SignInFailure, User
from learners.normalise import staff_number
from learners.permissions import (
    ASSIST,
    MANAGE_ACCOUNTS,
    granted_roots,
    may_see_reports,
    needs_second_factor,
    overdue_requests,
    reads_log,
)

KEPT_OUT = (AccountState.CLOSED, AccountState.EXPIRED, AccountState.DORMANT)


class AccountAdapter(DefaultAccountAdapter):
    _tried: SignInFailure | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """The library's own form stays shut: ours asks for consent (learners/views/signup.py)."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failures are counted by account, however its name is written: spaces, capitals, the
        phone instead of the staff number lead to the same lock. The database counts them, instead
        of the library, whose counters lie in a cache that may be away."""
        typed = str(credentials.get("username", ""))
        account = account_named(typed)
        counted = f"account {account.pk}" if account else f"nobody {staff_number(typed)}"
        self._tried = begin_try(counted, get_ip(request))
        if self._tried is None:
            note_lock(account, counted, self.get_client_ip(request))
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None:
            take_back(self._tried)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_failure(account_named(str(credentials.get("username", ""))))

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Whoever knows the password is told why it does not open the account."""
        state = user.state()
        if state in KEPT_OUT:
            return render(request, "account/kept_out.html", {"state": state}, status=403)
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Remember which menu entries to show: rights themselves are asked at every door."""
        request.session["sees_reports"] = may_see_reports(user)
        request.session["manages_accounts"] = granted_roots(user, MANAGE_ACCOUNTS) != []
        request.session["reads_log"] = reads_log(user)
        request.session["assists"] = granted_roots(user, ASSIST) != []
        # Counted when the day's work begins; the list itself counts anew (learners.views).
        request.session["overdue_requests"] = overdue_requests(user, timezone.localdate())
        request.session["sees_admin"] = user.has_perm("wagtailadmin.access_admin")
        note_temporary_sign_in(request, user)
        note_signed_in(user)
        return super().post_login(request, user, **kwargs)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """On to what the account is for."""
        return self.get_login_redirect_url(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Officers and leaders open on their figures, everybody else on what to learn."""
        if request.session.get("sees_reports"):
            return reverse("reports:goals")
        if request.session.get("assists") and not request.user.is_superuser:
            return reverse("reports:assist")
        return super().get_login_redirect_url(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever sees others cannot take the second factor off where it is required."""
        return not (settings.REQUIRE_SECOND_FACTOR and needs_second_factor(authenticator.user))
