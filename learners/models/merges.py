"""Two records of one person brought together, and pairs that only look alike."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from learners.models.people import Person


class Merge(models.Model):
    """One record went into another. What moved is remembered row by row, so that undoing it is
    exact or refused."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    dropped = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    journal = models.JSONField(
        encoder=DjangoJSONEncoder,
        help_text="[{table, row, was, became}] in the order written; became: null, row removed.",
    )
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("merged record")
        verbose_name_plural = _("merged records")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dropped"],
                condition=Q(undone_at__isnull=True),
                name="a_record_goes_into_one",
            )
        ]


class KeptApart(models.Model):
    """Somebody looked: these two are not the same person. They are not proposed again."""

    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="apart_in_one_order"),
        ]
