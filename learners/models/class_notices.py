"""What those who have a seat are told of their class: when it meets, and what changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import ClassGroup
from learners.choices import NoticeKind, ReminderChannel, ToldState
from learners.models.people import Person


class ToldPlan(models.Model):
    """When and where a class meets, as those with a seat know it. A plan that differs from it is
    told to them, once."""

    class_group = models.OneToOneField(
        ClassGroup, on_delete=models.CASCADE, primary_key=True, related_name="told_plan"
    )
    plan = models.JSONField(help_text="{venue, sessions: [[starts, ends]], days: [first, last]}")
    told_at = models.DateTimeField(auto_now=True)


class ClassNotice(models.Model):
    """One thing to be told about one class. Only ever added."""

    class_group = models.ForeignKey(ClassGroup, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    session_at = models.DateTimeField(
        _("session"), null=True, help_text="Of a reminder: the start, as it was told."
    )
    was = models.JSONField(null=True, help_text="The plan as it had been told.")
    plan = models.JSONField(help_text="The plan that is told.")
    made_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("notice of a class")
        verbose_name_plural = _("notices of classes")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["class_group", "session_at"],
                condition=Q(kind=NoticeKind.REMINDER),
                name="one_reminder_per_session_and_start",
            ),
            models.CheckConstraint(
                condition=Q(kind=NoticeKind.REMINDER, session_at__isnull=False)
                | (~Q(kind=NoticeKind.REMINDER) & Q(session_at__isnull=True)),
                name="a_reminder_names_its_session",
            ),
        ]


class ClassTold(models.Model):
    """The ledger: one person told one thing, once."""

    notice = models.ForeignKey(ClassNotice, on_delete=models.CASCADE, related_name="told")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="class_told")
    channel = models.CharField(_("way"), max_length=8, choices=ReminderChannel)
    state = models.CharField(_("state"), max_length=8, choices=ToldState)
    taken_at = models.DateTimeField(null=True, help_text="By a sender that is at work on it.")
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("person told of a class")
        verbose_name_plural = _("people told of classes")
        ordering = ["person__name_key", "pk"]
        indexes = [
            models.Index(
                fields=["state"],
                condition=Q(state__in=[ToldState.QUEUED, ToldState.SENDING]),
                name="class_mails_to_be_sent",
            )
        ]
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="told_once")]


class ClassCancellation(models.Model):
    """A class that does not take place, by whom and why. It is never taken back: who was told
    so would come or not."""

    class_group = models.OneToOneField(
        ClassGroup, on_delete=models.PROTECT, related_name="cancellation"
    )
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("cancelled class")
        verbose_name_plural = _("cancelled classes")
