"""Learning packages at the address apart: the frame around one, and its files."""

import mimetypes
from posixpath import normpath

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET

from courses.choices import PackageKind
from courses.models import Package

LAUNCH_HOURS = 12
"""How long the address of a launched package is good."""

_signer = TimestampSigner(salt="courses.packages")


def launch_key(package: Package) -> str:
    """An address for one launch that nobody can guess, and that opens nothing else."""
    return _signer.sign(str(package.folder))


def frame_address(package: Package) -> str:
    """Where the frame of one launch lies."""
    return f"{settings.PACKAGES_URL}/goi/{launch_key(package)}/"


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
    is_h5p = package.kind == PackageKind.H5P
    template = "courses/h5p_frame.html" if is_h5p else "courses/package_frame.html"
    context = {
        "package": package,
        "viewer": settings.PUBLIC_URL,
        "base": request.path.rstrip("/"),
    }
    response = render(request, template, context)
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
