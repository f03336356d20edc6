"""Lists of attendance as trainers keep them in Excel."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.choices import Audience
from courses.models import ClassGroup, ClassSession
from learners.choices import FileState
from learners.models.claims import private_storage
from learners.models.organisations import Organisation


def _file_path(file: "AttendanceFile", name: str) -> str:
    return f"attendance/{file.pk}"


class AttendanceFile(models.Model):
    """One list of one class, as it came. The row stays as provenance of what it added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(
        ClassSession,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Of a list without a column for each session.",
    )
    name = models.CharField(_("file"), max_length=255)
    file = models.FileField(storage=private_storage, upload_to=_file_path)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the file as it was sent.")
    audience = models.CharField(
        max_length=20, choices=Audience, blank=True, help_text="Of walk-ins whose row names none."
    )
    commune = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=FileState, default=FileState.TRIED)
    brought_at = models.DateTimeField(_("when"), auto_now_add=True)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(null=True)
    added = models.PositiveIntegerField(default=0, help_text="Attendances that were not known.")
    walk_ins = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("list of attendance")
        verbose_name_plural = _("lists of attendance")
        ordering = ["-brought_at"]
