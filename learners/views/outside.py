"""Lists of results from other platforms: brought, looked into, taken in, and settled."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from learners.choices import FileState, RowState
from learners.exports import Column, Sheet, stamp, workbook
from learners.imports.outside import RowIsSettled, begin_import, bring, set_aside, settle
from learners.models import OutsideFile, OutsideRow, Person
from learners.outside_forms import ResultsForm, SetAsideForm
from learners.permissions import (
    IMPORT_RECORDS,
    Viewer,
    account_of,
    granted_roots,
    importable_people,
    outside_files_for,
    refuse,
)
from learners.reports.accounts import found
from learners.reports.claims import unit_names_of_people
from learners.tasks import import_results, try_results
from learners.views.downloads import download
from learners.views.searching import people_by_number, search_box

ON_A_PAGE = 50
MOST_LIKELY = 20
"""Namesakes that are offered for a row."""

RUNNING = (FileState.TRYING, FileState.IMPORTING)


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The lists brought so far, and the form for another one."""
    may_import = _may_import(request)
    files = outside_files_for(request.user)
    if not may_import and not files.exists():
        raise refuse(request.user, "lists of results", IMPORT_RECORDS)
    form = ResultsForm(request.POST, request.FILES) if request.method == "POST" else ResultsForm()
    if request.method == "POST" and may_import and form.is_valid():
        upload = form.cleaned_data["upload"]
        file: OutsideFile = form.save(commit=False)
        file.name, file.brought_by = upload.name[:255], account_of(request.user)
        bring(file, upload.read())
        try_results.enqueue(str(file.pk))
        return redirect("reports:results_file", file.pk)
    page = Paginator(files.select_related("source", "brought_by"), ON_A_PAGE)
    context = {
        "form": form,
        "may_import": may_import,
        "page": page.get_page(request.GET.get("trang")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "learners/outside/list.html", context, status=status)


@login_required
@require_GET
def detail(request: HttpRequest, pk: str) -> HttpResponse:
    """One list: how far the job is, what it would do or did, and what is left to settle."""
    file = _file(request, pk)
    rows = file.rows.order_by().values_list("state").annotate(n=Count("pk"))
    kept = dict(rows)
    told = file.report if file.state == FileState.TRIED else kept
    figures = [(state.label, told.get(state, 0)) for state in RowState if told.get(state)]
    context = {
        "file": file,
        "is_running": file.state in RUNNING,
        "report": file.report,
        "figures": figures,
        "before": file.report.get("read", 0) - sum(n for _label, n in figures),
        "states": [(state, kept[state]) for state in RowState if kept.get(state)],
        "may_import": _may_import(request),
    }
    response = render(request, "learners/outside/detail.html", context)
    if file.state in RUNNING:
        response["Refresh"] = "2"
    return response


@login_required
@require_POST
def begin(request: HttpRequest, pk: str) -> HttpResponse:
    """Take in what was tried; a second click changes nothing."""
    _require(request)
    file = _file(request, pk)
    if begin_import(file):
        import_results.enqueue(str(file.pk))
    return redirect("reports:results_file", pk)


@login_required
@require_GET
def rows(request: HttpRequest, pk: str) -> HttpResponse:
    """The rows in one state, as they stood in the file."""
    file = _file(request, pk)
    state = _state(request)
    listed = file.rows.filter(state=state).select_related("record__person")
    context = {
        "file": file,
        "state": state,
        "page": Paginator(listed, ON_A_PAGE).get_page(request.GET.get("trang")),
        "may_settle": state == RowState.OPEN and _may_import(request),
    }
    return render(request, "learners/outside/rows.html", context)


@login_required
@require_GET
def rows_xlsx(request: HttpRequest, pk: str) -> FileResponse:
    """The rows that were not recorded, with the reasons, to be mended and brought again."""
    file = _file(request, pk)
    left = file.rows.exclude(state=RowState.MATCHED)
    columns = {
        "full_name": "Họ và tên",
        "staff_number": "Số hiệu",
        "phone": "Điện thoại",
        "birth_date": "Ngày sinh",
        "unit": "Đơn vị",
        "title": "Khóa học",
        "hours": "Số giờ",
        "completed_on": "Ngày hoàn thành",
        "certificate_number": "Số chứng nhận",
    }
    sheet = Sheet(
        name=_("Not recorded"),
        title=_("Rows that were not recorded: %(file)s") % {"file": file.name},
        source=[stamp()],
        columns=[
            Column(_("Row"), 8),
            *(Column(heading, 22) for heading in columns.values()),
            Column(_("State"), 20),
            Column(_("Reason"), 60),
        ],
        rows=(
            [
                str(row.line),
                *(row.cells.get(name, "") for name in columns),
                str(RowState(row.state).label),
                row.why,
            ]
            for row in left.iterator(chunk_size=500)
        ),
    )
    return download(request, workbook(sheet), f"chua-ghi-nhan-{file.brought_at:%Y%m%d}.xlsx")


def _candidates(viewer: Viewer, words: str) -> list[str]:
    """Whoever has this number, as the one to be chosen on the row's own page."""
    found = [address.rstrip("/").rpartition("/")[2] for address in people_by_number(viewer, words)]
    return [f"?nguoi={pk}" for pk in found]


@login_required
@search_box(_candidates)
def row(request: HttpRequest, pk: str, row_pk: int) -> HttpResponse:
    """Say whom a row means, or set it aside with a reason; then the next one."""
    _require(request)
    file = _file(request, pk)
    shown = file.rows.filter(pk=row_pk, state=RowState.OPEN).first()
    if shown is None:
        messages.info(request, _("This row is settled."))
        return redirect("reports:results_file", pk)
    people = importable_people(account_of(request.user))
    form = SetAsideForm(request.POST if "set_aside" in request.POST else None)
    if request.method == "POST" and _settle(request, shown, form):
        following = file.rows.filter(state=RowState.OPEN).order_by("line").first()
        if following is not None:
            return redirect("reports:results_row", pk, following.pk)
        return redirect("reports:results_file", pk)
    words = request.GET.get("q", "").strip()
    chosen = request.GET.get("nguoi", "")
    if chosen.isascii() and chosen.isdigit():
        likely = people.filter(pk=int(chosen))
    else:
        likely = found(people, words or shown.cells.get("full_name", ""))
    candidates = list(likely.order_by("name_key", "pk")[:MOST_LIKELY])
    units = unit_names_of_people([person.pk for person in candidates])
    context = {
        "file": file,
        "row": shown,
        "form": form,
        "words": words,
        "candidates": [(person, units.get(person.pk, "")) for person in candidates],
    }
    return render(request, "learners/outside/row.html", context, status=422 if form.errors else 200)


def _settle(request: HttpRequest, shown: OutsideRow, form: SetAsideForm) -> bool:
    """Do what was pressed; True when the row is settled, by whomever."""
    by = account_of(request.user)
    try:
        if "set_aside" in request.POST:
            if not form.is_valid():
                return False
            set_aside(shown, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("Set aside."))
            return True
        person = _person(request)
        if person is None:
            messages.warning(request, _("Choose the person first."))
            return False
        settle(shown, person=person, by=by)
        messages.success(request, _("Recorded for %(name)s.") % {"name": person.full_name})
    except RowIsSettled:
        messages.warning(request, _("Somebody settled it meanwhile. Nothing was changed."))
    return True


def _person(request: HttpRequest) -> Person | None:
    chosen = request.POST.get("person", "")
    if not (chosen.isascii() and chosen.isdigit()):
        return None
    return importable_people(account_of(request.user)).filter(pk=int(chosen)).first()


def _state(request: HttpRequest) -> RowState:
    asked = request.GET.get("trang-thai", RowState.OPEN)
    return RowState(asked) if asked in RowState.values else RowState.OPEN


def _file(request: HttpRequest, pk: str) -> OutsideFile:
    file = outside_files_for(request.user).select_related("source", "brought_by").filter(pk=pk)
    shown = file.first()
    if shown is None:
        raise refuse(request.user, "list of results", pk)
    return shown


def _may_import(request: HttpRequest) -> bool:
    return granted_roots(request.user, IMPORT_RECORDS) != []


def _require(request: HttpRequest) -> None:
    if not _may_import(request):
        raise refuse(request.user, "lists of results", IMPORT_RECORDS)
