"""What the house itself adds to Wagtail's administration."""

from wagtail import hooks

from home.job_admin import JobViewSet, jobs


@hooks.register("register_admin_viewset")
def background_work() -> JobViewSet:
    return jobs
