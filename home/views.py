"""Language, the own account, pictures, and error pages."""

import mimetypes
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    last_modified,
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from learners.views.frame import NoSuchReport

_ONE_YEAR = 365 * 86400
_ONE_DAY = 86400


@never_cache
@require_http_methods(["GET", "POST"])
def choose_language(request: HttpRequest) -> HttpResponse:
    """Ask for the language; POST keeps it and goes back to where one was."""
    # Pages link here without saying where they are: the browser says it, on this site alone.
    came_from = request.META.get("HTTP_REFERER", "")
    back = request.POST.get("next") or request.GET.get("next") or came_from or "/"
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    if request.method == "GET":
        return render(request, "home/language.html", {"next": back})
    response = redirect(back)
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=_ONE_YEAR,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return response


@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    phone = getattr(request.user, "phone", "") or ""
    return render(request, "home/account.html", {"masked_phone": f"••• {phone[-3:]}"})


@login_required
@require_POST
def still_here(request: HttpRequest) -> HttpResponse:
    """Somebody is typing into a long form: the idle limit starts anew."""
    return HttpResponse(status=204)


def _changed(request: HttpRequest, name: str) -> datetime | None:
    return default_storage.get_modified_time(name) if default_storage.exists(name) else None


@require_safe
@last_modified(_changed)
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of a page, from the folder or the object store where pictures are kept.

    A proxy in front may send it by itself (docs/deployment/nginx.conf), or keep it for a day.
    """
    try:
        content = default_storage.open(name)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404 from error
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(content, content_type=kind)
    response["Cache-Control"] = f"public, max-age={_ONE_DAY}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def no_such_page(request: HttpRequest) -> HttpResponse:
    """For pages that libraries bring along and this site does not offer."""
    raise Http404


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = exception.sentence if isinstance(exception, NoSuchReport) else ""
    return render(request, "404.html", {"sentence": sentence}, status=404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Called by the account library's limits."""
    return render(request, "429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without context and database: either may be what failed."""
    return render(None, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
