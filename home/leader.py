"""The leader's screen: both goals, where they are heading, and where it is stuck.

One page to be taken in at a glance, and one sheet of A4. All of it comes from tallies; the
page with every detail is `home.dashboards.goals`.
"""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from home.dashboards import late_reports
from home.overview import overview_of
from home.overview_pdf import overview_sheet
from learners.permissions import EXPORT_PEOPLE
from learners.views.downloads import download
from learners.views.frame import frame_of


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Both goals of one year on one screen, for one unit and all below it."""
    found = overview_of(frame_of(request))
    context = {
        "frame": found.frame,
        "overview": found,
        "now": timezone.localtime(),
        "late_reports": late_reports(request),
    }
    return render(request, "home/leader/overview.html", context)


@login_required
@require_GET
def overview_pdf(request: HttpRequest) -> FileResponse:
    """The same on one sheet of A4, in the form of an official paper."""
    found = overview_of(frame_of(request, EXPORT_PEOPLE))
    file = overview_sheet(found)
    return download(request, file, f"tong-quan-{found.frame.period}.pdf", "application/pdf")
