"""Lists of businesses: brought, their columns named, checked, decided row by row, applied."""

from itertools import islice

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from courses.import_report import ImportRefused
from learners.business_forms import BusinessColumnsForm, BusinessListForm
from learners.choices import BusinessOutcome, ImportState
from learners.exports import workbook
from learners.imports.business_columns import COLUMNS
from learners.imports.businesses import name_columns, open_list, sheet_of
from learners.imports.cells import text
from learners.imports.sheets import Sheet as Table
from learners.models import BusinessList
from learners.permissions import (
    account_of,
    business_communes,
    business_lists_for,
    may_change_business_list,
    refuse,
)
from learners.personal_numbers import holds_number, mask
from learners.tasks import apply_business_list, check_business_list
from learners.views.downloads import download
from learners.views.kept_lists import LEFT_OUT, apply_checked, decide, hand_over, not_taken, page_of

ON_A_PAGE = 50
SAMPLE = 3
"""Rows shown while columns are named."""
DOORS = {
    "rows": "reports:business_list_rows",
    "workbook": "reports:business_rows_xlsx",
    "apply": "reports:apply_business_list",
}


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The lists brought so far, and the form for another one."""
    within = business_communes(request.user)
    may_import = within is None or bool(within)
    runs = business_lists_for(request.user).select_related("by")
    if not may_import and not runs.exists():
        raise refuse(request.user, "lists of businesses", "index")
    form = BusinessListForm(request.POST or None, request.FILES or None, within=within)
    is_sent = request.method == "POST" and may_import and form.is_valid()
    if is_sent and (run := _opened(request, form)) is not None:
        return redirect("reports:business_list", run.pk)
    context = {
        "form": form,
        "may_import": may_import,
        "page": Paginator(runs, ON_A_PAGE).get_page(request.GET.get("trang")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "learners/businesses/lists.html", context, status=status)


def _opened(request: HttpRequest, form: BusinessListForm) -> BusinessList | None:
    """The list, kept; None with the form saying why not."""
    said = form.cleaned_data
    try:
        return open_list(
            said["upload"].read(),
            name=said["upload"].name,
            default_kind=said["kind"],
            default_commune=said["commune"],
            by=account_of(request.user),
        )
    except ImportRefused as refusal:
        form.add_error("upload", str(refusal))
        return None


@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One list, by how far it has come: columns to be named, a job at work, or what it does."""
    run = _run(request, pk)
    may_change = may_change_business_list(request.user, run)
    if run.state == ImportState.UPLOADED and may_change:
        return _columns(request, run)
    context = page_of(run, BusinessOutcome, DOORS) | {"may_change": may_change}
    response = render(request, "learners/businesses/list_detail.html", context)
    if run.is_busy:
        response["Refresh"] = "2"
    return response


def _columns(request: HttpRequest, run: BusinessList) -> HttpResponse:
    """Name the columns; what was said for these headings before is filled in."""
    try:
        sheet = sheet_of(run)
    except ImportRefused as refusal:
        BusinessList.objects.filter(pk=run.pk).update(state=ImportState.FAILED, error=str(refusal))
        return redirect("reports:business_list", run.pk)
    form = BusinessColumnsForm(request.POST or None, sheet=sheet, places=run.places)
    if request.method == "POST" and form.is_valid():
        name_columns(run, sheet, form.places())
        hand_over(run, ImportState.UPLOADED, ImportState.CHECKING, check_business_list)
        return redirect("reports:business_list", run.pk)
    context = {
        "run": run,
        "form": form,
        "titles": sheet.headings.titles,
        "sample": _sample(sheet),
    }
    status = 422 if form.is_bound else 200
    return render(request, "learners/businesses/list_columns.html", context, status=status)


def _sample(sheet: Table) -> list[list[str]]:
    """The first rows as text; whatever may be a personal number is covered, in any column."""
    return [
        [mask(said) if holds_number(said := text(cell)) else said for cell in cells]
        for _line, cells in islice(sheet.rows(), SAMPLE)
    ]


@login_required
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    apply_checked(request, _run(request, pk, to_change=True), apply_business_list)
    return redirect("reports:business_list", pk)


@login_required
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of one outcome, with what may be decided about them."""
    run = _run(request, pk, to_change=request.method == "POST")
    asked = request.GET.get("ket-qua", BusinessOutcome.REFUSED)
    known = asked in BusinessOutcome.values
    outcome = BusinessOutcome(asked) if known else BusinessOutcome.REFUSED
    if request.method == "POST":
        decide(request, run, outcome)
        return redirect(request.get_full_path())
    context = {
        "run": run,
        "outcome": outcome,
        "page": Paginator(run.rows.filter(outcome=outcome), ON_A_PAGE).get_page(
            request.GET.get("trang")
        ),
        "decides": outcome in LEFT_OUT
        and run.is_open
        and may_change_business_list(request.user, run),
    }
    return render(request, "learners/businesses/list_rows.html", context)


@login_required
@require_GET
def rows_xlsx(request: HttpRequest, pk: int) -> FileResponse:
    """The rows not taken as they came, with the reasons, to be mended and sent again: for those who
    bring such lists alone, for the numbers in it are not covered."""
    run = _run(request, pk, to_change=True)
    return download(request, workbook(not_taken(run, COLUMNS)), f"co-so-chua-nhap-{run.pk}.xlsx")


def _run(request: HttpRequest, pk: int, *, to_change: bool = False) -> BusinessList:
    run = business_lists_for(request.user).select_related("by").filter(pk=pk).first()
    if run is None or (to_change and not may_change_business_list(request.user, run)):
        raise refuse(request.user, "list of businesses", pk)
    return run
