"""What officers type about accounts, and what somebody who signs up types about himself."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import Audience
from courses.text import nfc
from learners.choices import Level
from learners.models import OrganisationVersion, User
from learners.normalise import phone_number, text_key
from learners.reports.names import short_name

# Officials come from their unit's staff list.
OWN_SIGN_UP = [
    ("", _("Choose")),
    *((group.value, group.label) for group in Audience if group != Audience.OFFICIAL),
]


def commune_choices() -> list[tuple[Any, Any]]:
    """The communes and wards of today, in the order of the Vietnamese alphabet."""
    versions = OrganisationVersion.objects.on(timezone.localdate()).filter(level=Level.COMMUNE)
    names = [
        (unit, short_name(name)) for unit, name in versions.values_list("organisation_id", "name")
    ]
    names.sort(key=lambda choice: text_key(choice[1].partition(" ")[2]))
    return [("", _("Choose")), *names]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, min_length=3)


class NameAndPhone(forms.Form):
    """Who somebody says to be, in the form that the register keeps."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=100,
        help_text=_("As it shall stand on your certificate, with all marks."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=20,
        help_text=_("For example 0912 345 678."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_full_name(self) -> str:
        name = nfc(self.cleaned_data["full_name"])
        if len(name.split()) < 2 or any(letter.isdigit() or letter in "<>" for letter in name):
            raise ValidationError(_("Write family and given name, for example Nguyễn Thị Hoa."))
        return name

    def clean_phone(self) -> str:
        number = phone_number(self.cleaned_data["phone"])
        if not number:
            raise ValidationError(_("This is no Vietnamese phone number, e.g. 0912 345 678."))
        return number


class SignUpForm(NameAndPhone):
    """An entrepreneur, a student or a young founder opens an account of his own."""

    audience = forms.ChoiceField(label=_("You belong to"), choices=OWN_SIGN_UP)
    commune = forms.TypedChoiceField(
        label=_("Commune or ward"), coerce=int, choices=commune_choices
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 14 characters; a short sentence is easy to remember."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    consent = forms.BooleanField(
        label=_("I have read the notice, and I agree."),
        error_messages={"required": _("Without your consent no account can be opened.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        owner = User(username=data.get("phone", ""), full_name=data.get("full_name", ""))
        owner.phone = data.get("phone")
        try:
            validate_password(data.get("password", ""), owner)
        except ValidationError as error:
            self.add_error("password", error)
        return data
