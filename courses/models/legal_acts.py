"""Laws, decrees and decisions that courses and lessons rest on."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import ActState

ENDS_SOON = timedelta(days=90)
"""How long before its end an act is reported: time to write the lesson anew."""


class LegalActs(models.QuerySet):
    def ended(self, day: date) -> "LegalActs":
        """Acts no longer in force on that day: run out, or replaced by one that is in force."""
        return self.filter(
            Q(valid_to__lt=day)
            | Q(replaced_by__isnull=False, replaced_by__valid_from__isnull=True)
            | Q(replaced_by__valid_from__lte=day)
        )

    def ended_or_ending(self, day: date) -> "LegalActs":
        """Those, and what ends within 90 days."""
        return self.ended(day + ENDS_SOON)


class LegalAct(models.Model):
    """One act, entered once: its dates are corrected in one place for every course."""

    title = models.CharField(_("title"), max_length=255)
    number = models.CharField(
        _("number"), max_length=60, blank=True, help_text=_("For example 116/2025/QH15.")
    )
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(
        _("in force to"), null=True, blank=True, help_text=_("Empty while no end is known.")
    )
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("replaced by"),
    )

    objects = LegalActs.as_manager()

    class Meta:
        verbose_name = _("legal act")
        verbose_name_plural = _("legal acts")
        ordering = ["title", "number"]
        constraints = [
            models.UniqueConstraint(fields=["title", "number"], name="one_legal_act_per_number"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="legal_act_ends_after_it_begins",
                violation_error_message=_("The act ends before it is in force."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})" if self.number else self.title

    def clean(self) -> None:
        if self.pk and self.replaced_by_id == self.pk:
            raise ValidationError({"replaced_by": _("An act cannot replace itself.")})

    def ends_on(self) -> date | None:
        """The last day in force, as far as it is known; needs `replaced_by`."""
        ends = [self.valid_to] if self.valid_to else []
        if self.replaced_by and self.replaced_by.valid_from:
            ends.append(self.replaced_by.valid_from - timedelta(days=1))
        return min(ends, default=None)

    def state(self, day: date | None = None) -> ActState:
        """Where the act stands on that day (today); needs `replaced_by`."""
        day = day or timezone.localdate()
        end = self.ends_on()
        if self.replaced_by and self.replaced_by.valid_from is None:
            return ActState.ENDED
        if end is not None and end < day:
            return ActState.ENDED
        if end is not None and end < day + ENDS_SOON:
            return ActState.ENDING
        if self.valid_from and self.valid_from > day:
            return ActState.NOT_YET
        return ActState.IN_FORCE
