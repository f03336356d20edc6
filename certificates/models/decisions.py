"""The acts under which papers are issued."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.choices import PaperKind
from learners.models.claims import private_storage


def _scan_path(decision: "Decision", name: str) -> str:
    return f"decisions/{decision.scan_sha256}{name[name.rindex('.') :]}"


class Decision(models.Model):
    """The signed act under which papers are issued; a standing one serves online courses, any
    other one the list of a class."""

    number = models.CharField(_("decision number"), max_length=60, unique=True)
    signed_on = models.DateField(_("signed on"))
    governing_body = models.CharField(_("governing body"), max_length=200)
    issuing_body = models.CharField(_("issuing body"), max_length=200)
    place = models.CharField(_("place"), max_length=60)
    signer_title = models.CharField(_("signer's title"), max_length=120)
    signer_name = models.CharField(_("signer"), max_length=100)
    kind = models.CharField(
        _("kind of paper"), max_length=12, choices=PaperKind, default=PaperKind.COMPLETION
    )
    valid_months = models.PositiveSmallIntegerField(
        _("papers are valid for (months)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("Empty: for ever."),
    )
    is_standing = models.BooleanField(_("standing decision for online courses"), default=False)
    valid_to = models.DateField(_("in force to"), null=True, blank=True)
    scan = models.FileField(_("scan"), storage=private_storage, upload_to=_scan_path, blank=True)
    scan_type = models.CharField(max_length=40, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    entered_at = models.DateTimeField(auto_now_add=True, null=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-signed_on"]
        constraints = [
            # Who may issue a "chứng chỉ" is asked for each class; nothing asks online.
            models.CheckConstraint(
                condition=models.Q(is_standing=False) | models.Q(kind=PaperKind.COMPLETION),
                name="standing_decisions_are_for_completion",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=PaperKind.CONFIRMATION),
                name="confirmations_have_no_decision_of_their_own",
            ),
        ]

    def __str__(self) -> str:
        return self.number
