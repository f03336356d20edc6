"""What somebody may type to check a paper, and those who keep the register to act on one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from certificates.badges.reading import LARGEST as LARGEST_BADGE
from certificates.badges.reading import LARGEST_CREDENTIAL
from certificates.codes import read_code

LARGEST_PDF = 10 * 1024 * 1024


class CodeForm(forms.Form):
    """The code printed beside the QR."""

    ma = forms.CharField(
        label=_("Verification code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_ma(self) -> str:
        code = read_code(self.cleaned_data["ma"])
        if code is None:
            raise ValidationError(
                _(
                    "This code has a typing error. It has 13 letters and digits,"
                    " as in 7KQ4-M2XD-9RTB-W."
                )
            )
        return code


class PaperForm(forms.Form):
    """Without the code: three facts that only a holder of the paper knows together."""

    serial = forms.CharField(label=_("Serial number"), max_length=40)
    full_name = forms.CharField(label=_("Full name as printed"), max_length=100)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class FileForm(forms.Form):
    """A PDF to be compared with the register."""

    file = forms.FileField(
        label=_("PDF of the paper"),
        widget=forms.FileInput(attrs={"accept": "application/pdf", "data-compare": ""}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_PDF:
            raise ValidationError(_("The file is larger than 10 MB, so it is none of our papers."))
        return file


class BadgeForm(forms.Form):
    """A digital badge to be judged: a file, or the signed text."""

    file = forms.FileField(
        label=_("Badge as a file"),
        required=False,
        help_text=_("The picture (PNG or SVG), or the signed file (JWT or JSON), up to 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".png,.svg,.jwt,.json,.txt"}),
    )
    text = forms.CharField(
        label=_("Or the signed text"),
        required=False,
        max_length=LARGEST_CREDENTIAL,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > LARGEST_BADGE:
            raise ValidationError(_("The file is larger than 2 MB. Choose the badge itself."))
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(data["file"]) == bool(data["text"]):
            raise ValidationError(_("Choose a file or paste the text: one of the two."))
        return data

    def content(self) -> bytes:
        """What was handed in. Only for a valid form."""
        file, text = self.cleaned_data["file"], self.cleaned_data["text"]
        content: bytes = file.read() if file else text.encode()
        return content


class WithdrawalForm(forms.Form):
    """Why a paper is taken back or replaced, and by which act."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=5,
        max_length=300,
        help_text=_("Shown to everybody who checks the paper."),
    )
    act = forms.CharField(label=_("Decision number"), min_length=2, max_length=60)
