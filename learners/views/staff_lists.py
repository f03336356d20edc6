"""Lists of staff: brought, their columns named, checked, decided row by row, applied."""

from itertools import islice

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from courses.import_report import ImportRefused
from learners.choices import ImportState, RowDecision, RowOutcome
from learners.exports import workbook
from learners.imports.cells import text
from learners.imports.sheets import Sheet as Table
from learners.imports.staff import name_columns, open_list, sheet_of
from learners.imports.staff_columns import COLUMNS
from learners.imports.staff_left import end_posts
from learners.models import StaffImport
from learners.permissions import (
    MANAGE_STAFF,
    account_of,
    granted_roots,
    may_change_staff_list,
    refuse,
    staff_lists_for,
)
from learners.personal_numbers import mask
from learners.reports.names import short_name
from learners.staff_forms import ColumnsForm, StaffListForm
from learners.tasks import apply_staff_list, check_staff_list
from learners.tree import tree_on
from learners.views.downloads import download
from learners.views.kept_lists import LEFT_OUT, apply_checked, decide, hand_over, not_taken, page_of
from learners.views.ticked import ticked_keys

ON_A_PAGE = 50
SAMPLE = 3
"""Rows shown while columns are named."""
DOORS = {
    "rows": "reports:staff_list_rows",
    "workbook": "reports:staff_rows_xlsx",
    "apply": "reports:apply_staff_list",
}


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The lists brought so far, and the form for another one."""
    may_import = _may_manage(request)
    runs = staff_lists_for(request.user).select_related("by")
    if not may_import and not runs.exists():
        raise refuse(request.user, "lists of staff", MANAGE_STAFF)
    tree = tree_on(timezone.localdate())
    form = StaffListForm(
        request.POST or None,
        request.FILES or None,
        roots=granted_roots(request.user, MANAGE_STAFF),
        tree=tree,
    )
    is_sent = request.method == "POST" and may_import and form.is_valid()
    if is_sent and (run := _opened(request, form)) is not None:
        return redirect("reports:staff_list", run.pk)
    context = {
        "form": form,
        "may_import": may_import,
        "page": Paginator(runs, ON_A_PAGE).get_page(request.GET.get("trang")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "learners/staff_lists/list.html", context, status=status)


def _opened(request: HttpRequest, form: StaffListForm) -> StaffImport | None:
    """The list, kept; None with the form saying why not."""
    said = form.cleaned_data
    try:
        run, _sheet = open_list(
            said["upload"].read(),
            name=said["upload"].name,
            unit=said["unit"],
            effective_on=said["effective_on"],
            default_kind=said["default_kind"],
            by=account_of(request.user),
        )
    except ImportRefused as refusal:
        form.add_error("upload", str(refusal))
        return None
    return run


@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One list, by how far it has come: columns to be named, a job at work, or what it does."""
    run = _run(request, pk)
    may_change = may_change_staff_list(request.user, run)
    if run.state == ImportState.UPLOADED and may_change:
        return _columns(request, run)
    context = page_of(run, RowOutcome, DOORS) | {
        "unit": short_name(tree_on(run.effective_on).name(run.unit_id)) if run.unit_id else "",
        "may_change": may_change,
    }
    response = render(request, "learners/staff_lists/detail.html", context)
    if run.is_busy:
        response["Refresh"] = "2"
    return response


def _columns(request: HttpRequest, run: StaffImport) -> HttpResponse:
    """Name the columns; what was said for these headings before is filled in."""
    try:
        sheet = sheet_of(run)
    except ImportRefused as refusal:
        StaffImport.objects.filter(pk=run.pk).update(state=ImportState.FAILED, error=str(refusal))
        return redirect("reports:staff_list", run.pk)
    form = ColumnsForm(request.POST or None, sheet=sheet, places=run.places)
    if request.method == "POST" and form.is_valid():
        name_columns(run, sheet, form.places())
        hand_over(run, ImportState.UPLOADED, ImportState.CHECKING, check_staff_list)
        return redirect("reports:staff_list", run.pk)
    context = {
        "run": run,
        "form": form,
        "titles": sheet.headings.titles,
        "sample": _sample(sheet, run.places.get("personal_number")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "learners/staff_lists/columns.html", context, status=status)


def _sample(sheet: Table, numbers_at: int | None) -> list[list[str]]:
    """The first rows as text, with personal numbers covered."""
    return [
        [
            mask(text(cell)) if place == numbers_at else text(cell)
            for place, cell in enumerate(cells)
        ]
        for _line, cells in islice(sheet.rows(), SAMPLE)
    ]


@login_required
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    apply_checked(request, _run(request, pk, to_change=True), apply_staff_list)
    return redirect("reports:staff_list", pk)


@login_required
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of one outcome, with what may be decided about them."""
    run = _run(request, pk, to_change=request.method == "POST")
    outcome = _outcome(request)
    if request.method == "POST":
        _decide(request, run, outcome)
        return redirect(request.get_full_path())
    listed = run.rows.filter(outcome=outcome)
    if outcome == RowOutcome.MISSING:
        # Namesakes are told apart by number and year.
        listed = listed.select_related("person").order_by("person__name_key", "pk")
    asked = outcome in LEFT_OUT and run.is_open
    is_past = run.is_open or run.state == ImportState.APPLIED
    asked = asked or (outcome == RowOutcome.MISSING and is_past)
    page = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("trang"))
    if outcome == RowOutcome.REFUSED:
        # Of a page whose faults have no repair there is nothing to decide.
        asked = asked and any(row.can_be_accepted for row in page)
    context = {
        "run": run,
        "outcome": outcome,
        "page": page,
        "decides": asked and may_change_staff_list(request.user, run),
    }
    return render(request, "learners/staff_lists/rows.html", context)


def _decide(request: HttpRequest, run: StaffImport, outcome: RowOutcome) -> None:
    """People whom the list misses may have left; of other rows what was pressed is kept."""
    if outcome != RowOutcome.MISSING:
        decide(request, run, outcome)
    elif not (ticked := ticked_keys(request, "row")):
        messages.warning(request, _("Tick the rows first."))
    elif request.POST.get("decision") == RowDecision.ENDED:
        ended = end_posts(run, ticked, by=account_of(request.user))
        said = ngettext("%(n)d post ended.", "%(n)d posts ended.", ended)
        messages.success(request, said % {"n": ended})


@login_required
@require_GET
def rows_xlsx(request: HttpRequest, pk: int) -> FileResponse:
    """The rows not taken as they came, with the reasons, to be mended and sent again: for those who
    bring such lists alone, for the numbers in it are not covered."""
    run = _run(request, pk, to_change=True)
    return download(request, workbook(not_taken(run, COLUMNS)), f"chua-nhap-{run.pk}.xlsx")


def _outcome(request: HttpRequest) -> RowOutcome:
    asked = request.GET.get("ket-qua", RowOutcome.REFUSED)
    return RowOutcome(asked) if asked in RowOutcome.values else RowOutcome.REFUSED


def _run(request: HttpRequest, pk: int, *, to_change: bool = False) -> StaffImport:
    run = staff_lists_for(request.user).select_related("by").filter(pk=pk).first()
    if run is None or (to_change and not may_change_staff_list(request.user, run)):
        raise refuse(request.user, "list of staff", pk)
    return run


def _may_manage(request: HttpRequest) -> bool:
    return granted_roots(request.user, MANAGE_STAFF) != []
