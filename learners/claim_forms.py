"""The doors through which self-training enters and is decided."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.text import nfc
from learners.choices import ANY_TOPIC, RecheckOutcome
from learners.models import TrainingRecord
from learners.proofs import CheckedProof, ProofError, check_proof

LONGEST_AGO = timedelta(days=3 * 365)
MOST_HOURS = Decimal(200)


class ClaimForm(forms.ModelForm):
    """A self-training and, unless one is there already, its proof."""

    topic = forms.ChoiceField(label=_("About what?"), choices=ANY_TOPIC, required=False)

    proof = forms.FileField(
        label=_("Proof: a PDF or a photo of the certificate"),
        help_text=_("Up to 10 MB. Never send a picture of an identity card."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
    )

    class Meta:
        model = TrainingRecord
        fields = ["title", "topic", "source", "hours", "completed_on", "certificate_number"]
        localized_fields = ["hours"]
        labels = {
            "title": _("What did you learn?"),
            "source": _("Where?"),
            "hours": _("How many hours?"),
            "completed_on": _("Finished on"),
            "certificate_number": _("Number of the certificate, if there is one"),
        }
        help_texts = {
            "title": _("The name of the course, as the certificate says it."),
            "source": _("For example OneTouch, Bình dân học vụ số, a book, a colleague."),
            "completed_on": _("Day/month/year, for example 05/04/2026."),
        }
        widgets = {
            "hours": forms.TextInput(attrs={"inputmode": "decimal"}),
            "completed_on": forms.DateInput(
                attrs={"inputmode": "numeric", "placeholder": "05/04/2026"}
            ),
        }

    checked: CheckedProof | None = None
    """The proof as it will be kept; None when none was sent."""

    def clean_title(self) -> str:
        return nfc(self.cleaned_data["title"])

    def clean_source(self) -> str:
        return nfc(self.cleaned_data["source"])

    def clean_certificate_number(self) -> str:
        return nfc(self.cleaned_data["certificate_number"]).upper()

    def clean_hours(self) -> Decimal:
        hours = self.cleaned_data["hours"]
        if not Decimal("0.5") <= hours <= MOST_HOURS:
            raise ValidationError(_("Write a number of hours from 0,5 to 200."))
        return hours

    def clean_completed_on(self) -> Any:
        day = self.cleaned_data["completed_on"]
        today = timezone.localdate()
        if day > today:
            raise ValidationError(_("This day is yet to come. Write the day you finished."))
        if day < today - LONGEST_AGO:
            raise ValidationError(_("This is more than three years ago and counts no more."))
        return day

    def clean_proof(self) -> Any:
        upload = self.cleaned_data["proof"]
        if upload:
            try:
                self.checked = check_proof(upload)
            except ProofError as error:
                raise ValidationError(str(error)) from error
        return upload


class SendForm(ClaimForm):
    """The same, to be sent for approval: now the proof must be there."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        has_proof = self.instance.pk and self.instance.proofs.filter(replaced_at__isnull=True)
        if not cleaned.get("proof") and "proof" not in self.errors and not has_proof:
            self.add_error("proof", _("Add the proof, or save without sending for approval."))
        return cleaned


class ReturnForm(forms.Form):
    """Why a self-training goes back."""

    reason = forms.CharField(
        label=_("What is missing, and how can it be mended?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: the person reads it and mends it.")},
    )


class RecheckForm(forms.Form):
    """What the second look found."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(o.value, o.label) for o in RecheckOutcome if o != RecheckOutcome.OPEN],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What was checked, and what was found?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
