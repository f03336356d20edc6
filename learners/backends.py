"""Sign-in by staff number, phone or e-mail, all in one field."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from learners.models import User
from learners.normalise import phone_number, staff_number


class SignInNameBackend(ModelBackend):
    """Finds the account by what people remember; the password check stays Django's."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        typed = username.strip()
        wanted = Q(username__iexact=typed) | Q(username__iexact=staff_number(typed))
        if phone := phone_number(typed):
            wanted |= Q(phone=phone)
        if "@" in typed:
            wanted |= Q(email__iexact=typed)
        candidates = list(User.objects.filter(wanted)[:2])
        if len(candidates) != 1:
            # The same time is spent whether or not the account exists.
            User().set_password(password)
            return None
        user = candidates[0]
        # A closed account comes through too: whoever knows its password is told that it is
        # closed, and let in nowhere (home/adapters.py; get_user asks again on every request).
        return user if user.check_password(password) else None
