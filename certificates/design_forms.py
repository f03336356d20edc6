"""The one door for designs: what would print wrong is refused here, with the reason."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from certificates.choices import Artwork
from certificates.designs import look_of, proof_papers, proofs
from certificates.layout import KINDS, arranged
from certificates.models import Design
from certificates.papers import KIND_TITLES
from certificates.pdf import Unprintable
from certificates.pictures import PictureError, artwork_of
from certificates.typesetting import Misfit, cleaned

WORDS = ("heading_vi", "heading_en", "issuing_body", "place", "signer_title")


class DesignForm(WagtailAdminModelForm):
    """A draft, saved only if its proofs print; in force from the moment somebody says so."""

    upload = forms.FileField(
        label=_("picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text=_(
            "PNG or JPEG in RGB, A4 on its side, 1,754 × 1,240 pixels or more, light where the "
            "words stand."
        ),
    )
    comes_into_force = forms.BooleanField(
        label=_("Put into force"),
        required=False,
        help_text=_("Look at the proofs first: from then on this version is never changed."),
    )

    class Meta:
        model = Design
        fields = [
            "name", "kind", "provider", "valid_from", "heading_vi", "heading_en", "issuing_body",
            "place", "signer_title", "shows_birth_date", "shows_unit", "shows_result",
            "shows_period", "accent", "artwork",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or self.cleaned_data
        if self.instance.in_force_since:
            raise forms.ValidationError(
                _("This version is in force and never changes: make a copy and change that.")
            )
        for name in WORDS:
            if name in cleaned_data:
                cleaned_data[name] = cleaned(cleaned_data[name])
        self._check_heading(cleaned_data)
        if cleaned_data.get("comes_into_force"):
            self._check_day(cleaned_data)
        return cleaned_data

    def clean_upload(self) -> tuple[bytes, str] | None:
        upload = self.cleaned_data["upload"]
        if not upload:
            return None
        try:
            return artwork_of(upload)
        except PictureError as error:
            raise forms.ValidationError(str(error)) from error

    def _check_heading(self, data: dict[str, Any]) -> None:
        """A heading may not make one kind of paper look like another."""
        heading, kind = data.get("heading_vi", ""), data.get("kind")
        if not heading or not kind:
            return
        name = next(name for name in KINDS if KIND_TITLES[kind].startswith(name))
        if heading != name and not heading.startswith(f"{name} "):
            self.add_error(
                "heading_vi",
                gettext("The heading of this kind of paper begins with “%(name)s”.")
                % {"name": name},
            )

    def _check_day(self, data: dict[str, Any]) -> None:
        day = data.get("valid_from")
        if day is None:
            return
        if day < timezone.localdate():
            self.add_error("valid_from", _("A design comes into force today or later."))
        taken = Design.objects.filter(
            provider=data.get("provider"), kind=data.get("kind"), valid_from=day
        )
        if taken.filter(in_force_since__isnull=False).exists():
            self.add_error("valid_from", _("Another design is in force from this day."))

    def _post_clean(self) -> None:
        """With the fields in the instance: print the proofs, keep nothing."""
        super()._post_clean()
        if self.errors:
            return
        design = self.instance
        if made := self.cleaned_data.get("upload"):
            pdf, fingerprint = made
            if design.picture_sha256 != fingerprint:
                design.keep_picture(ContentFile(pdf), fingerprint)
        if design.artwork == Artwork.UPLOADED and not design.picture:
            self.add_error("upload", _("Choose the picture."))
            return
        try:
            for _name, _pdf in proofs(design, timezone.localdate()):
                pass
        except Unprintable as refusal:
            self.add_error(self._field_at_fault(), refusal.reason)

    def _field_at_fault(self) -> str | None:
        """The field whose words do not fit, if it is one of this form's."""
        try:
            for _name, paper in proof_papers(self.instance, timezone.localdate()):
                arranged(paper, look_of(self.instance))
        except Misfit as misfit:
            named = {"title": "heading_vi", "subtitle": "heading_vi", "signer_line": "signer_title"}
            field = named.get(misfit.field, misfit.field)
            return field if field in self.fields else None
        except Unprintable:
            return None
        return None

    def save(self, commit: bool = True) -> Design:
        if self.cleaned_data.get("comes_into_force"):
            self.instance.in_force_since = timezone.now()
        return super().save(commit)
