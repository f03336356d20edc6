"""Who signed up for a class, who was there, and who keeps its list."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import ClassGroup, ClassSession
from learners.choices import CheckInWay, SeatState
from learners.models.claims import private_storage
from learners.models.people import Person


class Seat(models.Model):
    """One person's place in one class. Withdrawing keeps the row; coming back queues anew."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="seats")
    state = models.CharField(_("state"), max_length=10, choices=SeatState)
    queued_at = models.DateTimeField(_("signed up at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["queued_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "class_group"], name="one_seat_per_class")
        ]


class Attendance(models.Model):
    """One person at one session. Taken back, the row stays with who took it back and when."""

    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    way = models.CharField(_("way"), max_length=10, choices=CheckInWay)
    at = models.DateTimeField(
        _("at"), help_text=_("By the clock of the phone that saw it, never later than arrival.")
    )
    arrived_at = models.DateTimeField(_("arrived at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=Q(revoked_at__isnull=True),
                name="one_attendance_per_session",
            )
        ]


class ClassKeeper(models.Model):
    """An account that keeps the list of one class: a trainer, an assistant of the provider."""

    class_group = models.ForeignKey(ClassGroup, on_delete=models.CASCADE, related_name="keepers")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_classes"
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("keeper of a class")
        verbose_name_plural = _("keepers of classes")
        constraints = [
            models.UniqueConstraint(fields=["class_group", "account"], name="one_keeper_per_class")
        ]


def _sheet_path(sheet: "SignedSheet", name: str) -> str:
    return f"sheets/{sheet.pk}{name[name.rindex('.') :]}"


class SignedSheet(models.Model):
    """Photo or scan of the list that people signed in a session. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="sheets")
    file = models.FileField(storage=private_storage, upload_to=_sheet_path)
    content_type = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the file as it was sent.")
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("signed sheet")
        verbose_name_plural = _("signed sheets")
        ordering = ["added_at"]
        constraints = [
            models.UniqueConstraint(fields=["session", "fingerprint"], name="one_sheet_per_file")
        ]
