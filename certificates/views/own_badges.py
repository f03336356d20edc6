"""The badge of a paper: for its holder, and for everybody once the holder allowed it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from certificates.actions.badges import allow, forbid, is_shown
from certificates.badges.achievements import achievement_of, picture_of
from certificates.badges.credentials import badge_jwt, has_badge
from certificates.badges.pictures import bake
from certificates.codes import read_code
from certificates.limits import count_miss, has_guessed_too_often
from certificates.models import Certificate
from certificates.papers import thaw
from certificates.permissions import owns
from learners.permissions import refuse

CREDENTIAL_TYPE = "application/vc+jwt"


@never_cache
@login_required
@require_GET
def badge(request: HttpRequest, code: str) -> HttpResponse:
    """The badge, how to take it along, and who may fetch it."""
    certificate = _own(request, code)
    context = {
        "certificate": certificate,
        "paper": thaw(certificate.paper),
        "achievement": achievement_of(certificate),
        "is_shown": is_shown(certificate),
    }
    return render(request, "certificates/badge.html", context)


@login_required
@require_POST
def show_badge(request: HttpRequest, code: str) -> HttpResponse:
    allow(_own(request, code))
    return redirect("certificates:badge", code=code)


@login_required
@require_POST
def hide_badge(request: HttpRequest, code: str) -> HttpResponse:
    forbid(_own(request, code))
    return redirect("certificates:badge", code=code)


@require_GET
def badge_credential(request: HttpRequest, code: str) -> HttpResponse:
    """The signed credential, the same bytes each time."""
    if has_guessed_too_often(request):
        return render(request, "429.html", status=429)
    certificate = _open_to(request, code)
    return _file(certificate, badge_jwt(certificate).encode(), "jwt", CREDENTIAL_TYPE)


@require_GET
def badge_png(request: HttpRequest, code: str) -> HttpResponse:
    """The picture with the credential baked into it."""
    if has_guessed_too_often(request):
        return render(request, "429.html", status=429)
    certificate = _open_to(request, code)
    png = bake(picture_of(achievement_of(certificate)), badge_jwt(certificate))
    return _file(certificate, png, "png", "image/png")


def _own(request: HttpRequest, code: str) -> Certificate:
    """The viewer's own paper that has a badge. 404 otherwise."""
    found = _found(code)
    if found is None or not has_badge(found):
        raise Http404
    if not owns(request.user, found):
        raise refuse(request.user, "badge", found.pk)
    return found


def _open_to(request: HttpRequest, code: str) -> Certificate:
    """A paper whose badge this viewer may fetch. The same 404 for all others."""
    found = _found(code)
    if found is None:
        count_miss(request)
        raise Http404
    if not has_badge(found) or not (owns(request.user, found) or is_shown(found)):
        raise Http404
    return found


def _found(code: str) -> Certificate | None:
    wanted = read_code(code)
    found = Certificate.objects.select_related("person", "register")
    return found.filter(code=wanted).first() if wanted else None


def _file(certificate: Certificate, content: bytes, kind: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{certificate.serial}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
