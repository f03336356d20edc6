"""What the account library asks us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from learners.models import User
from learners.permissions import may_see_reports


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from HR; public sign-up opens with the register of learners."""
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Remember which menu entries to show: rights themselves are asked at every door."""
        request.session["sees_reports"] = may_see_reports(user)
        request.session["sees_admin"] = user.has_perm("wagtailadmin.access_admin")
        return super().post_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Officers and leaders open on their figures, everybody else on what to learn."""
        if request.session.get("sees_reports"):
            return reverse("reports:goals")
        return super().get_login_redirect_url(request)
