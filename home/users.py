"""Accounts in Wagtail's administration: one full name, a phone, no e-mail needed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import CreateView, EditView, IndexView
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from courses.text import fold
from learners.actions.accounts import note_powers, password_was_set, powers_of
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


class AccountIndexView(IndexView):
    """Found by names too, marks aside."""

    def search_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        words = self.search_query if self.is_searching else ""
        by_name = Q()
        for word in fold(words).split():
            by_name &= Q(person__folded_name__contains=word)
        typed = Q(username__icontains=words) | Q(full_name__icontains=words)
        return queryset.filter(by_name | typed | Q(email__icontains=words)) if words else queryset


class AccountCreateView(CreateView):
    """What the new account may do is written to the audit log; its password is temporary."""

    def save_instance(self) -> User:
        with transaction.atomic():
            saved = super().save_instance()
            note_powers(saved, before={}, by=self.request.user)
            password_was_set(saved, by=self.request.user)
        return saved


class AccountEditView(EditView):
    """As for a new one, with what the account might do before."""

    def save_instance(self) -> User:
        with transaction.atomic():
            before = powers_of(User.objects.get(pk=self.object.pk))
            saved = super().save_instance()
            note_powers(saved, before=before, by=self.request.user)
            if "password1" in self.form.changed_data and not self.editing_self:
                password_was_set(saved, by=self.request.user)
        return saved


class UserViewSet(WagtailUserViewSet):
    index_view_class = AccountIndexView
    add_view_class = AccountCreateView
    edit_view_class = AccountEditView

    def get_form_class(self, for_update: bool = False) -> Any:
        return AccountEditForm if for_update else AccountCreationForm
