"""The product's real queue, for processes that a test starts and kills."""

from home.settings import *  # noqa: F403

JOB_LEASE_SECONDS = 5
