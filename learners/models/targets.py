"""Targets, counting rules and periods as data with dates and a legal act."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.choices import IndicatorCode


class ReportingPeriods(models.QuerySet):
    def covering(self, day: date) -> "ReportingPeriods":
        """The periods that a fact of that day counts in."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class ReportingPeriod(models.Model):
    """The administrative year: 15 December to 14 December, both inclusive."""

    year = models.PositiveIntegerField(_("year"), unique=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    objects = ReportingPeriods.as_manager()

    class Meta:
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="period_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return str(self.year)

    def cut_off(self) -> date:
        """The day on which the register is read: today, or the last day once it has passed."""
        return min(timezone.localdate(), self.ends_on)


class Target(models.Model):
    """What an act asks for in one year."""

    indicator = models.CharField(_("indicator"), max_length=20, choices=IndicatorCode)
    year = models.PositiveIntegerField(_("year"))
    value = models.PositiveIntegerField(_("value"), help_text=_("Per cent or a count."))
    legal_act = models.CharField(_("legal act"), max_length=255)
    denominator = models.CharField(_("definition of the denominator"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["-year", "indicator"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year"], name="one_target_per_year")
        ]


class CountingRule(models.Model):
    """How an indicator is counted, in one sentence that is printed under every number."""

    indicator = models.CharField(_("indicator"), max_length=20, choices=IndicatorCode)
    version = models.PositiveIntegerField(_("version"))
    sentence = models.TextField(_("rule"))
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("counting rule")
        verbose_name_plural = _("counting rules")
        ordering = ["indicator", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "version"], name="rules_are_numbered")
        ]
