"""Lists of businesses on their way into the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from learners.choices import BusinessKind, BusinessOutcome
from learners.models.businesses import Business
from learners.models.kept_lists import KeptList, KeptRow
from learners.models.organisations import Organisation


class BusinessList(KeptList):
    """One list of enterprises, cooperatives, craft villages or household businesses, and what its
    rows leave out."""

    FOLDER = "business-lists"

    default_kind = models.CharField(
        _("kind of business"), max_length=20, choices=BusinessKind, blank=True
    )
    default_commune = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commune"),
    )

    class Meta:
        verbose_name = _("list of businesses")
        verbose_name_plural = _("lists of businesses")
        ordering = ["-pk"]


class BusinessListRow(KeptRow):
    """What one row does to the businesses of the register. No number of a household stands in the
    clear."""

    run = models.ForeignKey(BusinessList, on_delete=models.CASCADE, related_name="rows")
    outcome = models.CharField(max_length=10, choices=BusinessOutcome)
    name = models.CharField(max_length=200)
    commune = models.CharField(max_length=250, blank=True)
    business = models.ForeignKey(Business, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["run", "outcome", "line"], name="rows_of_a_business_list")]
