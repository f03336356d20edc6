"""Background work as rows: the outbox, and the truth about what ran."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One call of one task, written in the caller's transaction."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DEAD = "dead", _("Given up")

    task = models.CharField(max_length=200, help_text="Dotted path of the task function.")
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    key = models.CharField(
        max_length=200, null=True, unique=True, help_text="Two jobs with one key are one job."
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    priority = models.SmallIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0, help_text="Also the fencing token.")
    max_attempts = models.PositiveIntegerField(default=5)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True, help_text="Last handed to the broker.")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

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
