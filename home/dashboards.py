"""The one screen that needs every app: both goals of the plan."""

from django.http import HttpRequest, HttpResponse


def goals(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
