"""Where Wagtail asks learners: may this page be read, may it be deleted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from courses.models import LessonPage, QuizPage
from learners.models import Enrolment
from learners.permissions import marked_courses
from learners.viewsets import TrustedSourceViewSet, trusted_sources


@hooks.register("register_admin_viewset")
def trusted_sources_of_self_training() -> TrustedSourceViewSet:
    return trusted_sources


class MarkingItem(MenuItem):
    """Shown to whoever marks answers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return marked_courses(request.user).exists()


@hooks.register("register_admin_menu_item")
def marking() -> MenuItem:
    return MarkingItem(_lazy("Marking"), reverse("learners:marking"), icon_name="edit", order=260)


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


def _refuse(request: HttpRequest, page: Page) -> HttpResponse | None:
    if Enrolment.objects.filter(edition__course__path__startswith=page.path).exists():
        messages.error(
            request,
            _(
                "“%(title)s” cannot be deleted: people have learnt in it and their records"
                " rest on it. Unpublish it instead; reports will still show it."
            )
            % {"title": page.title},
        )
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
