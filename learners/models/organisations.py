"""Organisations with dates: identity, periods, succession."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.text import fold
from learners.choices import PROVINCE_CODE, Level, SuccessionKind

SPECIALISED_BESIDES_DEPARTMENTS = {"NA-VPUB", "NA-TTR", "NA-BDT"}
"""Office, inspectorate and ethnic committee rank with the departments ("sở")."""


def ranks_with_departments(code: str, name: str, parent_code: str) -> bool:
    """Whether a unit is one of the province's specialised agencies."""
    return parent_code == PROVINCE_CODE and (
        name.startswith("Sở ") or code in SPECIALISED_BESIDES_DEPARTMENTS
    )


class InForce(models.QuerySet):
    """Rows with valid_from and valid_to (last day in force, inclusive; empty: still)."""

    def on(self, day: date | models.F) -> "InForce":
        """`day` may be an outer query's column (OuterRef)."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Organisation(models.Model):
    """An identity that never changes; all that may change lies in its versions."""

    key = models.CharField(
        _("register key"),
        max_length=60,
        unique=True,
        help_text=_("Code and first day: a code alone may name two units."),
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.key


class OrganisationVersion(models.Model):
    """Name, code, level and parent of an organisation during one period."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="versions"
    )
    code = models.CharField(_("code"), max_length=40, db_index=True)
    name = models.CharField(_("name"), max_length=200)
    folded_name = models.CharField(max_length=200, editable=False)
    level = models.CharField(_("level"), max_length=12, choices=Level)
    parent = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_specialised = models.BooleanField(
        _("specialised agency of the province"),
        default=False,
        help_text=_("Departments and those that rank with them: 20 until 28/02/2025, 14 since."),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = InForce.as_manager()

    class Meta:
        verbose_name = _("period of an organisation")
        verbose_name_plural = _("periods of organisations")
        ordering = ["code", "valid_from"]
        indexes = [models.Index(fields=["valid_from", "valid_to"], name="tree_on_a_date")]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="code_and_date_name_one"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organisation_version_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)


class Succession(models.Model):
    """Who follows whom, when, by which act."""

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Empty when the receiving body is outside this register."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SuccessionKind)
    effective_from = models.DateField(_("effective from"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    reorganisation = models.ForeignKey(
        "learners.Reorganisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="successions",
        help_text=_("The document that says so; empty for what came with the register."),
    )

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "kind", "effective_from", "note"],
                name="one_succession_line",
            )
        ]
