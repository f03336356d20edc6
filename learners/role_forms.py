"""What is said when somebody is given a role."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.actions.accounts import account_named
from learners.choices import PROVINCE_CODE, Role
from learners.days import DayInput
from learners.imports.reorganisations import UnitCodes
from learners.models import User
from learners.tree import organisation_by_code

ONE_DAY = timedelta(days=1)


class RoleForm(forms.Form):
    account = forms.CharField(
        label=_("Sign-in name"), max_length=150, help_text=_("Staff number, phone or account name.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose")), *Role.choices])
    unit = forms.CharField(
        label=_("Unit"),
        max_length=300,
        help_text=_(
            "Type part of the code or the name and choose. With all units below it; H41 is the"
            " whole province."
        ),
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    first = forms.DateField(label=_("From"), widget=DayInput())
    last = forms.DateField(
        label=_("To (optional)"),
        required=False,
        widget=DayInput(),
    )
    why = forms.CharField(label=_("Why: number of the act or plan"), max_length=300, min_length=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # As on the eve of a document that takes effect tomorrow: the units of today.
        self.codes = UnitCodes(timezone.localdate() + ONE_DAY)
        self.fields["first"].initial = timezone.localdate()

    def clean_account(self) -> User:
        user = account_named(self.cleaned_data["account"])
        if user is None or not user.is_active:
            raise ValidationError(_("No open account signs in with this name."))
        return user

    def clean_unit(self) -> int:
        code, why = self.codes.existing(self.cleaned_data["unit"])
        unit = organisation_by_code(code, timezone.localdate()) if code else None
        if unit is None:
            raise ValidationError(why or _("No unit of today has this code."))
        return unit

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        province = organisation_by_code(PROVINCE_CODE, timezone.localdate())
        if data.get("role") == Role.AUTHOR and data.get("unit") not in (None, province):
            self.add_error("unit", _("Courses are for the whole province: choose H41."))
        if first and first < timezone.localdate():
            self.add_error("first", _("This day has passed. Choose a later one."))
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return data
