"""What somebody may type to check a paper, and those who keep the register to act on one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

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


class WithdrawalForm(forms.Form):
    """Why a paper is taken back or replaced, and by which act."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=5,
        max_length=300,
        help_text=_("Shown to everybody who checks the paper."),
    )
    act = forms.CharField(label=_("Decision number"), min_length=2, max_length=60)
