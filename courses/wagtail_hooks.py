"""What courses add to Wagtail's administration."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from courses.viewsets import TrainingGroup


@hooks.register("register_admin_viewset")
def training() -> ViewSetGroup:
    return TrainingGroup()
