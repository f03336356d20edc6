"""Reminders of the year's goal or of one course: who was reminded, when and by whom, and whether
it went out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import CoursePage
from learners.choices import ReminderChannel, ReminderState
from learners.models.people import Person
from learners.models.targets import ReportingPeriod


class ReminderRun(models.Model):
    """One press of the button: a list of people, as it was on that day."""

    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(_("unit"), max_length=220, help_text="As the page called it.")
    course = models.ForeignKey(
        CoursePage,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("course"),
        help_text="Empty: of the year's goal.",
    )
    due_on = models.DateField(_("due on"), null=True, help_text="Of the course, if a day is set.")
    note = models.CharField(_("words of your own"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("by whom"),
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder run")
        verbose_name_plural = _("reminder runs")
        ordering = ["-at", "-pk"]


class Reminder(models.Model):
    """One person, once a day at the most, whoever presses."""

    run = models.ForeignKey(ReminderRun, on_delete=models.PROTECT, related_name="reminders")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reminders")
    day = models.DateField(_("day"))
    channel = models.CharField(_("way"), max_length=8, choices=ReminderChannel)
    state = models.CharField(_("state"), max_length=8, choices=ReminderState)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["person__name_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_reminder_a_day")]
