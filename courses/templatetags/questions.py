"""Questions in templates."""

from collections.abc import Mapping

from django import template

from courses.questions import right_lines

register = template.Library()


@register.filter
def right_answers(question: Mapping) -> list[str]:
    """The best answer to a frozen question, line by line."""
    return right_lines(question)
