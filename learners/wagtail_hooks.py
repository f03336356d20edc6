"""Where Wagtail asks learners: may this page be read, may it be deleted."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from courses.models import ClassGroup, CoursePage, LessonPage, QuestionBank, QuizPage
from learners.models import Assignment, Enrolment, ReminderRun, User
from learners.permissions import marked_courses
from learners.viewsets import PlanGroup, TrustedSourceViewSet, plan, trusted_sources


@hooks.register("register_admin_viewset")
def trusted_sources_of_self_training() -> TrustedSourceViewSet:
    return trusted_sources


@hooks.register("register_admin_viewset")
def targets_and_rules() -> PlanGroup:
    return plan


class MarkingItem(MenuItem):
    """Shown to whoever marks answers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return marked_courses(request.user).exists()


@hooks.register("register_admin_menu_item")
def marking() -> MenuItem:
    return MarkingItem(_lazy("Marking"), reverse("learners:marking"), icon_name="edit", order=260)


def _desk_buttons(page: Page, user: User) -> Iterator[Button]:
    """From a course or a quiz to where its answers are; costs no query a row."""
    shown = page.specific_class
    if shown not in (CoursePage, QuizPage) or not page.permissions_for_user(user).can_edit():
        return
    if shown is QuizPage:
        address = reverse("learners:quiz_of_page", args=[page.pk])
        yield Button(_("How the questions did"), address, icon_name="view", priority=80)
        return
    address = reverse("learners:marking", query={"khoa": page.pk})
    yield Button(_("Marking"), address, icon_name="edit", priority=80)
    address = reverse("learners:move_people", args=[page.pk])
    text = _("Move people to the newest edition")
    yield Button(text, address, icon_name="group", priority=85)


@hooks.register("register_page_listing_more_buttons")
def desks_in_the_explorer(page: Page, user: User, next_url: str | None = None) -> Iterator[Button]:
    return _desk_buttons(page, user)


@hooks.register("register_page_header_buttons")
def desks_on_the_page(
    page: Page, user: User, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    return _desk_buttons(page, user)


@hooks.register("register_question_bank_buttons")
def statistics_of_a_bank(bank: QuestionBank) -> Iterator[Button]:
    address = reverse("learners:bank_statistics", args=[bank.pk])
    yield Button(_("How the questions did"), address, icon_name="view", priority=80)


@hooks.register("before_serve_page")
def open_lesson_in_own_course(
    page: Page, request: HttpRequest, serve_args: list, serve_kwargs: dict
) -> HttpResponse | None:
    """A lesson's public address leads to the course: what is learnt is the own edition."""
    if isinstance(page, (LessonPage, QuizPage)):
        return redirect(page.get_parent().get_parent().get_url(request))
    return None


@hooks.register("before_delete_page")
def keep_courses_with_records(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Evidence is not destroyed by editing content: refuse, and say what to do instead."""
    return _refuse(request, page)


@hooks.register("before_bulk_action")
def keep_courses_with_records_in_bulk(
    request: HttpRequest, action_type: str, objects: list, action: object
) -> HttpResponse | None:
    if action_type == "delete":
        for page in objects:
            if isinstance(page, Page) and (refusal := _refuse(request, page)):
                return refusal
    return None


def _is_needed(page: Page) -> bool:
    """Whether records, rules, reminders or classes rest on a course at or below the page."""
    courses = CoursePage.objects.filter(path__startswith=page.path)
    return (
        Enrolment.objects.filter(edition__course__in=courses).exists()
        or Assignment.objects.filter(course__in=courses).exists()
        or ReminderRun.objects.filter(course__in=courses).exists()
        or ClassGroup.objects.filter(course__in=courses).exists()
    )


def _refuse(request: HttpRequest, page: Page) -> HttpResponse | None:
    if _is_needed(page):
        messages.error(
            request,
            _(
                "“%(title)s” cannot be deleted: records of people, classes or rules rest on it."
                " Unpublish it instead; reports will still show it."
            )
            % {"title": page.title},
        )
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
