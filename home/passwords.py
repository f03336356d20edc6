"""How long a password must be."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

from learners.models import User


class LengthValidator:
    """Fourteen characters, or eight for an account with a second factor."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        try:
            MinimumLengthValidator(settings.PASSWORD_LENGTH).validate(password)
        except ValidationError:
            if user is None or user.pk is None or not is_mfa_enabled(user):
                raise
            shorter = settings.PASSWORD_LENGTH_WITH_SECOND_FACTOR
            MinimumLengthValidator(shorter).validate(password)

    def get_help_text(self) -> str:
        return MinimumLengthValidator(settings.PASSWORD_LENGTH).get_help_text()


def end_temporary_password(user: User, **kwargs: object) -> None:
    """A receiver: the owner has chosen a password of his own."""
    User.objects.filter(pk=user.pk).update(temporary_password_until=None)
