"""Results from other platforms and paper classes: the files, and each row's fate."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.choices import Topic
from learners.choices import FileState, Mode, RowState
from learners.models.claims import private_storage
from learners.models.organisations import InForce
from learners.models.records import TrainingRecord


class OutsideSource(models.Model):
    """Where results come from, and how they count, by a dated rule."""

    name = models.CharField(_("source"), max_length=120)
    mode = models.CharField(
        _("mode"),
        max_length=12,
        choices=[(Mode.OUTSIDE.value, Mode.OUTSIDE.label), (Mode.CLASS.value, Mode.CLASS.label)],
        default=Mode.OUTSIDE,
    )
    legal_act = models.CharField(_("legal act"), max_length=255)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        verbose_name = _("source of results")
        verbose_name_plural = _("sources of results")
        ordering = ["name", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["name", "valid_from"], name="one_source_per_start"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="a_source_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def _file_path(file: "OutsideFile", name: str) -> str:
    return f"outside-results/{file.pk}"


class OutsideFile(models.Model):
    """One list that somebody brought, as it came. The row stays as provenance."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(OutsideSource, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(_("file"), max_length=255)
    file = models.FileField(storage=private_storage, upload_to=_file_path)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the file as it was sent.")
    title = models.CharField(
        _("course"), max_length=255, blank=True, help_text=_("Of rows that name none.")
    )
    hours = models.DecimalField(
        _("hours"), max_digits=5, decimal_places=1, help_text=_("Of rows that give none.")
    )
    topic = models.CharField(
        _("topic"), max_length=20, choices=Topic, blank=True, default="", db_default=""
    )
    state = models.CharField(_("state"), max_length=10, choices=FileState, default=FileState.TRYING)
    seen = models.PositiveIntegerField(default=0, help_text="Rows the running job has passed.")
    report = models.JSONField(default=dict, help_text="Counts, and the first rows with a fault.")
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by whom"),
    )
    brought_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("list of results")
        verbose_name_plural = _("lists of results")
        ordering = ["-brought_at"]


class OutsideRow(models.Model):
    """One row of a list: recorded, or kept until somebody finds out who it is.

    `cells` holds what the row said, without personal numbers.
    """

    file = models.ForeignKey(OutsideFile, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(_("row"))
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=RowState)
    cells = models.JSONField(default=dict)
    why = models.CharField(_("why"), max_length=300, blank=True)
    record = models.OneToOneField(
        TrainingRecord, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("row of results")
        verbose_name_plural = _("rows of results")
        ordering = ["file", "line"]
        indexes = [
            models.Index(
                fields=["file", "line"],
                condition=Q(state=RowState.OPEN),
                name="rows_to_be_settled",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RowState.MATCHED, record__isnull=False)
                | (~Q(state=RowState.MATCHED) & Q(record__isnull=True)),
                name="a_recorded_row_has_its_record",
            )
        ]
