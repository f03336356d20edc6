"""Courses that units give their people to do."""

from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import CoursePage
from learners.choices import StaffKind
from learners.models.organisations import Organisation


class Assignments(models.QuerySet):
    def in_force(self) -> "Assignments":
        return self.filter(withdrawn_at__isnull=True)


class Assignment(models.Model):
    """A rule, not a list: whoever holds such a main post has the course to do, from the day he
    comes until the day he leaves. So nobody is forgotten and nobody has to be taken off."""

    course = models.ForeignKey(
        CoursePage, on_delete=models.PROTECT, related_name="+", verbose_name=_("course")
    )
    unit = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("unit"),
        help_text=_("With all units below it; empty for the whole province."),
    )
    staff_kind = models.CharField(_("kind of staff"), max_length=20, choices=StaffKind, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    due_on = models.DateField(_("due on"))
    counts_from = models.DateField(
        _("counts from"),
        null=True,
        blank=True,
        help_text=_("A completion before this day does not count; empty: any does."),
    )
    days_for_newcomers = models.PositiveSmallIntegerField(
        _("days for those who come later"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_(
            "From the day that somebody comes under the rule; empty: no longer than others."
        ),
    )
    reason = models.CharField(_("reason or legal act"), max_length=300)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("given by"),
    )
    given_at = models.DateTimeField(_("given on"), auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = Assignments.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "unit", "staff_kind", "position"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_assignment_of_a_kind",
            ),
            # Of the whole province: an empty unit would never equal another.
            models.UniqueConstraint(
                fields=["course", "staff_kind", "position"],
                condition=Q(withdrawn_at__isnull=True, unit__isnull=True),
                name="one_assignment_of_a_kind_for_all",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="a_withdrawn_assignment_has_its_reason",
            ),
        ]

    def due_for(self, since: date) -> date:
        """By when somebody has it to do who has been under the rule since that day."""
        if self.days_for_newcomers is None:
            return self.due_on
        return max(self.due_on, since + timedelta(days=self.days_for_newcomers))
