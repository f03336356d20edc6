"""What verifiers of badges fetch: open to everybody, from any site, and nothing of anybody's."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from certificates.badges.achievements import picture_of, published
from certificates.badges.documents import did_document, issuer_profile, key_set
from certificates.badges.keys import badges_are_on
from certificates.badges.status import status_list_jwt
from certificates.models import Achievement, StatusList

Page = Callable[..., HttpResponse]
FRESH_SECONDS = 300
CREDENTIAL_TYPE = "application/vc+jwt"


def _open(view: Page) -> Page:
    """For every site to read; not there while badges are off."""

    @require_safe
    def opened(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not badges_are_on():
            raise Http404
        response = view(request, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
        return response

    return opened


@_open
def did(request: HttpRequest) -> HttpResponse:
    return _json(did_document(), "application/did+json")


@_open
def jwks(request: HttpRequest) -> HttpResponse:
    return _json(key_set(), "application/jwk-set+json")


@_open
def profile(request: HttpRequest) -> HttpResponse:
    return _json(issuer_profile(), "application/ld+json")


@_open
def achievement(request: HttpRequest, key: str) -> HttpResponse:
    return _json(published(get_object_or_404(Achievement, key=key)), "application/ld+json")


@_open
def achievement_picture(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse(picture_of(get_object_or_404(Achievement, key=key)), "image/png")


@_open
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(StatusList, number=number)
    return HttpResponse(status_list_jwt(found), CREDENTIAL_TYPE)


def _json(document: dict[str, Any], content_type: str) -> HttpResponse:
    parameters = {"ensure_ascii": False}
    return JsonResponse(document, json_dumps_params=parameters, content_type=content_type)
