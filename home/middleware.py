"""Outermost layers of every request."""

import time
from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponse]

STAMP_KEY = "publish-stamp"
STAMP_SECONDS = 5
_PAGE_SECONDS = 600


def bump_publish_stamp(**kwargs: object) -> None:
    """Something public changed: every kept page is out of date from now on."""
    caches["default"].set(STAMP_KEY, time.time_ns(), None)


class AnonymousPageCache:
    """Serve public pages to visitors without a session from memory, before all other layers.

    Keeps only answers to GET that are 200, set no cookie and hold no form token. The key
    carries a stamp that every publication changes; a process looks it up once in
    STAMP_SECONDS, so a page is at most that many seconds behind.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._stamp: object = None
        self._stamp_read_at = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._is_public(request):
            return self.get_response(request)
        key = self._key(request)
        kept = caches["local"].get(key)
        if kept is not None:
            body, content_type, headers = kept
            return HttpResponse(body, content_type=content_type, headers=headers)
        response = self.get_response(request)
        if self._may_keep(response):
            headers = {name: value for name, value in response.items() if name != "Content-Type"}
            caches["local"].set(
                key, (response.content, response["Content-Type"], headers), _PAGE_SECONDS
            )
        return response

    @staticmethod
    def _is_public(request: HttpRequest) -> bool:
        return (
            request.method == "GET"
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and settings.CSRF_COOKIE_NAME not in request.COOKIES
            and "messages" not in request.COOKIES
        )

    @staticmethod
    def _may_keep(response: HttpResponse) -> bool:
        return (
            response.status_code == 200
            and not response.streaming
            and not response.cookies
            and "no-store" not in response.get("Cache-Control", "")
            and "private" not in response.get("Cache-Control", "")
        )

    def _key(self, request: HttpRequest) -> str:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        address = f"{request.scheme}|{request.META.get('HTTP_HOST')}|{request.get_full_path()}"
        digest = sha256(f"{address}|{language}".encode()).hexdigest()
        return f"page:{self._current_stamp()}:{digest}"

    def _current_stamp(self) -> object:
        now = time.monotonic()
        if now - self._stamp_read_at > STAMP_SECONDS:
            self._stamp = caches["default"].get(STAMP_KEY)
            self._stamp_read_at = now
        return self._stamp


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
        response.headers.setdefault(
            "Content-Security-Policy", self.ADMIN if in_admin else self.SITE
        )
        return response


class ChosenLanguage:
    """Vietnamese, unless the visitor chose English: browsers' wishes are not asked.

    An English-set phone would otherwise show English numbers on Vietnamese pages.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
