"""The product with a mail server that is slow enough to be in the middle of."""

from tests.home.jobs.kill_settings import *  # noqa: F403

EMAIL_BACKEND = "tests.learners.slow_mail.Backend"
MAIL_IS_SENT = True
CLASS_REMINDER_HOURS = 72
