"""What every installation begins with."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Workflow

from courses.models import CatalogPage
from home.site import LEGAL_CHECKERS, MODERATORS, WORKFLOW, create_site

pytestmark = pytest.mark.django_db


def tasks() -> list[str]:
    workflow = Workflow.objects.get(name=WORKFLOW)
    return [step.task.name for step in workflow.workflow_tasks.order_by("sort_order")]


def test_law_is_checked_before_content():
    create_site()
    assert tasks() == [LEGAL_CHECKERS, MODERATORS]


def test_second_start_changes_nothing_that_editors_changed():
    create_site()
    Workflow.objects.get(name=WORKFLOW).workflow_tasks.order_by("sort_order").first().delete()
    create_site()
    assert (tasks(), CatalogPage.objects.count()) == ([MODERATORS], 1)
    assert Group.objects.filter(name=LEGAL_CHECKERS).count() == 1
