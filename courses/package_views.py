"""Learning packages in Wagtail's administration, and their files at the address apart."""

import mimetypes
from posixpath import normpath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from courses.import_report import ImportRefused
from courses.imports.scorm import read_manifest, store_package
from courses.models import Package

LAUNCH_HOURS = 12
"""How long the address of a launched package is good."""

_signer = TimestampSigner(salt="courses.packages")


def launch_key(package: Package) -> str:
    """An address for one launch that nobody can guess, and that opens nothing else."""
    return _signer.sign(str(package.folder))


def _package(key: str) -> Package:
    try:
        folder = _signer.unsign(key, max_age=LAUNCH_HOURS * 3600)
    except BadSignature as error:
        raise Http404 from error
    found = Package.objects.filter(folder=folder).first()
    if found is None:
        raise Http404
    return found


def _policy() -> str:
    """A package may run what it brings and ask its own files; only our lessons may frame it."""
    return (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none';"
        f" base-uri 'self'; form-action 'self'; frame-ancestors 'self' {settings.PUBLIC_URL}"
    )


@never_cache
@xframe_options_exempt
@require_GET
def package_frame(request: HttpRequest, key: str) -> HttpResponse:
    """The frame that offers a package its run-time and tells the lesson what it says."""
    package = _package(key)
    context = {"package": package, "viewer": settings.PUBLIC_URL}
    response = render(request, "courses/package_frame.html", context)
    response["Content-Security-Policy"] = _policy()
    return response


@xframe_options_exempt
@require_GET
def package_file(request: HttpRequest, key: str, name: str) -> FileResponse:
    """One file of a package."""
    package = _package(key)
    clean = normpath(name)
    if clean.startswith(("..", "/")):
        raise Http404
    storage, path = package.file.storage, package.path_of(clean)
    if not storage.exists(path):
        raise Http404
    kind = mimetypes.guess_type(clean)[0] or "application/octet-stream"
    response = FileResponse(storage.open(path, "rb"), content_type=kind)
    response["Content-Security-Policy"] = _policy()
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


class PackageForm(WagtailAdminModelForm):
    """Takes the zip apart while it is checked: what is wrong is said beside the field."""

    class Meta:
        model = Package
        fields = ["title", "file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        if self.instance.pk:
            del self.fields["file"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        self.data_of_zip = file.read()
        try:
            self.manifest = read_manifest(self.data_of_zip)
        except ImportRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file

    instance: Package

    def save(self, commit: bool = True) -> Package:
        if self.instance.pk:
            return super().save(commit)
        package, _is_new = store_package(self.data_of_zip)
        if title := self.cleaned_data.get("title"):
            package.title = title
            package.save(update_fields=["title"])
        self.instance = package
        return package


class PackageViewSet(ModelViewSet):
    model = Package
    icon = "folder-inverse"
    menu_label = _("Learning packages")
    add_to_reference_index = False
    list_display = ["title", "kind", "added_at"]
    search_fields = ["title"]
    panels = [
        FieldPanel("title", help_text=_("Left empty, the package's own title is taken.")),
        FieldPanel("file"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return PackageForm
