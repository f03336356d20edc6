"""Background work as rows: the outbox, and the truth about what ran."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])


class Job(models.Model):
    """One call of one task, written in the caller's transaction."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DEAD = "dead", _("Given up")
        CANCELLED = "cancelled", _("Cancelled")

    class Queue(models.TextChoices):
        """Who must not wait for whom: each may have workers of its own."""

        INTERACTIVE = "interactive", _("Somebody waits for it")
        PAPERS = "papers", _("Papers")
        REPORTS = "reports", _("Reports")
        IMPORTS = "imports", _("Imports")

    task = models.CharField(max_length=200, help_text="Dotted path of the task function.")
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    key = models.CharField(
        max_length=200, null=True, unique=True, help_text="Two jobs with one key are one job."
    )
    queue = models.CharField(
        _("queue"),
        max_length=20,
        choices=Queue,
        default=Queue.INTERACTIVE,
        db_default=Queue.INTERACTIVE,
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    priority = models.SmallIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0, help_text="Also the fencing token.")
    max_attempts = models.PositiveIntegerField(default=5)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True, help_text="Last handed to the broker.")
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    started_at = models.DateTimeField(_("begun"), null=True)
    finished_at = models.DateTimeField(_("ended"), null=True)
    steps_done = models.PositiveIntegerField(
        default=0, db_default=0, help_text="What the work itself reports."
    )
    steps_all = models.PositiveIntegerField(null=True)
    result = models.JSONField(null=True, help_text="What the task returned; outlives its worker.")
    cancel_asked = models.BooleanField(default=False, db_default=False)
    error = models.TextField(_("error"), blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(
                fields=["-priority", "run_after"],
                condition=Q(state__in=["waiting", "running"]),
                name="jobs_due",
            )
        ]
        permissions = [("operate_job", "Can cancel jobs and run them again")]

    def __str__(self) -> str:
        return f"{self.short_task} {self.pk}"

    @property
    def short_task(self) -> str:
        """`learners.tasks.recount_today` is `recount_today` to the operator."""
        return self.task.rpartition(".")[2]

    @property
    def may_be_cancelled(self) -> bool:
        running = self.state == self.State.RUNNING and not self.cancel_asked
        return self.state == self.State.WAITING or running

    @property
    def may_run_again(self) -> bool:
        return self.state in (self.State.DEAD, self.State.CANCELLED)
