"""Lists on their way into a register: what all of them have, whatever their rows are about."""

import json
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from learners import personal_numbers
from learners.choices import ImportState, RowDecision
from learners.models.accounts import User


class KeptList(models.Model):
    """One list: what its columns mean, how far it has come.

    The file lies sealed in the private store and is forgotten once the list is applied.
    """

    FOLDER = ""

    name = models.CharField(_("file"), max_length=200)
    file = models.CharField(max_length=100, editable=False)
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
        abstract = True

    def __str__(self) -> str:
        return self.name

    def keep(self, data: bytes) -> None:
        """Put the file away sealed; unsaved."""
        sealed = ContentFile(personal_numbers.seal_bytes(data))
        self.file = storages["private"].save(f"{self.FOLDER}/{uuid.uuid4()}", sealed)

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
    """The cells of a row as they are put away; `KeptRow.cells` reads them."""
    return personal_numbers.seal(json.dumps(cells, ensure_ascii=False))


class KeptRow(models.Model):
    """What one row does to the register; rows that change nothing are only counted."""

    line = models.PositiveIntegerField(help_text="As Excel numbers it; 0: not in the file.")
    what = models.CharField(max_length=500, blank=True)
    faults = models.JSONField(default=list)
    decision = models.CharField(
        max_length=10, choices=RowDecision, default=RowDecision.NONE, blank=True
    )
    sealed = models.TextField(blank=True, help_text="The cells as they came, of rows not taken.")

    class Meta:
        abstract = True

    def cells(self) -> list[str]:
        """Raises KeysDoNotFit."""
        return json.loads(personal_numbers.unseal(self.sealed)) if self.sealed else []

    @property
    def can_be_accepted(self) -> bool:
        return bool(self.faults) and all(fault["better"] for fault in self.faults)
