"""What courses add to Wagtail's administration."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from courses.bank_views import QuestionBankGroup
from courses.viewsets import TrainingGroup


@hooks.register("register_admin_viewset")
def training() -> ViewSetGroup:
    return TrainingGroup()


@hooks.register("register_admin_viewset")
def question_banks() -> ViewSetGroup:
    return QuestionBankGroup()
