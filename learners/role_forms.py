"""What is said when somebody is given a role."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.choices import Role
from learners.models import User
from learners.tree import organisation_by_code


class RoleForm(forms.Form):
    account = forms.CharField(
        label=_("Sign-in name"), max_length=150, help_text=_("Staff number, phone or account name.")
    )
    role = forms.ChoiceField(label=_("role"), choices=[("", _("Choose")), *Role.choices])
    unit = forms.CharField(
        label=_("Unit code"),
        max_length=40,
        help_text=_("With all units below it. H41 is the whole province."),
    )
    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("To (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    why = forms.CharField(label=_("Why: number of the act or plan"), max_length=300, min_length=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"].initial = timezone.localdate()

    def clean_account(self) -> User:
        name = self.cleaned_data["account"].strip()
        user = User.objects.filter(username__iexact=name, is_active=True).first()
        if user is None:
            raise ValidationError(_("No open account signs in with this name."))
        return user

    def clean_unit(self) -> int:
        unit = organisation_by_code(self.cleaned_data["unit"].strip(), timezone.localdate())
        if unit is None:
            raise ValidationError(_("No unit of today has this code."))
        return unit

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and first < timezone.localdate():
            self.add_error("first", _("This day has passed. Choose a later one."))
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return data
