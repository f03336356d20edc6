"""Evidence packs of classes: when one was made, of what bytes, and who took it away."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import ClassGroup
from learners.models.claims import private_storage


def _pack_path(pack: "EvidencePack", name: str) -> str:
    return f"evidence/{pack.pk}/{name}"


class EvidencePack(models.Model):
    """One zip of all that proves a class.

    The row with its checksum stays for good, so that a zip can be recognised years later; the
    file is forgotten after a while, because the same state makes the same bytes again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.PROTECT, related_name="evidence_packs"
    )
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made"), null=True)
    file = models.FileField(storage=private_storage, upload_to=_pack_path, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    pieces = models.PositiveIntegerField(default=0, help_text="Files in it, its lists aside.")
    missing = models.PositiveIntegerField(
        default=0, help_text="Files that the register names and the store no longer holds."
    )

    class Meta:
        verbose_name = _("evidence pack")
        verbose_name_plural = _("evidence packs")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["class_group"],
                condition=Q(made_at__isnull=True),
                name="one_pack_is_being_made",
            )
        ]

    @property
    def name(self) -> str:
        return str(self.file.name).rpartition("/")[2]


class EvidenceFetch(models.Model):
    """A pack taken away by an account. Rows are only added."""

    pack = models.ForeignKey(EvidencePack, on_delete=models.PROTECT, related_name="fetches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("evidence pack taken away")
        verbose_name_plural = _("evidence packs taken away")
        ordering = ["-at", "-pk"]
