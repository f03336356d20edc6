"""The product's real queue, for processes that a test starts and kills."""

from home.settings import *  # noqa: F403

JOB_LEASE_SECONDS = 2
"""Too short for a product, as its check says, and long enough for a test."""

SILENCED_SYSTEM_CHECKS = ["home.E007"]
