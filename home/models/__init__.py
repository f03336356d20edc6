"""The home page, the table of background work, and what is drawn up from reports."""

from home.models.feeds import Aggregate, ApiClient, Scope
from home.models.jobs import Job
from home.models.pages import HomePage
from home.models.report_files import ReportFile

__all__ = ["Aggregate", "ApiClient", "HomePage", "Job", "ReportFile", "Scope"]
