"""Sign-in by staff number, phone or e-mail, all in one field."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Model, Q
from django.http import HttpRequest

from courses.prepared import Prepared
from learners.actions.accounts import account_named
from learners.models import Person, User


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
        """With the person, if there is one: most pages ask for it. One query."""
        row = next(iter(_ACCOUNT.rows(user_id)), None)
        if row is None:
            return None
        user = User.from_db("default", _OF_USER, row[: len(_OF_USER)])
        own = row[len(_OF_USER) :]
        person = None if own[0] is None else Person.from_db("default", _OF_PERSON, own)
        User._meta.get_field("person").set_cached_value(user, person)
        if person is not None:
            Person._meta.get_field("user").set_cached_value(person, user)
        return user if self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """One's own and those of one's groups. One query, where Django asks for each apart."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        kept = vars(user_obj)
        if "_perm_cache" not in kept:
            found = Permission.objects.all()
            if not user_obj.is_superuser:
                own = Permission.objects.filter(user=user_obj)
                of_groups = Permission.objects.filter(group__user=user_obj)
                found = found.filter(Q(pk__in=own.values("pk")) | Q(pk__in=of_groups.values("pk")))
            names = found.order_by().values_list("content_type__app_label", "codename")
            kept["_perm_cache"] = {f"{app}.{codename}" for app, codename in names}
        return kept["_perm_cache"]


def _columns(model: type[Model]) -> list[str]:
    """In the order of the model's own fields, as from_db() asks; the key comes first."""
    return [field.attname for field in model._meta.concrete_fields]


_OF_USER, _OF_PERSON = _columns(User), _columns(Person)
_ACCOUNT = Prepared(
    lambda account, _word: User.objects.filter(pk=account).values_list(
        *_OF_USER, *(f"person__{name}" for name in _OF_PERSON)
    )
)
