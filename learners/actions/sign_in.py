"""Whether a password may still be tried. Counted in the database, always: a cache may be away or
come back empty, and the lock must hold then as well."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from learners.models import SignInFailure
from learners.personal_numbers import digest_of

MOST_OF_ACCOUNT, LOCKED_FOR = 5, timedelta(minutes=15)
MOST_OF_ADDRESS, ADDRESS_LOCKED_FOR = 100, timedelta(minutes=1)


def begin_try(counted: str, address: str) -> SignInFailure | None:
    """Room for one more try, taken before the password is looked at; None when there were too many
    failures of this account or from this address. Of several at once each counts those before."""
    now = timezone.now()
    tried = SignInFailure.objects.create(counted=_key(counted), address=_key(address))
    until_now = SignInFailure.objects.filter(pk__lte=tried.pk)
    of_account = until_now.filter(counted=tried.counted, at__gt=now - LOCKED_FOR)
    of_address = until_now.filter(address=tried.address, at__gt=now - ADDRESS_LOCKED_FOR)
    if of_account.count() > MOST_OF_ACCOUNT or of_address.count() > MOST_OF_ADDRESS:
        tried.delete()
        return None
    return tried


def take_back(tried: SignInFailure | None) -> None:
    """The password was right, or was never looked at: it is no failure."""
    if tried is not None:
        SignInFailure.objects.filter(pk=tried.pk).delete()


def is_first_word_of_lock(counted: str) -> bool:
    """True once for each lock of an account, for the one caller that shall write it down."""
    failures = _standing().filter(counted=_key(counted))
    return bool(failures.filter(is_told=False).update(is_told=True))


def forget_old() -> None:
    """Take away what counts no more. Idempotent."""
    SignInFailure.objects.filter(at__lt=timezone.now() - LOCKED_FOR).delete()


def _standing() -> QuerySet[SignInFailure]:
    return SignInFailure.objects.filter(at__gt=timezone.now() - LOCKED_FOR)


def _key(of: str) -> str:
    return digest_of(f"sign-in {of}")
