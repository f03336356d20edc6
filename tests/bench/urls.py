"""The product's addresses, and one more: a lesson served by Wagtail as it serves any page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from wagtail.models import Site

from home.urls import urlpatterns as product


def bare(request: HttpRequest, address: str) -> HttpResponse:
    """Find the site, walk down the tree, serve: without the hook that leads to the own course."""
    site = Site.find_for_request(request)
    parts = [part for part in address.split("/") if part]
    page, args, kwargs = site.root_page.specific.route(request, parts)
    return page.serve(request, *args, **kwargs)


urlpatterns = [path("bare/<path:address>", bare), *product]
