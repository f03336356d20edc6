"""Accounts in Wagtail's administration: one full name, a phone, no e-mail needed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from learners.models import User
from learners.normalise import phone_number

FIELDS = ["username", "full_name", "phone", "email", "is_superuser", "groups"]


class AccountFields(forms.Form):
    """What both forms share."""

    # The names that the library asks for, which a Vietnamese name does not split into.
    first_name = None
    last_name = None
    email = forms.EmailField(required=False, label=_("E-mail"))
    full_name = forms.CharField(max_length=100, label=_("full name"))
    phone = forms.CharField(max_length=20, required=False, label=_("phone"))

    def clean_phone(self) -> str | None:
        typed = self.cleaned_data["phone"]
        if not typed:
            return None
        number = phone_number(typed)
        if not number:
            raise ValidationError(_("This is no Vietnamese phone number, e.g. 0912 345 678."))
        return number


class AccountCreationForm(AccountFields, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = User
        fields = FIELDS


class AccountEditForm(AccountFields, UserEditForm):
    class Meta(UserEditForm.Meta):
        model = User
        fields = [*FIELDS, "is_active"]


class UserViewSet(WagtailUserViewSet):
    def get_form_class(self, for_update: bool = False) -> Any:
        return AccountEditForm if for_update else AccountCreationForm
