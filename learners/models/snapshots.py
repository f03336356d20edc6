"""Figures as they were signed: the numbers, the people behind them, and a hash over both."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learners.choices import SnapshotState
from learners.models.organisations import Organisation
from learners.models.targets import ReportingPeriod
from learners.periods import Window, window_of

FINAL = (SnapshotState.SIGNED.value, SnapshotState.LOCKED.value)


class Snapshots(models.QuerySet):
    def final(self) -> "Snapshots":
        return self.filter(state__in=FINAL)

    def open(self) -> "Snapshots":
        return self.exclude(state__in=FINAL)

    def of(self, period: ReportingPeriod, unit: int | None, part: str = "") -> "Snapshots":
        return self.filter(period=period, unit=unit, part=part)


class Snapshot(models.Model):
    """The figures of one unit and year, or a part of it. Number 1 is the first; each later one
    restates it.

    Once signed nothing of it changes but that it is locked: the database refuses the rest
    (docs/decisions/0018-signed-figures.md).
    """

    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("unit"),
        help_text="Empty: the whole province.",
    )
    part = models.CharField(
        _("part of the year"),
        max_length=12,
        blank=True,
        default="",
        db_default="",
        help_text="Of learners.periods.MONTHS_OF; empty: the whole administrative year.",
    )
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=8, choices=SnapshotState, default=SnapshotState.DRAFT
    )
    cut_off = models.DateField(_("counted to"))
    tree_on = models.DateField(_("units as on"))
    content = models.JSONField(help_text="Figures, rules and targets: learners.reports.snapshots.")
    people = models.JSONField(help_text="[[person, unit, status, …]] behind the figures.")
    participations = models.JSONField(help_text="Ids behind the figures.")
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drawn_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    locked_at = models.DateTimeField(null=True)

    objects = Snapshots.as_manager()

    class Meta:
        verbose_name = _("signed figures")
        verbose_name_plural = _("signed figures")
        ordering = ["-period__year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "unit", "part", "number"],
                name="snapshots_of_a_unit_are_numbered",
            ),
            # NULLs are distinct to the constraint above.
            models.UniqueConstraint(
                fields=["period", "part", "number"],
                condition=Q(unit__isnull=True),
                name="snapshots_of_the_province_are_numbered",
            ),
        ]

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def window(self) -> Window:
        """The days that the figures are of."""
        year = self.period
        return window_of(year.year, year.starts_on, year.ends_on, self.part)

    @property
    def code(self) -> str:
        """What stands on the signed paper: "2026-H41-1", "2026-quy-1-H41-1"."""
        parts = [str(self.period.year), self.part, self.content["unit"] or "NA", str(self.number)]
        return "-".join(filter(None, parts))
