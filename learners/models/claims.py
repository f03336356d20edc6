"""What stands behind a self-training: proof, steps, sources that are trusted, second looks."""

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.files.storage.base import Storage
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.text import fold
from learners.choices import ClaimStep, RecheckOutcome
from learners.models.people import Person
from learners.models.records import TrainingRecord
from learners.models.targets import ReportingPeriod


def private_storage() -> Storage:
    """Files that no address of the site leads to; views hand them out one by one."""
    return storages["private"]


def _proof_path(proof: "Proof", name: str) -> str:
    return f"proofs/{proof.pk}{name[name.rindex('.') :]}"


class Proof(models.Model):
    """One file that proves a record. Never changed: another file is another row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(TrainingRecord, on_delete=models.PROTECT, related_name="proofs")
    file = models.FileField(storage=private_storage, upload_to=_proof_path)
    content_type = models.CharField(max_length=40)
    fingerprint = models.CharField(
        max_length=64, db_index=True, help_text="SHA-256 of the file as it was sent."
    )
    added_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(null=True, help_text="By a newer one, before approval.")

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        ordering = ["added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(replaced_at__isnull=True),
                name="one_proof_in_force",
            )
        ]


class RecordStep(models.Model):
    """One step in the life of a self-training, by whom and why. Only ever added."""

    record = models.ForeignKey(TrainingRecord, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(_("step"), max_length=10, choices=ClaimStep)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(step=ClaimStep.RETURNED) | ~Q(reason=""),
                name="returned_with_a_reason",
            )
        ]


class TrustedSource(models.Model):
    """A source whose certificates approve themselves, by a dated rule."""

    name = models.CharField(_("source"), max_length=120)
    name_key = models.CharField(max_length=120, editable=False, help_text="Folded name.")
    legal_act = models.CharField(_("legal act"), max_length=255)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("trusted source")
        verbose_name_plural = _("trusted sources")
        ordering = ["name", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["name_key", "valid_from"], name="one_rule_per_start"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="trust_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)


class Recheck(models.Model):
    """A second look at an approved self-training, drawn by lot."""

    record = models.OneToOneField(TrainingRecord, on_delete=models.PROTECT, related_name="recheck")
    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=RecheckOutcome, default=RecheckOutcome.OPEN
    )
    note = models.CharField(_("what was found"), max_length=500, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        ordering = ["drawn_at", "pk"]
