"""Papers that are not handed out for a while, because what would go out is not what was issued."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.choices import WithheldCause
from certificates.models.certificates import Certificate


class WithheldPaper(models.Model):
    """One time that a paper was held back. The register and the paper stand as they are; the row
    is ended once the paper is right again, and stays."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="withheld")
    cause = models.CharField(_("cause"), max_length=10, choices=WithheldCause)
    detail = models.CharField(max_length=300, blank=True, help_text="What could not be drawn.")
    found_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of what would have gone out; none: nothing would."
    )
    since = models.DateTimeField(_("withheld since"), auto_now_add=True)
    looked_at = models.DateTimeField(_("looked at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("right again"), null=True)

    class Meta:
        verbose_name = _("withheld paper")
        verbose_name_plural = _("withheld papers")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(ended_at__isnull=True),
                name="a_paper_is_withheld_once_at_a_time",
            )
        ]
