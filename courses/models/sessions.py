"""Planned classes and their sessions. Who attended is the business of learners."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.choices import ClassMode, Topic
from courses.models.pages import CoursePage
from courses.models.providers import Provider


class ClassGroup(models.Model):
    """One class ("lớp") run by one provider; an online one carries a course's learners."""

    code = models.CharField(_("class code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    provider = models.ForeignKey(
        Provider,
        on_delete=models.PROTECT,
        related_name="classes",
        verbose_name=_("provider"),
    )
    course = models.ForeignKey(
        CoursePage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="classes",
        verbose_name=_("course"),
    )
    topic = models.CharField(_("topic"), max_length=20, choices=Topic)
    mode = models.CharField(_("mode"), max_length=10, choices=ClassMode)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["-starts_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="class_ends_after_it_starts",
                violation_error_message=_("The class must not end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"


class ClassSession(models.Model):
    """One meeting ("buổi") of a class."""

    class_group = models.ForeignKey(ClassGroup, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["class_group", "starts_at"], name="one_session_per_start"
            )
        ]
