"""The pages that every installation begins with."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    GroupApprovalTask,
    Locale,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowTask,
)

from courses.models import CatalogPage
from home.models import HomePage
from learners.choices import AUTHORS_GROUP

HOME_TITLE = "Học số Nghệ An"
CATALOG_TITLE = "Khóa học"
CATALOG_SLUG = "khoa-hoc"
AUTHORS = AUTHORS_GROUP
MODERATORS = "Kiểm duyệt"
LEGAL_CHECKERS = "Kiểm tra pháp lý"
WORKFLOW = "Duyệt nội dung"

NAMES = (
    (Group, "Editors", AUTHORS),
    (Group, "Moderators", MODERATORS),
    (Workflow, "Moderators approval", WORKFLOW),
    (Task, "Moderators approval", "Kiểm duyệt"),
)
"""What Wagtail names in English in the database, in the authors' language."""


@transaction.atomic
def create_site() -> CatalogPage:
    """Home page, catalogue and Wagtail site, made if they are missing. Idempotent.

    Replaces Wagtail's welcome page; touches nothing that an editor changed.
    """
    Locale.objects.get_or_create(language_code="vi")
    for model, english, vietnamese in NAMES:
        if not model.objects.filter(name=vietnamese).exists():
            model.objects.filter(name=english).update(name=vietnamese)
    _check_law_before_content()
    _let_authors_keep_banks()
    _let_authors_enter_acts()
    _let_authors_plan_classes()
    home = HomePage.objects.first() or _create_home()
    catalog = CatalogPage.objects.first()
    if catalog is None:
        catalog = home.add_child(
            instance=CatalogPage(title=CATALOG_TITLE, slug=CATALOG_SLUG, show_in_menus=True)
        )
    address = urlsplit(settings.PUBLIC_URL)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname or "localhost",
            "port": address.port or (443 if address.scheme == "https" else 80),
            "site_name": HOME_TITLE,
            "root_page": home,
        },
    )
    return catalog


def _check_law_before_content() -> None:
    """The legal check as the first step of the approval; made once, then the editors' own."""
    workflow = Workflow.objects.filter(name=WORKFLOW).first()
    if workflow is None or Group.objects.filter(name=LEGAL_CHECKERS).exists():
        return
    checkers = Group.objects.create(name=LEGAL_CHECKERS)
    checkers.permissions.add(Permission.objects.get(codename="access_admin"))
    task = GroupApprovalTask.objects.create(name=LEGAL_CHECKERS)
    task.groups.add(checkers)
    WorkflowTask.objects.filter(workflow=workflow).update(sort_order=1)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)


def _let_authors_keep_banks() -> None:
    """Authors and those who review them write the questions; removing a bank is not theirs."""
    permissions = Permission.objects.filter(
        content_type__app_label="courses",
        content_type__model__in=["question", "questionbank", "questioncategory"],
    ).exclude(codename="delete_questionbank")
    for group in Group.objects.filter(name__in=[AUTHORS, MODERATORS]):
        group.permissions.add(*permissions)


def _let_authors_plan_classes() -> None:
    """Who writes courses also plans classes, keeps attendance and brings packages along."""
    allowed = Permission.objects.filter(
        content_type__app_label="courses",
        codename__in=[
            "add_classgroup",
            "change_classgroup",
            "view_classgroup",
            "add_package",
            "change_package",
            "view_package",
        ],
    )
    for group in Group.objects.filter(name__in=[AUTHORS, MODERATORS]):
        group.permissions.add(*allowed)


def _let_authors_enter_acts() -> None:
    """Who writes courses also keeps the list of acts that they rest on."""
    allowed = Permission.objects.filter(
        content_type__app_label="courses",
        codename__in=["add_legalact", "change_legalact", "view_legalact"],
    )
    for group in Group.objects.filter(name__in=[AUTHORS, MODERATORS]):
        group.permissions.add(*allowed)


def _create_home() -> HomePage:
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title=HOME_TITLE, slug="trang-chu"))
    for welcome in root.get_children().exclude(pk=home.pk).filter(slug="home"):
        Site.objects.filter(root_page=welcome).update(root_page=home)
        welcome.delete()
    return home
