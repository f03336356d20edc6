"""Attendance brought as an Excel list: looked into first, entered afterwards."""

from hashlib import sha256

from django.contrib.auth.decorators import login_required
from django.core.files.base import ContentFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.import_report import ImportRefused
from courses.models import ClassGroup
from learners.choices import FileState
from learners.class_forms import AttendanceListForm
from learners.exports import Column, Kind, Sheet, workbook
from learners.imports.attendance import plan_of, planned
from learners.models import AttendanceFile
from learners.permissions import account_of, kept_classes, refuse
from learners.reports.classes import class_roster
from learners.tasks import enter_attendance
from learners.views.class_desk import class_of
from learners.views.downloads import download

SHOWN_FILES = 20


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a list, and the lists brought before. Nothing is entered here."""
    group = class_of(request, pk)
    form = _form(request, group)
    if request.method == "POST" and form.is_valid():
        data, given = form.cleaned_data["upload"].read(), form.cleaned_data
        file = AttendanceFile(
            class_group=group,
            session=given["session"],
            name=given["upload"].name[:255],
            fingerprint=sha256(data).hexdigest(),
            audience=given["audience"],
            commune_id=given["commune"],
            brought_by=account_of(request.user),
        )
        try:
            planned(data, file)
        except ImportRefused as refused:
            form.add_error("upload", str(refused))
        else:
            file.file.save("list", ContentFile(data), save=False)
            file.save(force_insert=True)
            return redirect("learners:attendance_list", file.pk)
    files = AttendanceFile.objects.filter(class_group=group).select_related("brought_by")
    context = {"group": group, "form": form, "files": files[:SHOWN_FILES]}
    status = 422 if form.is_bound else 200
    return render(request, "learners/classes/bring_list.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def attendance_list(request: HttpRequest, pk: str) -> HttpResponse:
    """What one list would do, row by row; a POST enters it with the walk-ins that are ticked.
    Pressing twice enters once."""
    file = _file(request, pk)
    if request.method == "POST":
        lines = [
            int(line)
            for line in request.POST.getlist("walk_in")
            if line.isascii() and line.isdigit()
        ]
        tried = AttendanceFile.objects.filter(pk=file.pk).exclude(state=FileState.IMPORTING)
        if tried.update(state=FileState.IMPORTING):
            enter_attendance.enqueue(str(file.pk), lines, account_of(request.user).pk)
        return redirect("learners:attendance_list", pk)
    is_running = file.state == FileState.IMPORTING
    context = {
        "file": file,
        "group": file.class_group,
        "is_running": is_running,
        "plan": None if is_running else plan_of(file),
    }
    response = render(request, "learners/classes/attendance_list.html", context)
    if is_running:
        response["Refresh"] = "2"
    return response


@login_required
@require_GET
def list_form(request: HttpRequest, pk: int) -> FileResponse:
    """The roster as a list to be filled in: print it to be signed, or tick and bring it back."""
    group = class_of(request, pk)
    sessions = list(group.sessions.all())
    sheet = Sheet(
        name=_("Attendance"),
        title=_("Attendance of the class %(code)s") % {"code": group.code},
        source=[group.title, group.provider.name],
        columns=[
            Column("STT", 6, Kind.NUMBER),
            Column("Họ và tên", 30),
            Column("Mã cán bộ", 16),
            Column("Số điện thoại", 16),
            *(
                Column(f"Buổi {number} ({session.starts_at:%d/%m})", 14)
                for number, session in enumerate(sessions, start=1)
            ),
        ],
        rows=(
            [number, person.full_name, person.staff_number or "", "", *[""] * len(sessions)]
            for number, person in enumerate(class_roster(group), start=1)
        ),
    )
    return download(request, workbook(sheet), f"diem-danh-lop-{group.pk}.xlsx")


def _form(request: HttpRequest, group: ClassGroup) -> AttendanceListForm:
    if request.method == "POST":
        return AttendanceListForm(request.POST, request.FILES, group=group)
    return AttendanceListForm(group=group)


def _file(request: HttpRequest, pk: str) -> AttendanceFile:
    """A list of a class that the viewer keeps; 404 otherwise."""
    files = AttendanceFile.objects.filter(pk=pk, class_group__in=kept_classes(request.user))
    found = files.select_related("class_group", "session", "commune", "brought_by").first()
    if found is None:
        raise refuse(request.user, "list of attendance", pk)
    return found
