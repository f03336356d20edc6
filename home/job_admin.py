"""Background work in Wagtail's administration: seen, cancelled, run again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.models import InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from home.jobs.operations import cancel, run_again
from home.jobs.titles import title_of
from home.models import Job
from learners.models import User

OPERATE = "home.operate_job"


class OperatorsLook(ModelPermissionPolicy):
    """Operators see jobs; nobody writes, changes or deletes one by hand."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action == "view" and user.has_perm(OPERATE)

    def user_has_any_permission(self, user: User, actions: Any) -> bool:
        return "view" in actions and user.has_perm(OPERATE)


class JobIndex(IndexView):
    """The newest first; those given up are one click away."""

    default_ordering = "-pk"

    def get_edit_url(self, instance: Job) -> None:
        return None


class JobInspect(InspectView):
    template_name = "home/admin/job.html"
    page_title = gettext_lazy("Job")

    def get_fields(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.object
        moments = [
            (_("Asked for"), job.created_at),
            (_("Not before"), job.run_after),
            (_("Begun"), job.started_at),
            (_("Ended"), job.finished_at),
        ]
        facts = [
            (_("Kind of work"), title_of(job)),
            (_("Queue"), job.get_queue_display()),
            (_("State"), state_of(job)),
            (_("Progress"), progress_of(job)),
            (_("Tries"), f"{job.attempts} / {job.max_attempts}"),
            *((label, localize(localtime(at))) for label, at in moments if at),
            (_("Result"), "" if job.result is None else str(job.result)),
        ]
        context = super().get_context_data(**kwargs)
        return context | {"job": job, "facts": [fact for fact in facts if fact[1]]}


def state_of(job: Job) -> str:
    if job.cancel_asked and job.state == Job.State.RUNNING:
        return _("Asked to stop")
    return str(job.get_state_display())


def progress_of(job: Job) -> str:
    if not job.steps_all:
        return str(job.steps_done or "")
    share = min(100, job.steps_done * 100 // job.steps_all)
    return f"{job.steps_done} / {job.steps_all} ({share} %)"


@require_POST
@permission_required(OPERATE)
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job, pk=pk)
    if cancel(job):
        messages.success(request, _("The job is cancelled, or stops at its next step."))
    else:
        messages.error(request, _("The job has ended already; nothing was changed."))
    return redirect(reverse("jobs:inspect", args=[pk]))


@require_POST
@permission_required(OPERATE)
def run_job_again(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job, pk=pk)
    if run_again(job):
        messages.success(request, _("The job waits in its queue again."))
    else:
        messages.error(request, _("Only a job that was given up or cancelled can be run again."))
    return redirect(reverse("jobs:inspect", args=[pk]))


class JobViewSet(ModelViewSet):
    model = Job
    icon = "tasks"
    menu_label = gettext_lazy("Background work")
    menu_order = 900
    add_to_settings_menu = True
    add_to_reference_index = False
    index_view_class = JobIndex
    inspect_view_class = JobInspect
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 50
    list_filter = ["state", "queue"]
    search_fields = ["task"]
    list_display = [
        "__str__",
        Column("title", label=gettext_lazy("Kind of work"), accessor=title_of),
        Column("queue", label=gettext_lazy("Queue"), accessor="get_queue_display"),
        Column("state", label=gettext_lazy("State"), accessor=state_of),
        Column("progress", label=gettext_lazy("Progress"), accessor=progress_of),
        DateColumn("created_at", label=gettext_lazy("Asked for")),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
            path("cancel/<int:pk>/", cancel_job, name="cancel"),
            path("again/<int:pk>/", run_job_again, name="run_again"),
        ]


register_permission_policy(Job, OperatorsLook(Job))
jobs = JobViewSet("jobs", url_prefix="cong-viec")
