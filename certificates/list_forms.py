"""What those who issue papers type: the signed decision, the hand-over, the span of a report."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.choices import HandOverWay, PaperKind
from certificates.layout import fit_field
from certificates.models import Decision
from certificates.pdf import reason_of
from certificates.typesetting import Misfit
from learners.proofs import CheckedProof, ProofError, check_proof

LARGEST_BATCH = 100 * 1024 * 1024
DAY = forms.DateInput(attrs={"placeholder": "dd/mm/yyyy", "autocomplete": "off"})
PRINTED = ("governing_body", "issuing_body", "place", "signer_title", "signer_name")


class DecisionForm(forms.ModelForm):
    """The decision as it was signed. What it prints is checked against the paper at once."""

    scan = forms.FileField(
        label=_("Scan of the signed decision"),
        help_text=_("PDF or photo, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
    )

    class Meta:
        model = Decision
        fields = [
            "kind",
            "number",
            "signed_on",
            "governing_body",
            "issuing_body",
            "place",
            "signer_title",
            "signer_name",
            "valid_months",
        ]
        widgets = {"signed_on": DAY}

    def __init__(self, *args: Any, kinds: list[PaperKind], first_day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_day = first_day
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind of paper"), choices=[(kind.value, kind.label) for kind in kinds]
        )

    def clean_signed_on(self) -> date:
        day: date = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        if day < self.first_day:
            raise ValidationError(_("A decision on this list cannot be older than the list."))
        return day

    def clean_scan(self) -> CheckedProof:
        try:
            return check_proof(self.cleaned_data["scan"])
        except ProofError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in PRINTED:
            try:
                fit_field(name, data.get(name) or "-")
            except Misfit as misfit:
                self.add_error(name, reason_of(misfit))
        return data


class HandOverForm(forms.Form):
    """Who of the list has his paper now, since when, and how."""

    handed_on = forms.DateField(label=_("Handed over on"), widget=DAY)
    way = forms.ChoiceField(label=_("Way of hand-over"), choices=HandOverWay)
    received_by = forms.CharField(
        label=_("Received by, if not the owner"), max_length=100, required=False
    )

    def clean_handed_on(self) -> date:
        day: date = self.cleaned_data["handed_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day


class RegisterSpanForm(forms.Form):
    """Which papers of the register a report covers."""

    loai = forms.ChoiceField(label=_("Kind of paper"), choices=PaperKind)
    tu = forms.DateField(label=_("Issued from"), widget=DAY)
    den = forms.DateField(label=_("Issued to"), widget=DAY)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("tu") and data.get("den") and data["den"] < data["tu"]:
            self.add_error("den", _("The last day lies before the first."))
        return data


class SignedBatchForm(forms.Form):
    """What comes back from whoever signs."""

    batch = forms.FileField(
        label=_("Signed papers"),
        help_text=_("A ZIP of signed PDFs, or one PDF. Leave the serial in each file's name."),
        widget=forms.FileInput(attrs={"accept": "application/zip,application/pdf"}),
    )

    def clean_batch(self) -> UploadedFile:
        batch: UploadedFile = self.cleaned_data["batch"]
        if (batch.size or 0) > LARGEST_BATCH:
            raise ValidationError(_("The file is larger than 100 MB. Send fewer papers at a time."))
        return batch
