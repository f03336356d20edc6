"""Who changed what, from what to what, and why: a chain that shows where it was tampered with."""

import json
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from learners.choices import Act


class AuditHead(models.Model):
    """The one row that writers lock, so that entries follow each other."""

    number = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")


class AuditEntry(models.Model):
    """One act. Its hash covers itself and the hash before it; the database refuses changes.

    Holds ids and words, never personal numbers.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by whom"),
        help_text="Empty: a command or a job.",
    )
    act = models.CharField(_("what was done"), max_length=20, choices=Act)
    about = models.CharField(_("about"), max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    why = models.CharField(_("reason"), max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["act", "-number"], name="audit_by_act"),
            # Who looked at one person: part of what he may take out.
            models.Index(fields=["about"], name="audit_about"),
        ]

    def hash_after(self, previous: str) -> str:
        """SHA-256 over the hash before and what the entry says."""
        said: dict[str, Any] = {
            "number": self.number,
            "at": self.at.isoformat(timespec="milliseconds"),
            "by": self.by_id,
            "act": str(self.act),
            "about": self.about,
            "before": self.before,
            "after": self.after,
            "why": self.why,
        }
        written = json.dumps(said, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
        return sha256(f"{previous}\n{written}".encode()).hexdigest()
