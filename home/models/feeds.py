"""Who reads figures through the API, and the figures of each night."""

import hashlib
import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a client may read; none of it names a person."""

    INDICATORS = "indicators", _("Indicators of the plan, by unit")
    UNITS = "units", _("Register of units")
    AGGREGATES = "aggregates", _("Aggregates of each night")


class ApiClients(models.QuerySet["ApiClient"]):
    def open(self) -> Self:
        """Neither withdrawn nor run out."""
        unlimited = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
        return self.filter(unlimited, withdrawn_at__isnull=True)

    def with_token(self, token: str) -> "ApiClient | None":
        """Whose token this is; None for one that opens nothing."""
        return self.open().filter(digest=digest_of(token)).first()


def digest_of(token: str) -> str:
    """What the database keeps. A token is chance enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


class ApiClient(models.Model):
    """One system that reads figures. Its token is shown once and kept as a digest."""

    name = models.CharField(_("name of the system"), max_length=120, unique=True)
    contact = models.CharField(_("who answers for it"), max_length=200, blank=True)
    scopes = models.CharField(_("may read"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("token begins with"), max_length=12, editable=False)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ApiClients.as_manager()

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def give_token(self) -> str:
        """A new token, which opens instead of any former one. Unsaved; shown to nobody again."""
        token = f"hocso_{secrets.token_urlsafe(32)}"
        self.digest, self.hint = digest_of(token), token[:12]
        return token

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes.split()

    def note_use(self, now: datetime) -> None:
        """At most once a minute: reading must not write each time."""
        if self.last_used_at is None or (now - self.last_used_at).total_seconds() > 60:
            ApiClient.objects.filter(pk=self.pk).update(last_used_at=now)


class Aggregate(models.Model):
    """The figures of every year as they stood one night; names nobody."""

    day = models.DateField(_("day"), unique=True)
    document = models.TextField(help_text="JSON, as it is handed out.")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("figures of a night")
        verbose_name_plural = _("figures of the nights")
        ordering = ["-day"]
