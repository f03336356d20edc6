"""Reorganisations of units: drawn up, looked at, put into effect, undone, settled."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.import_report import ImportRefused, Skipped
from learners.actions import reorganisations as actions
from learners.actions.reorganisation_plan import LineOutcome, Plan, plan_reorganisation
from learners.actions.reorganisation_tree import ONE_DAY
from learners.exports import Column, Sheet, stamp, workbook
from learners.imports.reorganisations import ALIASES, UnitCodes, read_lines
from learners.models import Reorganisation, ReorganisationLine, User
from learners.permissions import (
    REORGANISE,
    account_of,
    may_reorganise,
    refuse,
    reorganisations_for,
)
from learners.reorganisation_forms import LineForm, LinesForm, ReorganisationForm
from learners.reports.moves import Destination, arrivals, by_name, destinations
from learners.tasks import apply_document, undo_document
from learners.tree import tree_on
from learners.views.downloads import download

ON_A_PAGE = 50
LINES_ON_A_PAGE = 100
FAULTS_SHOWN = 20


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All documents, the newest first."""
    documents = reorganisations_for(request.user)
    if not may_reorganise(request.user) and not documents.exists():
        raise refuse(request.user, "reorganisations", REORGANISE)
    context = {
        "page": _page(request, documents, ON_A_PAGE),
        "may_change": may_reorganise(request.user),
    }
    return render(request, "learners/reorganisations/list.html", context)


@login_required
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The decision: number, subject, days. A new one without a key."""
    _require_right(request)
    document = None if pk is None else _open_document(request, pk)
    form = ReorganisationForm(request.POST or None, instance=document)
    if request.method == "POST" and form.is_valid():
        made: Reorganisation = form.save(commit=False)
        try:
            actions.keep_document(document=made, by=account_of(request.user))
        except actions.DocumentIsClosed:
            messages.info(request, _("The document is in effect; nothing was changed."))
        return redirect("reports:reorganisation", made.pk)
    context = {"form": form, "document": document}
    status = 422 if form.errors else 200
    return render(request, "learners/reorganisations/edit.html", context, status=status)


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The document; while nothing is in effect, with what it would do."""
    document = _document(request, pk)
    plan = plan_reorganisation(document) if document.is_open else None
    faults = plan.faults if plan else []
    outcomes = plan.lines if plan else _done(document)
    context = {
        "document": document,
        "plan": plan,
        "page": _page(request, outcomes, LINES_ON_A_PAGE),
        "faults": faults[:FAULTS_SHOWN],
        "more_faults": max(0, len(faults) - FAULTS_SHOWN),
        "left": [(plan.change.name(unit), len(ids)) for unit, ids in plan.left.items()]
        if plan
        else [],
        "grants": [
            (grant, plan.change.name(grant.organisation_id), plan.change.name(heir))
            for grant, heir in plan.grants
        ]
        if plan
        else [],
        "moved": document.lines.aggregate(n=Sum("moved"))["n"],
        "events": document.events.select_related("by"),
        "may_change": may_reorganise(request.user),
        "is_ahead": document.effective_on > timezone.localdate(),
    }
    response = render(request, "learners/reorganisations/detail.html", context)
    if document.is_busy:
        response["Refresh"] = "2"
    return response


def _done(document: Reorganisation) -> list[LineOutcome]:
    """The lines of a document that is in effect or about to be, with the names of its days."""
    before, after = (
        {node.code: node.name for node in tree_on(day).nodes.values()}
        for day in (document.effective_on - ONE_DAY, document.effective_on)
    )
    return [
        LineOutcome(
            line,
            before.get(line.from_code, line.from_code),
            line.to_name or after.get(line.to_code, line.to_code),
        )
        for line in document.lines.all()
    ]


# ------------------------------------------------------------------ lines


@login_required
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line more."""
    _require_right(request)
    document = _open_document(request, pk)
    codes = UnitCodes(document.effective_on)
    form = LineForm(request.POST or None, codes=codes)
    if request.method == "POST" and form.is_valid():
        line: ReorganisationLine = form.save(commit=False)
        try:
            actions.add_line(document=document, line=line)
        except actions.DocumentIsClosed:
            messages.info(request, _("The document is in effect; nothing was changed."))
        if "another" in request.POST:
            messages.success(request, _("The line is added."))
            return redirect("reports:add_line", pk)
        return redirect("reports:reorganisation", pk)
    context = {"form": form, "document": document, "units": codes.offered()}
    status = 422 if form.errors else 200
    return render(request, "learners/reorganisations/line.html", context, status=status)


@login_required
@require_POST
def remove_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line out."""
    _require_right(request)
    document = _document(request, pk)
    typed = request.POST.get("line", "")
    if typed.isascii() and typed.isdigit():
        try:
            actions.remove_line(document=document, line_id=int(typed))
        except actions.DocumentIsClosed:
            messages.info(request, _("The document is in effect; nothing was changed."))
    return redirect("reports:reorganisation", pk)


