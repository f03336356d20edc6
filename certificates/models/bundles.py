"""All papers of a list in one file: asked for by an officer, made by a job, kept for a while."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.choices import BundleForm
from certificates.models.lists import IssueList
from learners.models.claims import private_storage


def _bundle_path(bundle: "PaperBundle", name: str) -> str:
    return f"bundles/{bundle.pk}.{bundle.form}"


class PaperBundle(models.Model):
    """One file of a list's papers: a PDF to print, or a zip of PDFs to hand on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue_list = models.ForeignKey(IssueList, on_delete=models.PROTECT, related_name="bundles")
    form = models.CharField(_("form"), max_length=3, choices=BundleForm)
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    done = models.PositiveIntegerField(default=0, help_text="Papers drawn so far.")
    total = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(_("made"), null=True)
    left_out = models.JSONField(
        default=list,
        db_default=[],
        help_text="Serials of papers that were withheld when it was made.",
    )
    refusal = models.CharField(max_length=300, blank=True)
    file = models.FileField(storage=private_storage, upload_to=_bundle_path, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("file of papers")
        verbose_name_plural = _("files of papers")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue_list", "form"],
                condition=Q(made_at__isnull=True, refusal=""),
                name="one_file_of_papers_is_being_made",
            )
        ]

    @property
    def is_waiting(self) -> bool:
        """Whether a job has still to fill it."""
        return self.made_at is None and not self.refusal

    @property
    def in_it(self) -> int:
        """How many papers the file holds."""
        return self.total - len(self.left_out)
