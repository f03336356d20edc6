"""Learning packages of other systems: SCORM 1.2 and 2004, H5P."""

import uuid
from typing import Any

from django.core.files.storage import storages
from django.core.files.storage.base import Storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.choices import PackageKind


def private_storage() -> Storage:
    return storages["private"]


def _zip_path(package: "Package", name: str) -> str:
    return f"packages/{package.folder}.zip"


class Package(models.Model):
    """An unpacked package and its parts to be launched. Never changed: a new zip is a new row."""

    title = models.CharField(_("title"), max_length=255)
    kind = models.CharField(_("kind"), max_length=12, choices=PackageKind)
    folder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    parts = models.JSONField(
        default=list,
        editable=False,
        help_text='[{"id", "title", "href", "mastery"}] in reading order.',
    )
    file = models.FileField(_("file"), storage=private_storage, upload_to=_zip_path)
    fingerprint = models.CharField(
        max_length=64, unique=True, editable=False, help_text="SHA-256 of the zip."
    )
    added_at = models.DateTimeField(_("added on"), auto_now_add=True)

    class Meta:
        verbose_name = _("learning package")
        verbose_name_plural = _("learning packages")
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return self.title

    def path_of(self, name: str) -> str:
        """Where a file of the package lies in the private storage."""
        return f"packages/{self.folder}/{name}"

    def part(self, number: int) -> dict[str, Any] | None:
        parts: list[dict[str, Any]] = self.parts
        return parts[number] if 0 <= number < len(parts) else None
