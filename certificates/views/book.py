"""The register as a report in its official columns: on paper and as a workbook."""

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from certificates.choices import PaperKind
from certificates.list_forms import RegisterSpanForm
from certificates.permissions import require_reader
from certificates.reports import RegisterRow, counts_of, papers_between, register_rows
from learners.exports import Cell, Column, Kind, Sheet, stamp, workbook
from learners.views.downloads import download

MOST_ON_PAPER = 1000
"""Rows of a page to be printed; a longer span goes into the workbook."""


def _span(request: HttpRequest) -> RegisterSpanForm:
    """The span asked for; this year's papers of completion without one."""
    today = timezone.localdate()
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    asked = request.GET if "tu" in request.GET else None
    whole_year = {
        "loai": PaperKind.COMPLETION,
        "tu": date_format(first),
        "den": date_format(last),
    }
    return RegisterSpanForm(asked or whole_year)


@login_required
@require_GET
def book(request: HttpRequest) -> HttpResponse:
    """The book of a span of days, laid out to be printed and signed."""
    require_reader(request.user)
    form = _span(request)
    context: dict[str, object] = {"form": form, "most": MOST_ON_PAPER}
    if form.is_valid():
        papers = papers_between(*_of(form))
        context["counts"] = counts_of(papers)
        context["rows"] = list(register_rows(papers[:MOST_ON_PAPER]))
        context["query"] = request.GET.urlencode()
    status = 200 if form.is_valid() else 422
    return render(request, "certificates/lists/book.html", context, status=status)


@login_required
@require_GET
def book_xlsx(request: HttpRequest) -> FileResponse:
    """The same rows, all of them."""
    require_reader(request.user)
    form = _span(request)
    if not form.is_valid():
        raise Http404
    kind, first, last = _of(form)
    papers = papers_between(kind, first, last)
    counts = counts_of(papers)
    sheet = Sheet(
        name=_("Register of papers"),
        title=_("Register of issued papers"),
        source=[
            str(PaperKind(kind).label),
            _("Issued from %(first)s to %(last)s")
            % {"first": date_format(first), "last": date_format(last)},
            _("%(total)d papers: %(valid)d valid, %(withdrawn)d withdrawn, %(replaced)d replaced")
            % counts,
            stamp(),
        ],
        columns=[
            Column(_("No."), 7, Kind.NUMBER),
            Column(_("Entry number"), 18),
            Column(_("Full name"), 26),
            Column(_("Date of birth"), 12, Kind.DAY),
            Column(_("Unit"), 36),
            Column(_("Course or class"), 40),
            Column(_("Studied from"), 12, Kind.DAY),
            Column(_("Studied to"), 12, Kind.DAY),
            Column(_("Hours"), 8),
            Column(_("Result"), 16),
            Column(_("Decision"), 26),
            Column(_("Signer"), 26),
            Column(_("Issued on"), 12, Kind.DAY),
            Column(_("Handed over on"), 12, Kind.DAY),
            Column(_("Received by"), 24),
            Column(_("State"), 14),
            Column(_("Note"), 40),
        ],
        rows=_cells(register_rows(papers)),
    )
    name = f"so-cap-{kind}-{first:%Y%m%d}-{last:%Y%m%d}.xlsx"
    return download(request, workbook(sheet), name)


def _cells(rows: Iterator[RegisterRow]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            row.number,
            row.serial,
            row.full_name,
            row.birth_date,
            row.unit,
            row.course_title,
            row.started_on,
            row.completed_on,
            f"{row.hours.normalize():f}".replace(".", ","),
            row.result,
            row.decision,
            row.signer,
            row.issued_on,
            row.handed_on,
            row.received_by,
            row.state,
            row.note,
        ]


def _of(form: RegisterSpanForm) -> tuple[str, date, date]:
    given = form.cleaned_data
    return given["loai"], given["tu"], given["den"]
