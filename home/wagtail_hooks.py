"""What the house itself adds to Wagtail's administration."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks

from home.feeds.admin import ApiClientViewSet, api_clients
from home.job_admin import JobViewSet, jobs
from learners.models import User


@hooks.register("register_admin_viewset")
def background_work() -> JobViewSet:
    return jobs


@hooks.register("register_admin_viewset")
def systems_that_read_figures() -> ApiClientViewSet:
    return api_clients


@hooks.register("before_delete_user")
def accounts_are_closed(request: HttpRequest, user: User) -> HttpResponse:
    """What an account did, and to what its owner agreed, hangs on it: it is closed instead."""
    messages.error(
        request,
        _("Accounts are never deleted. Untick “Active” to close this one."),
    )
    return redirect("wagtailusers_users:edit", user.pk)


@hooks.register("before_bulk_action")
def accounts_are_changed_one_by_one(
    request: HttpRequest, action_type: str, objects: Any, view: Any
) -> HttpResponse | None:
    """Each change of an account is written down with what it was before."""
    if view.model is not User:
        return None
    messages.error(request, _("Accounts are changed one by one, so that each change is noted."))
    return redirect("wagtailusers_users:index")
