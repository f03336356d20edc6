"""Enterprises, cooperatives, craft villages and household businesses."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.text import fold, nfc
from learners import personal_numbers
from learners.choices import BusinessKind
from learners.models.organisations import Organisation


class Business(models.Model):
    """One business, known by its tax code, by the personal number of the household's head, or by
    kind, name and commune where there is no number (a craft village, a cooperative group).

    A household's number is personal data: sealed, and found by its keyed hash.
    """

    kind = models.CharField(_("kind of business"), max_length=20, choices=BusinessKind)
    name = models.CharField(_("name"), max_length=200)
    folded_name = models.CharField(max_length=200, editable=False, db_index=True)
    commune = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("commune")
    )
    tax_code = models.CharField(_("tax code"), max_length=14, null=True, blank=True, unique=True)
    number_sealed = models.CharField(max_length=200, blank=True, editable=False)
    number_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    recognition = models.CharField(
        _("recognition decision"),
        max_length=120,
        blank=True,
        help_text=_("Number and date, of a craft village."),
    )

    class Meta:
        verbose_name = _("business")
        verbose_name_plural = _("businesses")
        ordering = ["folded_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tax_code__isnull=True) | Q(number_digest__isnull=True),
                name="a_business_has_one_number",
            ),
            models.UniqueConstraint(
                fields=["kind", "folded_name", "commune"],
                condition=Q(tax_code__isnull=True, number_digest__isnull=True),
                name="one_business_without_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = nfc(self.name)
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)

    @property
    def shown_number(self) -> str:
        """The tax code; of a household only the last digits."""
        if self.number_sealed:
            return personal_numbers.mask(personal_numbers.unseal(self.number_sealed))
        return self.tax_code or ""
