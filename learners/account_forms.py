"""What officers type about accounts, and what somebody who signs up types about himself."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import Audience
from courses.text import nfc
from learners.actions.businesses import Named
from learners.business_numbers import fault_of, is_personal, tidy
from learners.choices import BusinessKind
from learners.models import Business, User
from learners.normalise import phone_number, text_key
from learners.reports.names import short_name
from learners.tree import tree_on

# Officials come from their unit's staff list.
OWN_SIGN_UP = [
    ("", _("Choose")),
    *((group.value, group.label) for group in Audience if group != Audience.OFFICIAL),
]


def commune_choices() -> list[tuple[Any, Any]]:
    """The communes and wards of today, in the order of the Vietnamese alphabet."""
    nodes = tree_on(timezone.localdate()).nodes.values()
    names = [(node.id, short_name(node.name)) for node in nodes if node.is_commune]
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


class BusinessFields(forms.Form):
    """Which business somebody comes from; of no use to students and young founders."""

    business_number = forms.CharField(
        label=_("Tax code of the business, if it has one"),
        max_length=20,
        required=False,
        help_text=_(
            "10 or 13 digits; of a household business the 12 digits of its head, which are sealed."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    business_name = forms.CharField(
        label=_("Name of the business"),
        max_length=200,
        required=False,
        help_text=_("Also without a tax code: a craft village, a cooperative group."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def clean_business_number(self) -> str:
        typed = self.cleaned_data["business_number"].strip()
        number = tidy(typed) if typed else ""
        if number and (fault := fault_of(number)):
            raise ValidationError(fault)
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, name = data.get("business_number") or "", data.get("business_name") or ""
        if number and not name:
            self.add_error("business_name", _("Name the business that has this tax code."))
        if is_personal(number) and data.get("audience") != Audience.HOUSEHOLD_BUSINESS:
            self.add_error("business_number", _("Only a household business has twelve digits."))
        return data

    def business(self) -> Named | None:
        """What was said about the business of a valid form; None for nothing."""
        said = self.cleaned_data
        name, kind = nfc(said["business_name"]), said.get("audience", "")
        if not name or kind not in BusinessKind.values:
            return None
        return Named(kind, name, said["commune"], said["business_number"])


class BusinessForm(forms.ModelForm):
    """What an officer corrects about a business; its number stays."""

    why = forms.CharField(label=_("Reason"), max_length=300, min_length=3)

    class Meta:
        model = Business
        fields = ["kind", "name", "commune", "recognition"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].choices = commune_choices()  # type: ignore[attr-defined]


class SignUpForm(BusinessFields, NameAndPhone):
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

    field_order = ["full_name", "phone", "audience", "commune"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        owner = User(username=data.get("phone", ""), full_name=data.get("full_name", ""))
        owner.phone = data.get("phone")
        try:
            if password := data.get("password"):  # none at all is said once, by the field
                validate_password(password, owner)
        except ValidationError as error:
            self.add_error("password", error)
        return data


class AssistForm(BusinessFields, NameAndPhone):
    """What a helper types for somebody who stands beside: no password, and the consent heard."""

    audience = forms.ChoiceField(label=_("The person belongs to"), choices=OWN_SIGN_UP)
    commune = forms.TypedChoiceField(label=_("Commune or ward"), coerce=int)
    consent = forms.BooleanField(
        label=_("I have read the notice aloud, and the person agrees."),
        error_messages={"required": _("Without consent no account can be opened.")},
    )

    field_order = ["full_name", "phone", "audience", "commune"]

    def __init__(self, *args: Any, units: frozenset[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].choices = [  # type: ignore[attr-defined]
            (unit, name)
            for unit, name in commune_choices()
            if not unit or units is None or unit in units
        ]
