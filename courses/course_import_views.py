"""Whole courses of other systems into the catalogue, in Wagtail's administration."""

from tempfile import TemporaryFile
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permission_policies.pages import PagePermissionPolicy

from courses.course_shape import CannotCarry
from courses.exports.course_zip import write_course_zip
from courses.import_report import ImportRefused
from courses.imports.course import import_archive
from courses.models import CatalogPage, CoursePage
from courses.waiting_files import drop_aside, put_aside, take_aside

LARGEST_BYTES = 200 * 2**20


class CourseFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A course exported from a site like this one (.zip), or a Common Cartridge (.imscc) of"
            " Canvas, Moodle and their kin."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise ValidationError(
                _("The file is larger than %(n)d MB.") % {"n": LARGEST_BYTES // 2**20}
            )
        return file


class KeptFileForm(forms.Form):
    """What the page of the trial sends back."""

    key = forms.UUIDField()
    name = forms.CharField(max_length=255)


def upload(request: HttpRequest) -> HttpResponse:
    """Say what a file would bring, before anything is changed."""
    _require(request)
    form = CourseFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read()
        try:
            report = import_archive(data, dry_run=True)
        except ImportRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            context = {"report": report, "name": file.name, "key": put_aside(data)}
            return _show(request, "course_import_trial", _("What the file would do"), context)
    status = 422 if form.is_bound else 200
    return _show(request, "course_import", _("Import a course"), {"form": form}, status)


def take_in(request: HttpRequest) -> HttpResponse:
    """Import the course that was tried."""
    _require(request)
    form = KeptFileForm(request.POST)
    data = take_aside(form.cleaned_data["key"]) if form.is_valid() else None
    if data is None:
        messages.warning(request, _("This file has been imported already, or it waited too long."))
        return redirect("courses_import:index")
    report = import_archive(data)
    drop_aside(form.cleaned_data["key"])
    context = {
        "report": report,
        "name": form.cleaned_data["name"],
        "catalog": CatalogPage.objects.first(),
        "done": True,
    }
    return _show(request, "course_import_trial", _("Imported"), context)


@require_GET
def take_out(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole course as one zip, for whoever may edit it."""
    course = get_object_or_404(CoursePage, pk=pk)
    if not course.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    file = TemporaryFile()  # noqa: SIM115  closed by the response
    try:
        write_course_zip(course, file)
    except CannotCarry as held:
        file.close()
        messages.error(
            request, _("The course cannot be exported with this in it: %(what)s.") % {"what": held}
        )
        return redirect("wagtailadmin_explore", pk)
    except OSError:
        file.close()
        messages.error(request, _("A file of this course is missing from the library."))
        return redirect("wagtailadmin_explore", pk)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{course.slug}.zip")


def _show(
    request: HttpRequest, template: str, title: str, context: dict, status: int = 200
) -> HttpResponse:
    frame = {"page_title": title, "header_icon": "upload"}
    return render(request, f"courses/admin/{template}.html", context | frame, status=status)


def _may_import(request: HttpRequest) -> bool:
    """Whoever may write courses below the catalogue."""
    catalog = CatalogPage.objects.first()
    return bool(catalog and catalog.permissions_for_user(request.user).can_add_subpage())


def _require(request: HttpRequest) -> None:
    if not _may_import(request):
        raise PermissionDenied


class CourseImportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """Drawn on every page of the administration, so by what the account's cache knows."""
        return bool(PagePermissionPolicy().user_has_permission(request.user, "add"))


class CourseImportViewSet(ViewSet):
    name = "courses_import"
    url_prefix = "courses-import"
    icon = "upload"
    menu_label = gettext_lazy("Import a course")

    def get_menu_item(self, order: int | None = None) -> MenuItem:
        return CourseImportMenuItem(
            self.menu_label, reverse("courses_import:index"), icon_name=self.icon, order=order
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", upload, name="index"),
            path("in/", take_in, name="take_in"),
            path("out/<int:pk>/", take_out, name="take_out"),
        ]
