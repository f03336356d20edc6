"""Long lists drawn up by a job, to be fetched when they are ready."""

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from home.models.jobs import Job

FORMS = [("xlsx", "Excel"), ("csv", "CSV"), ("zip", "ZIP")]


def private_storage() -> Storage:
    """Where no address leads; resolved late, so that no migration keeps a folder."""
    return storages["private"]


def _file_path(file: "ReportFile", name: str) -> str:
    return f"reports/{file.pk}/{name}"


def kinds_of_files() -> list[tuple[str, Any]]:
    return ReportFile.Kind.choices


class ReportFile(models.Model):
    """One list asked for by one account, with that account's scope. Forgotten after a week."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("Staff list")
        PARTICIPATIONS = "participations", _("Participations")
        UNITS = "units", _("Units")
        REGISTER = "register", _("Staff with their posts")
        MOVEMENT = "movement", _("Headcount movement")
        MOVEMENT_PEOPLE = "movement_people", _("People of the headcount movement")
        HISTORIES = "histories", _("Training histories")
        PARTICIPATION_TABLE = "participation_table", _("Participations by group, provider, commune")
        INSTITUTIONS = "institutions", _("Educational institutions that teach e-commerce")
        IT_OFFICERS = "it_officers", _("Agencies with an officer in charge of IT")
        COURSE_MATRIX = "course_matrix", _("Completion by unit and course")
        COURSE_MATRIX_PEOPLE = "course_matrix_people", _("Completion by person and course")
        PLAN_TAGS = "plan_tags", _("What training did for the plan")
        PLAN_TAG_LIST = "plan_tag_list", _("Results behind a task of the plan")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # By name: a further kind is no change of the database.
    kind = models.CharField(max_length=24, choices=kinds_of_files)
    form = models.CharField(max_length=4, choices=FORMS)
    query = models.CharField(max_length=400, blank=True, help_text="What the address asked for.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    file = models.FileField(storage=private_storage, upload_to=_file_path, blank=True)
    rows = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("report file")
        verbose_name_plural = _("report files")
        ordering = ["-asked_at"]

    @property
    def name(self) -> str:
        return str(self.file.name).rpartition("/")[2]
