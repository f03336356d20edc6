"""What a signed-in account owes before it goes on: presence, an own password, a second factor.

Only requests that bring a session cookie are looked at, so pages for strangers stay free of
sessions and can be kept.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from learners.models import User
from learners.permissions import needs_second_factor

GetResponse = Callable[[HttpRequest], HttpResponse]

SEEN_AT = "seen_at"
WRITTEN_EVERY = 60
"""Seconds between two notes of somebody's presence: a session is not saved on every click."""

SIGHT_OF_OTHERS = (
    "/bao-cao/",
    "/quan-tri/",
    "/tai-lieu/",
    "/so-cap/",
    "/cap-giay/",
    "/giay-chung-nhan/",
    "/cham-bai/",
    "/lop/phu-trach/",
    "/minh-chung/",
)
"""Where pages and files about other people lie; tests/test_scope.py knocks at every door."""


def after_second_factor(user: User, authenticator: Authenticator, **kwargs: object) -> None:
    """A receiver: without the second factor eight characters are too few, and nobody knows how
    many the password has. Another one is chosen at the next page."""
    if authenticator.type == Authenticator.Type.TOTP:
        until = timezone.now() + timedelta(days=settings.TEMPORARY_PASSWORD_DAYS)
        User.objects.filter(pk=user.pk).update(temporary_password_until=until)


def note_sign_in(request: HttpRequest, **kwargs: object) -> None:
    """A receiver: presence begins with the sign-in."""
    request.session[SEEN_AT] = int(time.time())


class IdleLimit:
    """Sign out whoever did nothing for a while; sooner where pages are edited.

    The editor of the administration reports by itself that it is open, and long forms of the
    site report typing (static/js/site.js), so nobody is thrown out while writing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _has_session(request) or not request.user.is_authenticated:
            return self.get_response(request)
        in_admin = request.path.startswith("/quan-tri/")
        minutes = settings.ADMIN_IDLE_MINUTES if in_admin else settings.IDLE_MINUTES
        now = int(time.time())
        idle = now - request.session.get(SEEN_AT, 0)
        if idle > minutes * 60:
            logout(request)
            text = ngettext(
                "You were signed out after %(n)d minute without a sign of you. What you had sent"
                " is kept.",
                "You were signed out after %(n)d minutes without a sign of you. What you had sent"
                " is kept.",
                minutes,
            )
            messages.info(request, text % {"n": minutes})
            came_from = request.get_full_path() if request.method == "GET" else ""
            return redirect_to_login(came_from or settings.LOGIN_REDIRECT_URL)
        if idle >= WRITTEN_EVERY:
            request.session[SEEN_AT] = now
        return self.get_response(request)


class AccountDuties:
    """Lead to the page of the duty that is open, from every page that it keeps shut."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.always_open = (
            reverse("account_change_password"),
            reverse("account_logout"),
            reverse("choose_language"),
            reverse("help"),
            reverse("healthz"),
            reverse("readyz"),
            settings.STATIC_URL,
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _has_session(request) and isinstance(request.user, User):
            duty = self._duty_of(request.user, request.path)
            if duty:
                return redirect(duty)
        return self.get_response(request)

    def _duty_of(self, account: User, path: str) -> str:
        if path.startswith(self.always_open):
            return ""
        if account.must_choose_password:
            return reverse("account_change_password")
        if (
            settings.REQUIRE_SECOND_FACTOR
            and path.startswith(SIGHT_OF_OTHERS)
            and needs_second_factor(account)
            and not is_mfa_enabled(account)
        ):
            return reverse("mfa_activate_totp")
        return ""


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES
