"""Reports > Courses: what each course still lacks, for the people who answer for them."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.ui.tables.pages import PageStatusColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from courses.choices import Topic
from courses.models import CoursePage
from courses.querysets import outline_sizes
from courses.readiness import unmet


class CourseFilters(WagtailFilterSet):
    topic = django_filters.ChoiceFilter(label=_("Topic"), choices=Topic.choices)
    live = django_filters.BooleanFilter(label=_("Published"))

    class Meta:
        model = CoursePage
        fields = ["topic", "live"]


class CourseReport(ReportView):
    """One row a course, whatever its state; the same queries for one row and for fifty."""

    page_title = _("Courses")
    header_icon = "doc-full"
    model = CoursePage
    filterset_class = CourseFilters
    index_url_name = "course_report"
    index_results_url_name = "course_report_results"
    any_permission_required = ["add", "change", "publish"]
    permission_policy = policy_registry.get_by_type(Page)
    columns = [
        TitleColumn("title", label=_("Title"), url_name="wagtailadmin_pages:edit"),
        PageStatusColumn("status", label=_("Status")),
        Column("missing", label=_("Still missing")),
        Column("lessons", label=_("Lessons")),
        Column("quizzes", label=_("Quizzes")),
        DateColumn("last_published_at", label=_("Last published")),
    ]
    list_export = [
        "title",
        "status_string",
        "missing",
        "lessons",
        "quizzes",
        "last_published_at",
    ]
    export_headings = {
        "title": _("Title"),
        "status_string": _("Status"),
        "missing": _("Still missing"),
        "lessons": _("Lessons"),
        "quizzes": _("Quizzes"),
        "last_published_at": _("Last published"),
    }

    def get_queryset(self) -> QuerySet[CoursePage]:
        mine = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, {"add", "change", "publish"}
        )
        self.queryset = (
            CoursePage.objects.filter(pk__in=mine.values("pk"))
            .defer_streamfields()
            .annotate_approved_schedule()
            .prefetch_workflow_states()
            .prefetch_related("legal_bases")
            .order_by("folded_title", "title", "pk")
        )
        return super().get_queryset()

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        sizes = outline_sizes(object_list)
        for course in object_list:
            course.lessons, course.quizzes = sizes[course.pk]
            missing = unmet(course.requirements(sizes[course.pk]))
            course.missing = ", ".join(str(requirement.label) for requirement in missing)
            course.missing = course.missing or gettext("Nothing")
        return object_list
