"""What is written down about signing in: to the log for all, to the audit log where it matters.

Names that were typed are written nowhere: people type phones and personal numbers.
"""

import logging

from learners.actions.audit import note
from learners.actions.sign_in import is_first_word_of_lock
from learners.choices import Act
from learners.models import User
from learners.permissions import needs_second_factor

logger = logging.getLogger(__name__)


def note_signed_in(account: User) -> None:
    """Of an account that is shown other people the auditor can read when it came in."""
    logger.info("signed in: account %s", account.pk)
    if needs_second_factor(account):
        note(Act.SIGNED_IN, f"account {account.pk}", by=account)


def note_failure(account: User | None) -> None:
    """A password that was wrong, or a name that nobody has."""
    logger.warning("sign-in failed: %s", _whose(account))


def note_lock(account: User | None, counted: str, address: str) -> None:
    """Too many failures. The address is written, so that an attack can be shut out; the audit log
    hears of it once, however often somebody goes on trying."""
    logger.warning("sign-in locked: %s, from %s", _whose(account), address)
    if account and is_first_word_of_lock(counted):
        note(Act.LOCKED, f"account {account.pk}", by=None)


def _whose(account: User | None) -> str:
    return f"account {account.pk}" if account else "nobody's name"
