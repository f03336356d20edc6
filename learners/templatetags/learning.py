"""What templates of other rooms may show of learning."""

from typing import Any

from django import template

from courses.models import CoursePage
from learners.actions.progress import learning_of
from learners.permissions import own_enrolments
from learners.views.outline import edition_items

register = template.Library()


@register.inclusion_tag("learners/includes/_course_panel.html", takes_context=True)
def course_panel(context: dict[str, Any], course: CoursePage) -> dict[str, Any]:
    """One's own progress in a course, or the way in. Touches no session for strangers."""
    request = context.get("request")
    learning = None
    # A visitor without a session is a stranger: the page stays free of cookies and cacheable.
    if request is not None and request.COOKIES.get("sessionid") and request.user.is_authenticated:
        enrolment = (
            own_enrolments(request.user)
            .filter(edition__course=course)
            .select_related("edition")
            .first()
        )
        if enrolment is not None:
            learning = learning_of(enrolment, edition_items(enrolment.edition))
    return {"course": course, "learning": learning}
