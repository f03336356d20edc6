"""What courses add to Wagtail's administration."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.permissions import policy_registry

from courses.bank_views import QuestionBankGroup
from courses.bulk_actions import PublishBottomUp
from courses.models import CoursePage
from courses.views.act_report import EndingActs
from courses.views.course_report import CourseReport
from courses.viewsets import LegalActChooser, TrainingGroup


@hooks.register("register_admin_viewset")
def training() -> ViewSetGroup:
    return TrainingGroup()


@hooks.register("register_admin_viewset")
def question_banks() -> ViewSetGroup:
    return QuestionBankGroup()


@hooks.register("register_admin_viewset")
def legal_act_chooser() -> LegalActChooser:
    return LegalActChooser("legal_act_chooser", url_prefix="legal-act-chooser")


# ------------------------------------------------------------------ reports


class PageReportItem(MenuItem):
    """Shown to whoever may work on pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(Page)
        return policy.user_has_any_permission(request.user, ["add", "change", "publish"])


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    return [
        path("reports/courses/", CourseReport.as_view(), name="course_report"),
        path(
            "reports/courses/results/",
            CourseReport.as_view(results_only=True),
            name="course_report_results",
        ),
        path("reports/legal-acts/", EndingActs.as_view(), name="ending_acts"),
        path(
            "reports/legal-acts/results/",
            EndingActs.as_view(results_only=True),
            name="ending_acts_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def course_report_item() -> MenuItem:
    return PageReportItem(
        gettext_lazy("Courses"), reverse("course_report"), name="courses", icon_name="doc-full"
    )


@hooks.register("register_reports_menu_item")
def ending_acts_item() -> MenuItem:
    return PageReportItem(
        gettext_lazy("Legal acts that end"),
        reverse("ending_acts"),
        name="ending-acts",
        icon_name="warning",
    )


# ------------------------------------------------------------------ publishing


# After Wagtail's own, which it replaces.
hooks.register("register_bulk_action", order=100)(PublishBottomUp)


@hooks.register("before_copy_page")
def copies_of_courses_begin_as_drafts(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A copy must not go live unseen: without its lessons it would ask for nothing."""
    is_course = issubclass(page.specific_class or Page, CoursePage)
    if request.method == "POST" and is_course and request.POST.get("publish_copies"):
        messages.error(
            request,
            _(
                "A copied course begins as a draft. Leave “Publish copies” empty, and publish it"
                " when it is ready."
            ),
        )
        return redirect("wagtailadmin_pages:copy", page.pk)
    return None


def _export_button(page: Page, user: Any) -> Iterator[Button]:
    if page.specific_class is CoursePage and page.permissions_for_user(user).can_edit():
        address = reverse("courses_import:take_out", args=[page.pk])
        yield Button(_("Export the course"), address, icon_name="download", priority=90)


@hooks.register("register_page_listing_more_buttons")
def export_in_the_explorer(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    return _export_button(page, user)


@hooks.register("register_page_header_buttons")
def export_on_the_page(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    return _export_button(page, user)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action("courses.schedule_cancelled")
    class ScheduleCancelled(LogFormatter):
        label = gettext_lazy("Scheduled publishing cancelled")

        def format_message(self, log_entry: Any) -> str:
            return _("Scheduled publishing was cancelled. Still missing: %(missing)s") % {
                "missing": ", ".join(log_entry.data.get("missing", []))
            }
