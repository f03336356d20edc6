"""The front door of the site."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from courses.models import CoursePage
from courses.querysets import with_sizes


class HomePage(Page):
    """Says in one screen what the site is for and where to begin."""

    lead = models.TextField(_("lead"), blank=True)

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["courses.CatalogPage"]
    template = "home/home_page.html"
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the three newest courses as `courses`."""
        newest = CoursePage.objects.live().public().order_by("-first_published_at", "-pk")
        courses = with_sizes(newest.select_related("cover"))[:3]
        return {**super().get_context(request, *args, **kwargs), "courses": courses}