@login_required
def bring_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """All lines from a file, in place of those that are there; or none, with what is wrong."""
    _require_right(request)
    document = _open_document(request, pk)
    form = LinesForm(request.POST or None, request.FILES or None)
    skipped: list[Skipped] = []
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["upload"].read()
            lines, skipped = read_lines(data, document.effective_on)
        except ImportRefused as refusal:
            form.add_error("upload", str(refusal))
        else:
            if not skipped:
                try:
                    actions.draw_up(document=document, lines=lines, by=account_of(request.user))
                except actions.DocumentIsClosed:
                    messages.info(request, _("The document is in effect; nothing was changed."))
                return redirect("reports:reorganisation", pk)
    context = {
        "form": form,
        "document": document,
        "skipped": skipped[:ON_A_PAGE],
        "headings": [names[0] for names in ALIASES.values()],
    }
    status = 422 if form.errors or skipped else 200
    return render(request, "learners/reorganisations/file.html", context, status=status)


# ------------------------------------------------------------------ people


@login_required
@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who goes where, by line; or who would be left without a unit."""
    document = _document(request, pk)
    found = _destinations(request, document)
    page = _page(request, found, ON_A_PAGE)
    line = request.GET.get("dong", "")
    context = {
        "document": document,
        "page": page,
        "rows": destinations(list(page.object_list)),
        "line": line,
        "left": "con-lai" in request.GET,
        "pager_query": f"dong={line}&" if line else "",
    }
    return render(request, "learners/reorganisations/people.html", context)


@login_required
@require_GET
def people_xlsx(request: HttpRequest, pk: int) -> FileResponse:
    """The same list whole, as Excel."""
    document = _document(request, pk)
    found = _destinations(request, document)
    sheet = Sheet(
        name=_("Who goes where"),
        title=_("Who goes where: %(document)s") % {"document": document},
        source=[stamp()],
        columns=[
            Column(_("Full name"), 28),
            Column(_("Staff number"), 16),
            Column(_("From the unit"), 44),
            Column(_("To the unit"), 44),
        ],
        rows=(
            [row.full_name, row.staff_number, row.origin, row.target] for row in destinations(found)
        ),
    )
    return download(request, workbook(sheet), f"sap-xep-{document.pk}.xlsx")


def _destinations(request: HttpRequest, document: Reorganisation) -> list[Destination]:
    """Of the line in the address, of everybody without it; by plan, or as it was done."""
    if not document.is_open:
        return by_name(arrivals(document))
    plan = plan_reorganisation(document)
    if "con-lai" in request.GET:
        moves = [move for move in plan.moves if move.managing is None]
    elif asked := request.GET.get("dong", ""):
        if not (asked.isascii() and asked.isdigit()):
            raise Http404
        moves = [move for move in plan.moves if move.line == int(asked)]
    else:
        moves = [move for move in plan.moves if move.line is not None or move.managing is None]
    name = plan.change.name
    return by_name(Destination(m.person_id, name(m.origin), name(m.managing)) for m in moves)


# ------------------------------------------------------------------ steps


@login_required
@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Put into effect, stop, undo or settle; a second click changes nothing."""
    _require_right(request)
    document = _document(request, pk)
    asked = STEPS.get(request.POST.get("step", ""))
    try:
        if asked is not None:
            asked(request, document, account_of(request.user))
    except actions.DocumentIsClosed:
        messages.info(request, _("The document was in another state already; look at it again."))
    return redirect("reports:reorganisation", pk)


def _apply(request: HttpRequest, document: Reorganisation, by: User) -> None:
    if not document.is_open:
        raise actions.DocumentIsClosed
    plan: Plan = plan_reorganisation(document)
    leaves = "leaves_people" in request.POST
    if plan.faults:
        messages.error(request, plan.faults[0].text)
    elif plan.left and not leaves:
        messages.error(request, _("Confirm that you have seen who would be left without a unit."))
    else:
        actions.schedule_reorganisation(document=document, by=by, leaves_people=leaves)
        if document.effective_on <= timezone.localdate():
            apply_document.enqueue(document.pk)


def _stop(request: HttpRequest, document: Reorganisation, by: User) -> None:
    actions.stop_reorganisation(document=document, by=by)


def _undo(request: HttpRequest, document: Reorganisation, by: User) -> None:
    actions.ask_back(document=document, by=by)
    undo_document.enqueue(document.pk)


def _settle(request: HttpRequest, document: Reorganisation, by: User) -> None:
    if "is_final" not in request.POST:
        messages.error(request, _("Confirm that it can't be brought back any more."))
        return
    actions.sign_reorganisation(document=document, by=by)


STEPS: dict[str, Callable[[HttpRequest, Reorganisation, User], None]] = {
    "thuc-hien": _apply,
    "dung": _stop,
    "hoan-tac": _undo,
    "chot": _settle,
}


# ------------------------------------------------------------------ who and what


def _require_right(request: HttpRequest) -> None:
    if not may_reorganise(request.user):
        raise refuse(request.user, "reorganisations", REORGANISE)


def _document(request: HttpRequest, pk: int) -> Reorganisation:
    found = reorganisations_for(request.user).filter(pk=pk).first()
    if found is None:
        raise refuse(request.user, "reorganisation", pk)
    return found


def _open_document(request: HttpRequest, pk: int) -> Reorganisation:
    found = _document(request, pk)
    if not found.is_open:
        raise Http404
    return found


def _page(request: HttpRequest, rows: Sequence | QuerySet, on_a_page: int) -> Page:
    return Paginator(rows, on_a_page).get_page(request.GET.get("trang"))
