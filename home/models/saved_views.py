"""Ways of looking at reports that somebody keeps, and the mails that bring them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home.models.report_files import ReportFile


class Page(models.TextChoices):
    """A report that can be kept; the values are names of addresses."""

    OVERVIEW = "overview", _("Overview for leaders")
    GOALS = "goals", _("Both goals in detail")
    UNITS = "units", _("Units")
    PEOPLE = "people", _("Staff list")
    PARTICIPATIONS = "participations", _("Participations")
    MOVEMENT = "movement", _("Headcount movement")
    PARTICIPATION_TABLE = "participation_table", _("Participations by group, provider, commune")
    INSTITUTIONS = "institutions", _("Educational institutions that teach e-commerce")
    IT_OFFICERS = "it_officers", _("Agencies with an officer in charge of IT")
    COURSE_MATRIX = "course_matrix", _("Completion by unit and course")
    COURSE_MATRIX_PEOPLE = "course_matrix_people", _("Completion by person and course")
    PLAN_TAGS = "plan_tags", _("What training did for the plan")
    PLAN_TAG_LIST = "plan_tag_list", _("Results behind a task of the plan")

    @property
    def kind(self) -> str:
        """The list that is drawn for it; empty for the pages that are told on one sheet."""
        return self.value if self.value in ReportFile.Kind.values else ""

    @property
    def names_people(self) -> bool:
        return self in (
            Page.PEOPLE,
            Page.PARTICIPATIONS,
            Page.IT_OFFICERS,
            Page.COURSE_MATRIX_PEOPLE,
            Page.PLAN_TAG_LIST,
        )


def kept_pages() -> list[tuple[str, Any]]:
    return Page.choices


class SavedView(models.Model):
    """One report with its filters, under a name, of one account."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    # By name: a further page is no change of the database.
    page = models.CharField(max_length=24, choices=kept_pages)
    query = models.CharField(max_length=400, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_saved_view_per_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        path = reverse(f"reports:{self.page}")
        return f"{path}?{self.query}" if self.query else path


class Every(models.TextChoices):
    WEEK = "week", _("Every Monday")
    MONTH = "month", _("Every first day of the month")


class Schedules(models.QuerySet["Schedule"]):
    def late(self, now: datetime) -> "list[Schedule]":
        """Those of which something that was due has not gone out. One query.

        Found without the ledger too: where nobody wrote it, nothing was sent.
        """
        open_states = [Delivery.State.DUE, Delivery.State.SENDING, Delivery.State.FAILED]
        found = (
            self.filter(is_on=True)
            .select_related("view__owner")
            .annotate(
                last=Max("deliveries__due_on"),
                failed=Count("deliveries", filter=Q(deliveries__state=Delivery.State.FAILED)),
                waiting=Count("deliveries", filter=Q(deliveries__state__in=open_states)),
            )
        )
        return [schedule for schedule in found if schedule.is_late(now)]


class Schedule(models.Model):
    """A saved view that goes out by mail. Switched off rather than deleted: the ledger stays."""

    view = models.OneToOneField(SavedView, on_delete=models.PROTECT, related_name="schedule")
    every = models.CharField(_("how often"), max_length=8, choices=Every)
    recipients = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("recipients")
    )
    since = models.DateField(help_text="The first day that can be due.")
    is_on = models.BooleanField(default=True)

    objects = Schedules.as_manager()

    class Meta:
        verbose_name = _("scheduled report")
        verbose_name_plural = _("scheduled reports")
        ordering = ["pk"]

    def due_on(self, today: date) -> date | None:
        """The last day on which it was due; None before the first."""
        first = (
            today - timedelta(days=today.weekday())
            if self.every == Every.WEEK
            else today.replace(day=1)
        )
        return first if first >= self.since else None

    def is_late(self, now: datetime) -> bool:
        """Of an annotated row: something failed, waits longer than half a day, or was never
        written down."""
        due = self.due_on(now.date())
        if self.failed:  # type: ignore[attr-defined]
            return True
        if due is None or (now.date() == due and now.hour < 12):
            return False
        return bool(self.waiting) or self.last is None or self.last < due  # type: ignore[attr-defined]


class Delivery(models.Model):
    """The ledger: one mail to one recipient for one day on which it was due."""

    class State(models.TextChoices):
        DUE = "due", _("Due")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")
        DROPPED = "dropped", _("Let go")

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DUE)
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    error = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("delivery of a report")
        verbose_name_plural = _("deliveries of reports")
        ordering = ["-due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "due_on", "recipient"], name="one_delivery_when_due"
            )
        ]
