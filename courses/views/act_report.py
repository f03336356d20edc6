"""Reports > Legal acts that end: which courses and lessons have to be written anew."""

from collections import defaultdict
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.ui.tables.pages import PageStatusColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from courses.choices import ActState
from courses.models import CoursePage, LegalAct, LegalBasis, LessonPage

STATES = [(state.value, state.label) for state in (ActState.ENDED, ActState.ENDING)]


def pages_resting_on(acts: QuerySet[LegalAct]) -> Q:
    """Courses that name one of the acts as a basis, and lessons that explain one."""
    return Q(pk__in=LegalBasis.objects.filter(act__in=acts).values("course")) | Q(
        pk__in=LessonPage.objects.filter(legal_act__in=acts).values("pk")
    )


class ActFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State of the act"), choices=STATES, method="in_state"
    )
    act = django_filters.ModelChoiceFilter(
        label=_("Legal act"), queryset=LegalAct.objects.all(), method="on_act"
    )

    class Meta:
        model = Page
        fields: list[str] = []

    def in_state(self, pages: QuerySet[Page], name: str, state: str) -> QuerySet[Page]:
        today = timezone.localdate()
        ended = LegalAct.objects.ended(today)
        if state == ActState.ENDED:
            return pages.filter(pages_resting_on(ended))
        ending = LegalAct.objects.ended_or_ending(today).exclude(pk__in=ended.values("pk"))
        return pages.filter(pages_resting_on(ending))

    def on_act(self, pages: QuerySet[Page], name: str, act: LegalAct) -> QuerySet[Page]:
        return pages.filter(pages_resting_on(LegalAct.objects.filter(pk=act.pk)))


class EndingActs(ReportView):
    """One row a page; the same queries for one row and for fifty."""

    page_title = _("Legal acts that end")
    header_icon = "warning"
    model = Page
    filterset_class = ActFilters
    index_url_name = "ending_acts"
    index_results_url_name = "ending_acts_results"
    any_permission_required = ["add", "change", "publish"]
    permission_policy = policy_registry.get_by_type(Page)
    columns = [
        TitleColumn("title", label=_("Title"), url_name="wagtailadmin_pages:edit"),
        Column("course_title", label=_("Course")),
        PageStatusColumn("status", label=_("Status")),
        Column("acts", label=_("Act and its end")),
    ]
    list_export = ["title", "course_title", "status_string", "acts"]
    export_headings = {
        "title": _("Title"),
        "course_title": _("Course"),
        "status_string": _("Status"),
        "acts": _("Act and its end"),
    }

    def get_queryset(self) -> QuerySet[Page]:
        acts = LegalAct.objects.ended_or_ending(timezone.localdate())
        mine = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, {"add", "change", "publish"}
        )
        self.queryset = (
            mine.filter(pages_resting_on(acts))
            .annotate_approved_schedule()
            .prefetch_workflow_states()
            .order_by("path")
        )
        return super().get_queryset()

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        pages = [page.pk for page in object_list]
        acts = LegalAct.objects.ended_or_ending(timezone.localdate()).select_related("replaced_by")
        by_pk = acts.in_bulk()
        resting: dict[int, list[int]] = defaultdict(list)
        bases = LegalBasis.objects.filter(course__in=pages, act__in=by_pk).order_by("sort_order")
        lessons = LessonPage.objects.filter(pk__in=pages, legal_act__in=by_pk)
        for page_id, act_id in [
            *bases.values_list("course", "act"),
            *lessons.values_list("pk", "legal_act"),
        ]:
            resting[page_id].append(act_id)
        titles = dict(CoursePage.objects.values_list("path", "title"))
        for page in object_list:
            page.course_title = next(
                (title for path, title in titles.items() if page.path.startswith(path)), ""
            )
            page.acts = "; ".join(described(by_pk[act_id]) for act_id in resting[page.pk])
        return object_list


def described(act: LegalAct) -> str:
    """The act with its end and what came in its place, in one line; needs `replaced_by`."""
    end = act.ends_on()
    parts = [str(act)]
    if end is not None:
        parts.append(gettext("in force to %(day)s") % {"day": date_format(end)})
    if act.replaced_by:
        parts.append(gettext("replaced by %(act)s") % {"act": act.replaced_by})
    return ", ".join(parts)
