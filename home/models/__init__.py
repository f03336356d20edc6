"""The home page, the table of background work, and what is made of reports."""

from home.models.feeds import Aggregate, ApiClient, Scope
from home.models.jobs import Job
from home.models.pages import HomePage
from home.models.report_files import ReportFile
from home.models.saved_views import Delivery, Every, Page, SavedView, Schedule

__all__ = [
    "Aggregate",
    "ApiClient",
    "Delivery",
    "Every",
    "HomePage",
    "Job",
    "Page",
    "ReportFile",
    "SavedView",
    "Schedule",
    "Scope",
]
