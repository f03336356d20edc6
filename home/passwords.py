"""How passwords are kept, how long one must be, and who has just proved that he knows the old."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from learners.models import User

TEMPORARY_SIGN_IN = "temporary_sign_in"
JUST_TYPED = 10 * 60
"""Seconds in which the temporary password of the sign-in is not asked for again."""


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id with the least memory that OWASP's cheat sheet asks for: 19 MB, twice, on one core.

    Django's own take 100 MB on eight threads: at eight in the morning, when a whole agency signs
    in, that is ten times the CPU and memory that the web processes do not have. Kept passwords
    are hashed anew when their owner signs in.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


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


def note_temporary_sign_in(request: HttpRequest, user: User) -> None:
    """Remember when a temporary password was typed; another way in is no proof of it."""
    ways = {record.get("method") for record in get_authentication_records(request, user)}
    if user.must_choose_password and "password" in ways:
        request.session[TEMPORARY_SIGN_IN] = [user.pk, int(time.time())]


def has_just_typed_it(request: HttpRequest) -> bool:
    """Whether this session began a moment ago with the temporary password that still stands."""
    account, moment = request.session.get(TEMPORARY_SIGN_IN, (None, 0))
    if not isinstance(request.user, User) or account != request.user.pk:
        return False
    return request.user.must_choose_password and 0 <= time.time() - moment <= JUST_TYPED
