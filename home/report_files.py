"""Reports as files: at once while they are short, by a job when they are long."""

from collections import defaultdict
from typing import IO

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from home.models import ReportFile
from home.official_pdf import sheet_pdf
from home.report_sources import Source, request_of, source_of
from home.report_tasks import make_report_file
from learners.choices import Act
from learners.exports import csv_file, workbook
from learners.permissions import EXPORT_PEOPLE, account_of, granted_roots, refuse
from learners.views.downloads import XLSX, download

AT_ONCE = 5000
"""Rows that somebody waits for; more are drawn up by a job."""
ON_PAPER = 1000
"""Rows of a PDF: nobody prints more."""
PEOPLE_AT_ONCE = 500
"""The same of whole histories."""
CONTENT_TYPES = {
    "xlsx": XLSX,
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
SHOWN = 30
ACTS = defaultdict(
    lambda: Act.LIST_TAKEN_OUT, {ReportFile.Kind.HISTORIES.value: Act.HISTORY_TAKEN_OUT}
)
"""What the audit log calls the taking out of each kind."""


@login_required
@require_GET
def report(request: HttpRequest, kind: ReportFile.Kind) -> HttpResponse | FileResponse:
    """The file, or the offer to draw it up while one does something else."""
    form = request.GET.get("dang", "xlsx")
    if form not in CONTENT_TYPES:
        raise Http404
    source = source_of(kind, request)
    if not _is_offered(source, form):
        raise Http404
    if source.rows > _most_at_once(source, form):
        query = request.GET.copy()
        query.pop("dang", None)
        context = {
            "title": source.title,
            "rows": source.rows,
            "kind": kind,
            "query": query.urlencode(),
            "is_paper": form == "pdf",
            "on_paper": ON_PAPER,
            "form": "xlsx" if form == "pdf" else form,
        }
        return render(request, "home/report_files/long.html", context)
    return download(
        request, _drawn(source, form), f"{source.name}.{form}", CONTENT_TYPES[form], ACTS[kind]
    )


def _is_offered(source: Source, form: str) -> bool:
    """Histories are no paper, and nothing else is a zip."""
    return form != ("zip" if source.pack is None else "pdf")


def _most_at_once(source: Source, form: str) -> int:
    if source.pack is not None:
        return PEOPLE_AT_ONCE
    return ON_PAPER if form == "pdf" else AT_ONCE


def _drawn(source: Source, form: str) -> IO[bytes]:
    if form == "zip" and source.pack is not None:
        return source.pack(lambda _seen: None)
    if form == "xlsx":
        return workbook(source.sheet, dated=source.pack is None)
    return csv_file(source.sheet) if form == "csv" else sheet_pdf(source.sheet)


class AskForm(forms.ModelForm):
    class Meta:
        model = ReportFile
        fields = ["kind", "form", "query"]


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have a long list drawn up; its page tells how far it is."""
    account = account_of(request.user)
    form = AskForm(request.POST)
    if not form.is_valid():
        raise Http404
    asked: ReportFile = form.save(commit=False)
    source = source_of(asked.kind, request_of(account, asked.query))
    if not _is_offered(source, asked.form):
        raise Http404
    asked.by = account
    with transaction.atomic():
        asked.save()
        job = make_report_file.enqueue(str(asked.pk))
        if job.id.isdecimal():  # a row of the queue; where tasks run at once there is none
            ReportFile.objects.filter(pk=asked.pk).update(job=int(job.id))
    return redirect("reports:file", asked.pk)


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The lists that one has asked for in the last days."""
    _require(request)
    files = ReportFile.objects.filter(by=account_of(request.user)).select_related("job")[:SHOWN]
    return render(request, "home/report_files/list.html", {"files": files})


@login_required
@require_GET
def detail(request: HttpRequest, pk: str) -> HttpResponse:
    """How far one list is; leaving the page stops nothing."""
    file = _own(request, pk)
    response = render(request, "home/report_files/detail.html", {"file": file})
    if file.made_at is None and (file.job is None or file.job.finished_at is None):
        response["Refresh"] = "2"
    return response


@login_required
@require_GET
def fetch(request: HttpRequest, pk: str) -> HttpResponse | FileResponse:
    file = _own(request, pk)
    if file.made_at is None:
        messages.info(request, _("The list is not ready yet."))
        return redirect("reports:file", pk)
    kind = CONTENT_TYPES[file.form]
    return download(request, file.file.open("rb"), file.name, kind, ACTS[file.kind])


def _own(request: HttpRequest, pk: str) -> ReportFile:
    """One's own, as long as one still holds the right."""
    _require(request)
    files = ReportFile.objects.filter(by=account_of(request.user)).select_related("job")
    found = files.filter(pk=pk).first()
    if found is None:
        raise refuse(request.user, "report file", pk)
    return found


def _require(request: HttpRequest) -> None:
    if granted_roots(request.user, EXPORT_PEOPLE) == []:
        raise refuse(request.user, "report files", EXPORT_PEOPLE)
