"""Lists of staff on their way into the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from learners.choices import RowOutcome, StaffKind
from learners.models.kept_lists import KeptList, KeptRow
from learners.models.organisations import Organisation
from learners.models.people import Person


class HeadingMapping(models.Model):
    """What an officer said the columns of a list mean; asked once for each set of headings."""

    key = models.CharField(max_length=64, unique=True, help_text="Hash of the headings.")
    places = models.JSONField(help_text="Place of each known column.")
    updated_at = models.DateTimeField(auto_now=True)


class StaffImport(KeptList):
    """One list of staff, and whose it is."""

    FOLDER = "staff-lists"

    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("unit")
    )
    effective_on = models.DateField(
        _("true on"), help_text=_("Moves without a date of their own take place on this day.")
    )
    default_kind = models.CharField(
        _("kind of staff"), max_length=20, choices=StaffKind, blank=True
    )

    class Meta:
        verbose_name = _("list of staff")
        verbose_name_plural = _("lists of staff")
        ordering = ["-pk"]


class StaffImportRow(KeptRow):
    """What one row does to the people of the register."""

    # "rows_of_a_staff_list" begins with the list, so that no index of its own is needed.
    run = models.ForeignKey(
        StaffImport, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=250, blank=True)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["run", "outcome", "line"], name="rows_of_a_staff_list")]
