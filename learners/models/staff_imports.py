"""Lists of staff on their way into the register."""

import json
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from learners import personal_numbers
from learners.choices import ImportState, RowDecision, RowOutcome, StaffKind
from learners.models.accounts import User
from learners.models.organisations import Organisation
from learners.models.people import Person

FOLDER = "staff-lists"


class HeadingMapping(models.Model):
    """What an officer said the columns of a list mean; asked once for each set of headings."""

    key = models.CharField(max_length=64, unique=True, help_text="Hash of the headings.")
    places = models.JSONField(help_text="Place of each known column.")
    updated_at = models.DateTimeField(auto_now=True)


class StaffImport(models.Model):
    """One list: whose it is, what its columns mean, how far it has come.

    The file lies sealed in the private store and is forgotten once the list is applied.
    """

    name = models.CharField(_("file"), max_length=200)
    file = models.CharField(max_length=100, editable=False)
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("unit")
    )
    effective_on = models.DateField(
        _("true on"), help_text=_("Moves without a date of their own take place on this day.")
    )
    default_kind = models.CharField(
        _("kind of staff"), max_length=20, choices=StaffKind, blank=True
    )
    places = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED
    )
    total = models.PositiveIntegerField(default=0, help_text="Rows of the table.")
    read = models.PositiveIntegerField(default=0, help_text="Rows of the present pass.")
    last_line = models.PositiveIntegerField(default=0, help_text="Where the pass has come to.")
    counts = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by whom")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("list of staff")
        verbose_name_plural = _("lists of staff")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def keep(self, data: bytes) -> None:
        """Put the file away sealed; unsaved."""
        sealed = ContentFile(personal_numbers.seal_bytes(data))
        self.file = storages["private"].save(f"{FOLDER}/{uuid.uuid4()}", sealed)

    def data(self) -> bytes:
        """Raises KeysDoNotFit, or FileNotFoundError once it is forgotten."""
        with storages["private"].open(self.file) as kept:
            return personal_numbers.unseal_bytes(kept.read())

    def forget_file(self) -> None:
        """Take the file away; unsaved. Safe to repeat."""
        if self.file:
            storages["private"].delete(self.file)
        self.file = ""

    @property
    def percent(self) -> int:
        return min(100, 100 * self.read // self.total) if self.total else 0

    @property
    def is_busy(self) -> bool:
        return self.state in (ImportState.CHECKING, ImportState.APPLYING)

    @property
    def is_open(self) -> bool:
        """Whether the officer may still decide about rows and apply."""
        return self.state == ImportState.CHECKED


def sealed_cells(cells: list[str]) -> str:
    """The cells of a row as they are put away; `StaffImportRow.cells` reads them."""
    return personal_numbers.seal(json.dumps(cells, ensure_ascii=False))


class StaffImportRow(models.Model):
    """What one row does to the register; rows that change nothing are only counted."""

    # "rows_of_a_staff_list" begins with the list, so that no index of its own is needed.
    run = models.ForeignKey(
        StaffImport, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    line = models.PositiveIntegerField(help_text="As Excel numbers it; 0: not in the file.")
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=250, blank=True)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=500, blank=True)
    faults = models.JSONField(default=list)
    decision = models.CharField(
        max_length=10, choices=RowDecision, default=RowDecision.NONE, blank=True
    )
    sealed = models.TextField(blank=True, help_text="The cells as they came, of rows not taken.")

    class Meta:
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["run", "outcome", "line"], name="rows_of_a_staff_list")]

    def cells(self) -> list[str]:
        """Raises KeysDoNotFit."""
        return json.loads(personal_numbers.unseal(self.sealed)) if self.sealed else []

    @property
    def can_be_accepted(self) -> bool:
        return bool(self.faults) and all(fault["better"] for fault in self.faults)
