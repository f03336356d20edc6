"""What Open Badges need beside the papers themselves."""

from secrets import token_bytes

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models.certificates import Certificate


def new_seed() -> bytes:
    return token_bytes(16)


class Achievement(models.Model):
    """What papers say of a course, published under a key made of these very words; so it is
    never changed."""

    key = models.CharField(max_length=24, unique=True)
    words = models.JSONField()

    class Meta:
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")


class StatusList(models.Model):
    """A list of states that verifiers fetch. Its seed never changes: the places of credentials
    that are out in the world hang on it."""

    number = models.PositiveIntegerField(unique=True)
    seed = models.BinaryField(default=new_seed)
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("status list")
        verbose_name_plural = _("status lists")


class BadgeConsent(models.Model):
    """The holder lets everybody who checks the paper fetch its badge, until it is taken back.
    Rows are kept: they tell when it was allowed."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("consent to show a badge")
        verbose_name_plural = _("consents to show badges")
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(ended_at__isnull=True),
                name="one_standing_consent_per_paper",
            )
        ]
