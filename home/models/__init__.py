"""The home page and the table of background work."""

from home.models.jobs import Job
from home.models.pages import HomePage

__all__ = ["HomePage", "Job"]
