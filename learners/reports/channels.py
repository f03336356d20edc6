"""By what way somebody can be told something."""

from django.conf import settings

from learners.choices import ReminderChannel
from learners.models import Person


def channel_of(person: Person) -> ReminderChannel:
    """The best way to reach somebody. An account that nobody ever opened reaches nobody."""
    account = person.user
    if account is None or not account.is_active or account.last_login is None:
        return ReminderChannel.HAND
    if account.email and settings.MAIL_IS_SENT:
        return ReminderChannel.MAIL
    return ReminderChannel.SITE
