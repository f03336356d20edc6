"""Give people accounts and temporary passwords, close and reopen accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.actions.audit import note
from learners.actions.businesses import Named, business_of
from learners.choices import AccountStep, Act
from learners.models import AccountEvent, Consent, Person, User
from learners.normalise import phone_number, staff_number
from learners.permissions import is_in_officers_hands
from learners.temporary_passwords import temporary_password


def account_named(typed: str) -> User | None:
    """The account that a sign-in name means, however it is written; None when it means none, or
    more than one."""
    typed = typed.strip()
    wanted = Q(username__iexact=typed) | Q(username__iexact=staff_number(typed))
    if phone := phone_number(typed):
        wanted |= Q(phone=phone)
    if "@" in typed:
        wanted |= Q(email__iexact=typed)
    candidates = list(User.objects.filter(wanted)[:2])
    return candidates[0] if len(candidates) == 1 else None


@dataclass(frozen=True)
class SignInSheet:
    """What is printed for one person, once: the password is nowhere else in plain text."""

    person: Person
    sign_in_name: str
    password: str
    until: datetime


@dataclass(frozen=True)
class NoSheet:
    """Somebody who got none, and what to mend."""

    person: Person
    reason: str


class CannotIssue(Exception):
    """Says in one sentence why, to the officer."""


class PhoneIsTaken(Exception):
    """Another account signs in with this phone."""


def issue_sheets(*, people: Iterable[Person], by: User) -> tuple[list[SignInSheet], list[NoSheet]]:
    """A temporary password for each, with an account for those who have none.

    Each person in a transaction of his own: one who cannot get a sheet does not keep the others
    waiting. Running sessions of these accounts end.
    """
    sheets, refused = [], []
    for person in people:
        try:
            sheets.append(issue_sheet(person=person, by=by))
        except CannotIssue as reason:
            refused.append(NoSheet(person, str(reason)))
    return sheets, refused


def _event(account: User, step: AccountStep, by: User, reason: str = "") -> None:
    AccountEvent.objects.create(account=account, step=step, by=by, reason=reason)
    note(Act.ACCOUNT, f"account {account.pk}", by=by, after={"step": str(step)}, why=reason)


def note_sign_in_way(account: User, step: AccountStep) -> None:
    """Write down that the owner has opened or closed another way to sign in."""
    _event(account, step, account)


@transaction.atomic
def issue_sheet(*, person: Person, by: User) -> SignInSheet:
    """Open the person's account or give it a new temporary password.

    The row of the person is locked: two officers at once leave one account, and the sheet
    printed last is the one that works. Raises CannotIssue.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    account, step = person.user, AccountStep.PASSWORD
    if account is None:
        account, step = _new_account(person), AccountStep.OPENED
    elif not account.is_active:
        raise CannotIssue(_("The account is closed: open it again first."))
    elif not is_in_officers_hands(account, by):
        raise CannotIssue(
            _("This account sees others or edits the site: an administrator sets its password.")
        )
    password = temporary_password()
    until = timezone.now() + timedelta(days=settings.TEMPORARY_PASSWORD_DAYS)
    account.set_temporary_password(password, until)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise CannotIssue(
            _("Another account already uses this staff number or phone: look for a twin.")
        ) from error
    if person.user_id is None:
        person.user = account
        person.save(update_fields=["user"])
    _event(account, step, by)
    return SignInSheet(person, account.username, password, until)


def _new_account(person: Person) -> User:
    sign_in_name = person.staff_number or person.phone
    if not sign_in_name:
        raise CannotIssue(_("Neither staff number nor phone is recorded: add one of them first."))
    return User(username=sign_in_name, full_name=person.full_name, phone=person.phone or None)


@transaction.atomic
def note_powers(account: User, *, before: dict[str, object], by: User) -> None:
    """Write down what an administrator changed about what an account may do; nothing if nothing."""
    after = powers_of(account)
    if after != before:
        note(Act.ACCOUNT, f"account {account.pk}", by=by, before=before, after=after)


def powers_of(account: User) -> dict[str, object]:
    """What opens more than one's own pages, apart from roles."""
    return {
        "groups": ", ".join(account.groups.order_by("name").values_list("name", flat=True)),
        "superuser": account.is_superuser,
        "active": account.is_active,
    }


@transaction.atomic
def password_was_set(account: User, *, by: User) -> None:
    """An administrator has typed a password for somebody: it opens the account for some days, and
    the owner chooses another one first."""
    until = timezone.now() + timedelta(days=settings.TEMPORARY_PASSWORD_DAYS)
    User.objects.filter(pk=account.pk).update(temporary_password_until=until)
    _event(account, AccountStep.PASSWORD, by)


def close_account(*, account: User, by: User, reason: str) -> bool:
    """Shut the account at once, sessions included; False when it was closed before."""
    return _set_active(account, by, AccountStep.CLOSED, reason)


def reopen_account(*, account: User, by: User, reason: str) -> bool:
    """Let the account in again; False when it was open before. A new sheet makes it usable
    for somebody who has slept too long."""
    return _set_active(account, by, AccountStep.REOPENED, reason)


@transaction.atomic
def _set_active(account: User, by: User, step: AccountStep, reason: str) -> bool:
    active = step == AccountStep.REOPENED
    changed = User.objects.filter(pk=account.pk, is_active=not active).update(is_active=active)
    if changed:
        _event(account, step, by, reason)
    return bool(changed)


@transaction.atomic
def sign_up_for(
    *, person: Person, notice: str, by: User, business: Named | None = None
) -> SignInSheet:
    """An account for somebody who stands beside a helper, heard the notice and agreed.

    The helper is written down for good. Raises PhoneIsTaken, and nothing is kept; like `sign_up`
    it joins no record that exists.
    """
    password = temporary_password()
    until = timezone.now() + timedelta(days=settings.TEMPORARY_PASSWORD_DAYS)
    account = User(username=person.phone, full_name=person.full_name, phone=person.phone)
    account.set_temporary_password(password, until)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise PhoneIsTaken from error
    person.user = account
    person.business = business_of(business) if business else None
    person.save()
    Consent.objects.create(account=account, notice=f"{notice}-nghe")
    _event(account, AccountStep.ASSISTED, by)
    return SignInSheet(person, account.username, password, until)


@transaction.atomic
def sign_up(*, person: Person, password: str, notice: str, business: Named | None = None) -> User:
    """An account and a record for somebody who has none, with the consent given to a wording.

    Raises PhoneIsTaken, and nothing is kept. Never joins an account to a record that exists: an
    equal phone or name proves nothing. Twins are merged by HR, who can ask.
    """
    account = User(username=person.phone, full_name=person.full_name, phone=person.phone)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise PhoneIsTaken from error
    person.user = account
    person.business = business_of(business) if business else None
    person.save()
    Consent.objects.create(account=account, notice=notice)
    AccountEvent.objects.create(account=account, step=AccountStep.SIGNED_UP, by=account)
    return account
