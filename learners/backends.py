"""Sign-in by staff number, phone or e-mail, all in one field."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from learners.actions.accounts import account_named
from learners.models import User


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
        user = account_named(username)
        if user is None:
            # The same time is spent whether or not the account exists.
            User().set_password(password)
            return None
        # A closed account comes through too: whoever knows its password is told that it is
        # closed, and let in nowhere (home/adapters.py; get_user asks again on every request).
        return user if user.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        """With the person, if there is one: most pages ask for it."""
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
