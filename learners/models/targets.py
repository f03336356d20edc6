"""Targets, counting rules and periods as data with dates and a legal act."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.choices import COUNTED_STAFF, IndicatorCode, StaffKind


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

    def lock(self) -> None:
        """One writer of the period's summaries at a time, to the end of the transaction.

        A fact written before the lock is either seen by the recount that holds it, or added
        by its own refresh after that recount has committed: never both, never neither.
        """
        ReportingPeriod.objects.select_for_update().get(pk=self.pk)

    def cut_off(self) -> date:
        """The day on which the register is read: today, or the last day once it has passed."""
        return min(timezone.localdate(), self.ends_on)


class Denominator(models.Model):
    """A named definition of whom the share of staff is taken of."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    sentence = models.CharField(
        _("definition"), max_length=255, help_text=_("One sentence, printed under the share.")
    )
    with_contract = models.BooleanField(_("contract staff too"), default=False)
    with_part_time = models.BooleanField(_("part-time commune workers too"), default=False)

    class Meta:
        verbose_name = _("definition of the denominator")
        verbose_name_plural = _("definitions of the denominator")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def staff_kinds(self) -> tuple[StaffKind, ...]:
        """Officials and public employees always; the others as the definition says."""
        more = [
            kind
            for kind, counts in (
                (StaffKind.CONTRACT, self.with_contract),
                (StaffKind.PART_TIME, self.with_part_time),
            )
            if counts
        ]
        return (*COUNTED_STAFF, *more)


class Target(models.Model):
    """What an act asks for in one year, of whom, and who answers for it."""

    indicator = models.CharField(_("indicator"), max_length=20, choices=IndicatorCode)
    year = models.PositiveIntegerField(_("year"))
    value = models.PositiveIntegerField(_("value"), help_text=_("Per cent or a count."))
    legal_act = models.CharField(_("legal act"), max_length=255)
    denominator = models.ForeignKey(
        Denominator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("definition of the denominator"),
        help_text=_("Of the share of staff; empty for a target that is a plain count."),
    )
    responsible = models.CharField(
        _("responsible"),
        max_length=200,
        blank=True,
        help_text=_("The body that answers for the target, as it was called that year."),
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["-year", "indicator"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year"], name="one_target_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.get_indicator_display()}, {self.year}"

    def clean(self) -> None:
        """A share says of whom it is taken, and ends at 100."""
        if self.indicator != IndicatorCode.STAFF_TRAINED:
            return
        if self.denominator is None:
            raise ValidationError({"denominator": _("Choose of whom the share is taken.")})
        if self.value is not None and self.value > 100:
            raise ValidationError({"value": _("A share is 100 per cent at most.")})


class CountingRule(models.Model):
    """How an indicator is counted, in one sentence that is printed under every number."""

    indicator = models.CharField(_("indicator"), max_length=20, choices=IndicatorCode)
    version = models.PositiveIntegerField(_("version"))
    sentence = models.TextField(_("rule"))
    minimum_hours = models.DecimalField(
        _("least hours"),
        max_digits=4,
        decimal_places=1,
        default=0,
        help_text=_("Shorter training does not count towards the share of staff; 0: any length."),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("counting rule")
        verbose_name_plural = _("counting rules")
        ordering = ["indicator", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "version"], name="rules_are_numbered"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="rule_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_indicator_display()}, {self.version}"

    def covers(self, day: date) -> bool:
        """Whether it is in force that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def clean(self) -> None:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The last day lies before the first.")})
