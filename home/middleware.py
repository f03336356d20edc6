"""Outermost layers of every request."""

import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import BadRequest, MiddlewareNotUsed
from django.db import transaction
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from home.sign_in_elsewhere import origin
from learners.reading import reading

GetResponse = Callable[[HttpRequest], HttpResponse]

STAMP_KEY = "publish-stamp"
STAMP_SECONDS = 5
KEPT_SECONDS = 60
# What may be kept: pages of Wagtail's tree and the pages about the site itself. All else,
# above all the register of certificates and whatever belongs to one person, is always made anew.
PUBLIC_VIEWS = {"wagtail_serve", "help", "accessibility", "privacy"}
# Filters that make another page of the same address. Free text is not worth keeping.
PUBLIC_FILTERS = {"chu-de", "nhom"}


def bump_publish_stamp(**kwargs: object) -> None:
    """Something public changed: every kept page is out of date once this is committed.

    A receiver of Wagtail's signals. Bumped earlier, another process could keep the old page
    under the new stamp.
    """
    transaction.on_commit(lambda: caches["default"].set(STAMP_KEY, time.time_ns(), None))


def chosen_language(request: HttpRequest) -> str:
    """Vietnamese unless the visitor chose otherwise. Browsers' wishes are not asked: an
    English-set phone would show English dates and labels around Vietnamese lessons."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class AnonymousPageCache:
    """Serve public pages to visitors without a session from memory, before all other layers.

    A page is kept when it came from one of PUBLIC_VIEWS with 200, sets no cookie (and so holds
    no form token) and is not marked private. Its key carries a stamp that every publication
    changes and that each process looks up once in STAMP_SECONDS: an anonymous visitor is at
    most that far behind the editors, and KEPT_SECONDS behind anything else on the page.
    A hit asks no database.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._stamp: object = None
        self._stamp_due = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._is_anonymous(request):
            return self.get_response(request)
        key = self._key(request)
        kept = caches["local"].get(key)
        if kept is not None:
            body, headers = kept
            return HttpResponse(body, headers=headers)
        response = self.get_response(request)
        if self._may_keep(request, response):
            caches["local"].set(key, (response.content, dict(response.items())), KEPT_SECONDS)
        return response

    @staticmethod
    def _is_anonymous(request: HttpRequest) -> bool:
        return (
            request.method == "GET"
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and "messages" not in request.COOKIES
            and PUBLIC_FILTERS.issuperset(request.GET)
        )

    @staticmethod
    def _may_keep(request: HttpRequest, response: HttpResponse) -> bool:
        match = request.resolver_match
        cache_control = response.get("Cache-Control", "")
        return (
            response.status_code == 200
            and match is not None
            and match.view_name in PUBLIC_VIEWS
            and not response.streaming
            and not response.cookies
            and "private" not in cache_control
            and "no-store" not in cache_control
        )

    def _key(self, request: HttpRequest) -> str:
        address = f"{request.scheme} {request.META.get('HTTP_HOST')} {request.get_full_path()}"
        digest = sha256(f"{chosen_language(request)} {address}".encode()).hexdigest()
        return f"page:{self._current_stamp()}:{digest}"

    def _current_stamp(self) -> object:
        now = time.monotonic()
        if now >= self._stamp_due:
            self._stamp = caches["default"].get(STAMP_KEY)
            self._stamp_due = now + STAMP_SECONDS
        return self._stamp


class Reading:
    """A page that only reads asks once for what many of its parts want to know."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with reading():
            return self.get_response(request)


class NoNullCharacters:
    """An address with a null character is nonsense, and PostgreSQL cannot be asked for it: 400.

    What is sent in forms is looked at by their fields.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return self.get_response(request)


class PackagesApart:
    """At the packages' address nothing but packages: a script of theirs that asks for our pages
    finds none, and somebody who came there by chance is led to the site."""

    OPEN = ("/goi/", settings.STATIC_URL)

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        here = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}"
        is_apart = here == settings.PACKAGES_URL != settings.PUBLIC_URL
        if is_apart and not request.path.startswith(self.OPEN):
            return HttpResponseRedirect(settings.PUBLIC_URL + request.get_full_path())
        return self.get_response(request)


class FilesByProxy:
    """Leave the sending of private files to the proxy in front, which does it without a thread
    of ours: the view has asked who asks, the proxy reads `X-Accel-Redirect` and sends.

    Only where FILES_BY_PROXY says that there is such a proxy, and only what lies in
    PRIVATE_ROOT; in object storage, or made for this answer alone, a file is sent from here.
    """

    LOCATION = "/rieng-tu/"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.FILES_BY_PROXY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, FileResponse) or "Content-Range" in response:
            return response
        name = getattr(response.file_to_stream, "name", None)
        file = Path(settings.PRIVATE_ROOT, name if isinstance(name, str) else "")
        if not name or not file.is_relative_to(settings.PRIVATE_ROOT) or not file.is_file():
            return response
        response.close()
        handed = HttpResponse(headers=dict(response.items()))
        del handed["Content-Length"]
        handed["X-Accel-Redirect"] = self.LOCATION + quote(
            str(file.relative_to(settings.PRIVATE_ROOT))
        )
        return handed


class FormsOnlyPage:
    """An address that only takes what a form sends answers a visit with words, not with an empty
    page: whoever has to sign in again after a press is led there."""

    MACHINES = ("/api/", "/quan-tri/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_visit = request.method == "GET" and not request.path.startswith(self.MACHINES)
        if not isinstance(response, HttpResponseNotAllowed) or not is_visit:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page


class ContentSecurityPolicy:
    """Nothing from another host, no inline script or style; Wagtail's editor needs some leave."""

    SITE = (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    )
    ADMIN = (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
        " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none';"
        " base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        in_admin = request.path.startswith("/quan-tri/")
        policy = self.ADMIN if in_admin else self.SITE
        if elsewhere := origin():
            # The sign-in form leads there, if the province has such a system.
            policy = policy.replace("form-action 'self'", f"form-action 'self' {elsewhere}")
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


class ChosenLanguage:
    """Speak the visitor's chosen language, or Vietnamese."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
