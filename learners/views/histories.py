"""Training histories for the personnel system: of a unit, and of one person."""

import io
from typing import IO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from learners.actions.audit import note
from learners.choices import Act, RecordState
from learners.exports import workbook
from learners.history.national import envelope
from learners.history.people import REASONS, Official, StaffOf, officials
from learners.history.sheets import history_sheet
from learners.models import TrainingRecord
from learners.permissions import (
    EXPORT_PEOPLE,
    account_of,
    granted_roots,
    people_for,
    records_for,
    refuse,
)
from learners.views.downloads import XLSX
from learners.views.frame import PARAMETERS, frame_of

JSON = "application/json; charset=utf-8"


@login_required
@require_GET
def unit(request: HttpRequest) -> HttpResponse:
    """What would leave of a unit and those below it, before it does."""
    frame = frame_of(request, EXPORT_PEOPLE)
    if not frame.is_of_today:
        raise Http404
    people = StaffOf(frame.units).people().order_by()
    accepted = TrainingRecord.objects.filter(state=RecordState.APPROVED)
    with_any = people.filter(pk__in=accepted.values("person"))
    context = {
        "frame": frame,
        "count": people.count(),
        "with_any": with_any.count(),
        "numberless": with_any.filter(staff_number__isnull=True).count(),
    }
    return render(request, "learners/history/unit.html", context)


@login_required
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """One person's history: a message for the personnel system, or a workbook."""
    form = request.GET.get(PARAMETERS["form"], "json")
    if form not in ("json", "xlsx"):
        raise Http404
    if granted_roots(request.user, EXPORT_PEOPLE) == []:
        raise refuse(request.user, "history of person", pk)
    found = (
        people_for(request.user, EXPORT_PEOPLE).filter(pk=pk).first()
        or records_for(request.user, EXPORT_PEOPLE).filter(pk=pk).first()
    )
    if found is None:
        raise refuse(request.user, "history of person", pk)
    if found.merged_into_id:
        return redirect("reports:person_history", found.merged_into_id)
    [official] = officials([pk])
    if form == "xlsx":
        sheet = history_sheet([official], of=official.person.full_name)
        return _taken_out(request, official, workbook(sheet, dated=False), "xlsx", XLSX)
    if official.obstacle is not None:
        messages.warning(request, " ".join(f"{words}." for words in _said(official)))
        return redirect("reports:person", pk)
    return _taken_out(request, official, io.BytesIO(envelope(official)), "json", JSON)


def _said(official: Official) -> list[str]:
    """Why there is no message, and what to do about it."""
    why, remedy = REASONS[official.obstacle] if official.obstacle else ("", "")
    return [str(words).rstrip(".") for words in (why, remedy) if words]


def _taken_out(
    request: HttpRequest, official: Official, file: IO[bytes], form: str, content_type: str
) -> FileResponse:
    """Named by the record, not by a number that means somebody elsewhere too."""
    name = f"qua-trinh-dao-tao-{official.person.pk}.{form}"
    by = account_of(request.user)
    note(Act.HISTORY_TAKEN_OUT, f"person {official.person.pk}", by=by, after={"file": name})
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response["Cache-Control"] = "no-store"
    return response
