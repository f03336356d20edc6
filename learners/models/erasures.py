"""A person's data taken away at his request: by two people, with what had to stay, and the mark
by which a list does not bring him back unseen."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from learners import personal_numbers
from learners.choices import ErasureState
from learners.models.people import Person
from learners.models.subject_requests import SubjectRequest


class Erasure(models.Model):
    """Proposed by one officer, confirmed by another. What it did is kept as counts."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="erasures")
    request = models.ForeignKey(
        SubjectRequest, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ErasureState, default=ErasureState.PROPOSED
    )
    reason = models.CharField(_("reason"), max_length=300)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    effect = models.JSONField(
        default=list, help_text="[[what, how many, by which law it stays]] as it was carried out."
    )
    files = models.JSONField(
        default=list, help_text="In the private store, still to be removed after the commit."
    )

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state=ErasureState.PROPOSED),
                name="one_erasure_is_proposed",
            ),
            models.CheckConstraint(
                condition=~Q(state=ErasureState.DONE)
                | Q(closed_by__isnull=False) & ~Q(closed_by=F("proposed_by")),
                name="erased_by_two_people",
            ),
        ]


class Tombstone(models.Model):
    """By what a list would know the person again: keyed hashes, from which nobody reads him."""

    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="tombstones")
    digest = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["erasure", "digest"], name="one_mark_of_a_kind")
        ]


def mark_of(kind: str, value: str) -> str:
    """The keyed hash of a staff number, phone, or name with date of birth."""
    return personal_numbers.digest_of(f"{kind}:{value}")
