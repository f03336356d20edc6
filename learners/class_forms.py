"""What trainers and walk-ins type."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses.text import nfc
from learners.account_forms import OWN_SIGN_UP, commune_choices
from learners.models import User
from learners.normalise import phone_number, staff_number
from learners.proofs import CheckedProof, ProofError, check_proof


class WalkInForm(forms.Form):
    """Somebody who is here and on no list: an official by staff number, others by group."""

    full_name = forms.CharField(label=_("Full name"), max_length=100)
    phone = forms.CharField(
        label=_("Phone"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    staff_number = forms.CharField(
        label=_("Staff number, if an official"), max_length=40, required=False
    )
    audience = forms.ChoiceField(label=_("Otherwise: group"), choices=OWN_SIGN_UP, required=False)
    commune = forms.TypedChoiceField(
        label=_("Commune or ward"),
        choices=commune_choices,
        coerce=int,
        empty_value=None,
        required=False,
    )

    def clean_full_name(self) -> str:
        name = nfc(self.cleaned_data["full_name"])
        if len(name.split()) < 2:
            raise ValidationError(_("Write family and given name, for example Nguyễn Thị Hoa."))
        return name

    def clean_phone(self) -> str:
        number = phone_number(self.cleaned_data["phone"])
        if not number:
            raise ValidationError(_("This is no Vietnamese phone number, e.g. 0912 345 678."))
        return number

    def clean_staff_number(self) -> str:
        return staff_number(self.cleaned_data["staff_number"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("staff_number"):
            for name in ("audience", "commune"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose one, or give a staff number."))
        return data


class KeeperForm(forms.Form):
    sign_in_name = forms.CharField(label=_("Sign-in name of the trainer"), max_length=150)

    def clean_sign_in_name(self) -> User:
        typed = self.cleaned_data["sign_in_name"].strip()
        account = User.objects.filter(username__iexact=typed, is_active=True).first()
        if account is None:
            raise ValidationError(_("No account has this sign-in name."))
        return account


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label=_("Photo or scan of the signed sheet"),
        help_text=_("PDF or photo, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
    )

    def clean_sheet(self) -> CheckedProof:
        try:
            return check_proof(self.cleaned_data["sheet"])
        except ProofError as error:
            raise ValidationError(str(error)) from error


class NamesForm(forms.Form):
    names = forms.CharField(
        label=_("Names on the signed sheet, one a line"),
        help_text=_("Typed or pasted from Excel. Nothing is changed by comparing."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=50_000,
    )

    def clean_names(self) -> list[str]:
        return [line for line in self.cleaned_data["names"].splitlines() if line.strip()]
