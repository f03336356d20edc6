"""News from Wagtail: whatever publishes a page (editor, schedule, import), its course is frozen."""

from typing import Any

from wagtail.models import Page

from courses.editions import publish_edition
from courses.models import CoursePage


def refresh_edition(*, instance: Page, **kwargs: Any) -> None:
    """Keep the newest edition of the page's course in step with its live pages."""
    course = instance.get_ancestors(inclusive=True).type(CoursePage).first()
    if course is not None:
        publish_edition(course.specific)
