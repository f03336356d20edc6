"""Health, language, help and error pages."""

import shutil

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from home.models import Job

_ONE_YEAR = 365 * 86400
_MIN_FREE_BYTES = 200 * 2**20


@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether the site can do its work: 200, or 503 with what is wrong. Holds no secret."""
    executor = MigrationExecutor(connection)
    now = timezone.now()
    state = {
        "migrated": not executor.migration_plan(executor.loader.graph.leaf_nodes()),
        "jobs_waiting": Job.objects.filter(state=Job.State.WAITING, run_after__lte=now).count(),
        "jobs_dead": Job.objects.filter(state=Job.State.DEAD).count(),
        "disk_free": shutil.disk_usage(settings.DATA_DIR).free > _MIN_FREE_BYTES,
    }
    ready = state["migrated"] and state["disk_free"]
    return JsonResponse(state, status=200 if ready else 503)


@never_cache
@require_http_methods(["GET", "POST"])
def choose_language(request: HttpRequest) -> HttpResponse:
    """Ask for the language; POST keeps it and goes back to where one was."""
    back = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without context and database: either may be what failed."""
    return render(None, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
