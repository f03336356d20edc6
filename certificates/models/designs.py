"""How papers look: versions that are drafts until they come into force, and frozen from then on."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.choices import Accent, Artwork, PaperKind
from courses.models import Provider
from learners.models.claims import private_storage


def _picture_path(design: "Design", name: str) -> str:
    return f"designs/{design.picture_sha256}.pdf"


class Designs(models.QuerySet["Design"]):
    def for_paper(self, kind: str, provider: int | None, day: date) -> "Design | None":
        """The version in force that day: the provider's own before the one for all."""
        return (
            self.filter(kind=kind, in_force_since__isnull=False, valid_from__lte=day)
            .filter(Q(provider=provider) | Q(provider__isnull=True))
            .order_by(models.F("provider").asc(nulls_last=True), "-valid_from", "-pk")
            .first()
        )


class Design(models.Model):
    """One version of how the papers of a kind look. In force it never changes again, which the
    database holds to: papers that were drawn with it are drawn so for ever. A newer version
    takes its place from its day on.
    """

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(
        _("kind of paper"), max_length=12, choices=PaperKind, default=PaperKind.COMPLETION
    )
    provider = models.ForeignKey(
        Provider,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("provider"),
        help_text=_("Empty: for all who have no design of their own."),
    )
    valid_from = models.DateField(_("papers issued from"))
    heading_vi = models.CharField(
        _("heading in Vietnamese"),
        max_length=80,
        blank=True,
        help_text=_("In capitals, beginning with the kind of paper. Empty: the usual one."),
    )
    heading_en = models.CharField(_("heading in English"), max_length=80, blank=True)
    issuing_body = models.CharField(
        _("issuing body"), max_length=200, blank=True, help_text=_("Empty: as in the decision.")
    )
    place = models.CharField(
        _("place"), max_length=60, blank=True, help_text=_("Empty: as in the decision.")
    )
    signer_title = models.CharField(
        _("signer's title"), max_length=120, blank=True, help_text=_("Empty: as in the decision.")
    )
    shows_birth_date = models.BooleanField(_("print the date of birth"), default=True)
    shows_unit = models.BooleanField(_("print the unit"), default=True)
    shows_result = models.BooleanField(_("print the result"), default=True)
    shows_period = models.BooleanField(_("print the days of study"), default=True)
    accent = models.CharField(_("colour"), max_length=10, choices=Accent, default=Accent.NAVY)
    artwork = models.CharField(_("artwork"), max_length=10, choices=Artwork, default=Artwork.LOTUS)
    picture = models.FileField(storage=private_storage, upload_to=_picture_path, blank=True)
    picture_sha256 = models.CharField(max_length=64, blank=True)
    in_force_since = models.DateTimeField(_("in force since"), null=True, editable=False)

    objects = Designs.as_manager()

    class Meta:
        verbose_name = _("design of papers")
        verbose_name_plural = _("designs of papers")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "provider", "valid_from"],
                condition=Q(in_force_since__isnull=False),
                name="one_design_a_day_of_a_provider",
            ),
            models.UniqueConstraint(
                fields=["kind", "valid_from"],
                condition=Q(in_force_since__isnull=False, provider__isnull=True),
                name="one_design_a_day_for_all",
            ),
            models.CheckConstraint(
                condition=~Q(artwork=Artwork.UPLOADED) | ~Q(picture_sha256=""),
                name="an_uploaded_artwork_has_its_picture",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def keep_picture(self, drawn: Any, fingerprint: str) -> None:
        """Take this PDF for the artwork; the file is named by what is in it."""
        self.picture_sha256 = fingerprint
        self.picture.save("picture.pdf", drawn, save=False)
