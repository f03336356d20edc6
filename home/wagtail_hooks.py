"""What the house itself adds to Wagtail's administration."""

from wagtail import hooks

from home.feeds.admin import ApiClientViewSet, api_clients
from home.job_admin import JobViewSet, jobs


@hooks.register("register_admin_viewset")
def background_work() -> JobViewSet:
    return jobs


@hooks.register("register_admin_viewset")
def systems_that_read_figures() -> ApiClientViewSet:
    return api_clients
