"""A reorganisation as a document: what it says, what it did, and who had a hand in it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.text import nfc
from learners.choices import (
    ChangeKind,
    Level,
    PeopleGo,
    ReorganisationState,
    ReorganisationStep,
)
from learners.models.accounts import User

TAKES_ALL = {ChangeKind.MERGE, ChangeKind.ABSORB, ChangeKind.RENAME}
"""Kinds whose people follow unless the line says otherwise."""


class Reorganisation(models.Model):
    """One decision about units, with the day on which it takes effect.

    What it says may change while it is being prepared; what it did can be taken back until it
    is settled.
    """

    decision_number = models.CharField(_("decision number"), max_length=80)
    title = models.CharField(_("title"), max_length=250)
    signed_on = models.DateField(_("signed on"))
    effective_on = models.DateField(
        _("in effect from"),
        help_text=_("The first day of the new units. It may lie ahead or behind."),
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ReorganisationState,
        default=ReorganisationState.DRAFT,
        editable=False,
    )
    leaves_people = models.BooleanField(
        default=False,
        editable=False,
        help_text="Somebody has seen who stays without a unit, and went on.",
    )
    error = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision_number", "effective_on"], name="one_document_per_decision_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision_number} – {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether its lines may still change: it has no effect at present."""
        return self.state in OPEN_DOCUMENT

    @property
    def is_busy(self) -> bool:
        """Whether a job is about to put it into effect or to take it back."""
        if self.state == ReorganisationState.UNDOING:
            return True
        waits = self.state == ReorganisationState.SCHEDULED
        return waits and self.effective_on <= timezone.localdate()


OPEN_DOCUMENT = (ReorganisationState.DRAFT, ReorganisationState.UNDONE)


class ReorganisationLine(models.Model):
    """From one unit to one unit. Several lines make a merger of many or a division into many.

    Units are named by the code that they have around the day of effect: a code alone may name
    another unit on another day.
    """

    reorganisation = models.ForeignKey(
        Reorganisation, on_delete=models.CASCADE, related_name="lines"
    )
    position = models.PositiveIntegerField(default=0, editable=False)
    kind = models.CharField(_("what happens"), max_length=20, choices=ChangeKind)
    from_code = models.CharField(
        _("unit"),
        max_length=40,
        blank=True,
        help_text=_("Empty for a new unit that follows nobody."),
    )
    to_code = models.CharField(
        _("to the unit with the code"),
        max_length=40,
        blank=True,
        help_text=_(
            "Of a unit that is there, or a new one. Empty when the unit keeps its code, or when"
            " nobody follows."
        ),
    )
    to_name = models.CharField(
        _("name from then on"), max_length=200, blank=True, help_text=_("Of a new or renamed unit.")
    )
    to_level = models.CharField(
        _("level"),
        max_length=12,
        choices=Level,
        blank=True,
        help_text=_("Empty: as the unit before."),
    )
    to_parent_code = models.CharField(
        _("below the unit with the code"),
        max_length=40,
        blank=True,
        help_text=_("Empty: where the unit before stood."),
    )
    people = models.CharField(
        _("who follows"),
        max_length=6,
        choices=PeopleGo,
        blank=True,
        help_text=_("Empty: everybody, where a unit merges, joins another or is renamed."),
    )
    staff_numbers = models.TextField(
        _("staff numbers"),
        blank=True,
        help_text=_("Of the people named, with spaces or line breaks between them."),
    )
    note = models.CharField(_("note"), max_length=190, blank=True)
    moved = models.PositiveIntegerField(
        null=True, editable=False, help_text="People who went, once the document is in effect."
    )

    class Meta:
        verbose_name = _("line of a reorganisation")
        verbose_name_plural = _("lines of a reorganisation")
        ordering = ["position", "pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.to_name = nfc(self.to_name)
        self.people = self.people or self.default_people()
        super().save(*args, **kwargs)

    def default_people(self) -> str:
        if self.staff_numbers.split():
            return PeopleGo.NAMED
        return PeopleGo.ALL if self.kind in TAKES_ALL else PeopleGo.NONE

    def named(self) -> list[str]:
        """The staff numbers on the line."""
        numbers = self.staff_numbers.replace(",", " ").replace(";", " ").split()
        return list(dict.fromkeys(numbers)) if self.people == PeopleGo.NAMED else []


class ReorganisationChange(models.Model):
    """One row of the register that the document changed or made, so that undo is exact.

    Kept for good once the document is settled: it says who went where.
    """

    reorganisation = models.ForeignKey(
        Reorganisation, on_delete=models.CASCADE, related_name="changes"
    )
    table = models.CharField(max_length=40, help_text="Name of the model, in lower case.")
    row_id = models.BigIntegerField()
    was = models.JSONField(null=True, help_text="The values before; empty for a row that it made.")
    became = models.JSONField(help_text="The values that undo must find again.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reorganisation", "table", "row_id"], name="one_change_per_row"
            )
        ]
        indexes = [
            models.Index(
                fields=["reorganisation", "table"],
                condition=Q(was__isnull=True),
                name="made_by_a_reorganisation",
            )
        ]


class ReorganisationEvent(models.Model):
    """What was done to the document, by whom. Rows are added, never changed or removed."""

    reorganisation = models.ForeignKey(
        Reorganisation, on_delete=models.PROTECT, related_name="events"
    )
    step = models.CharField(_("step"), max_length=12, choices=ReorganisationStep)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by whom")
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("event of a reorganisation")
        verbose_name_plural = _("events of a reorganisation")
        ordering = ["at", "pk"]
