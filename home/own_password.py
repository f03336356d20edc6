"""Choosing a password of one's own."""

from allauth.account.forms import ChangePasswordForm
from allauth.account.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from home.passwords import has_just_typed_it


class ChangeForm(ChangePasswordForm):
    """The library's form; a temporary password does not become one's own."""

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        if self.user.must_choose_password and self.user.check_password(password):
            raise ValidationError(_("This is the temporary password. Choose another one."))
        return password


class FirstOwnForm(ChangeForm):
    """For whoever has just come in with the temporary password: it is not asked for again."""

    oldpassword = None


class OwnPasswordView(PasswordChangeView):
    """The library's page with our forms."""

    def get_form_class(self) -> type[ChangeForm]:
        return FirstOwnForm if has_just_typed_it(self.request) else ChangeForm


own_password = OwnPasswordView.as_view()
