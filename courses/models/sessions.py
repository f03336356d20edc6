"""Planned classes and their sessions. Who attended is the business of learners."""

import math

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from courses.choices import ClassMode, Topic
from courses.models.pages import CoursePage
from courses.models.plan_tags import ServesPlan
from courses.models.providers import Provider


class ClassGroup(ServesPlan, ClusterableModel):
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
    summary = models.TextField(
        _("what it is about"), blank=True, help_text=_("A few sentences for those who sign up.")
    )
    for_whom = models.CharField(_("for whom"), max_length=200, blank=True)
    trainers = models.CharField(_("trainers"), max_length=200, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    commune_code = models.CharField(
        _("code of the commune"),
        max_length=10,
        blank=True,
        help_text=_("Where it takes place: five digits, for example 16690 for phường Trường Vinh."),
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    completion_percent = models.PositiveSmallIntegerField(
        _("sessions needed, in percent"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Whoever attends this share of the sessions has completed the class."),
    )
    is_open = models.BooleanField(
        _("open for sign-up"),
        default=False,
        help_text=_("Shown at “Classes”, where people sign up by themselves."),
    )

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

    def takes_sign_ups(self) -> bool:
        """Until its last day; a class in a room lets people in late."""
        return self.is_open and self.ends_on >= timezone.localdate()

    def sessions_needed(self, planned: int) -> int:
        """Of so many planned sessions; at least one."""
        return max(1, math.ceil(planned * self.completion_percent / 100))


class ClassSession(models.Model):
    """One meeting ("buổi") of a class."""

    class_group = ParentalKey(ClassGroup, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["class_group", "starts_at"], name="one_session_per_start"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("The session must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return timezone.localtime(self.starts_at).strftime("%H:%M %d/%m/%Y")
