"""A frozen item's text as HTML, rendered once per version and process."""

from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from courses.choices import ItemKind
from courses.models import Edition, EditionItem, LessonPage

_ONE_DAY = 86400


def item_html(edition: Edition, item: EditionItem) -> SafeString:
    """The item's body. The key carries the edition's version, so nothing is invalidated."""
    key = f"item:{item.pk}:{edition.refreshed_at.timestamp()}:{get_language()}"
    html = caches["local"].get(key)
    if html is None:
        html = _render(item)
        caches["local"].set(key, html, _ONE_DAY)
    return mark_safe(html)


def _render(item: EditionItem) -> str:
    if item.kind == ItemKind.QUIZ:
        return str(
            LessonPage.body.field.stream_block.child_blocks["text"].to_python(item.body or "")
        )
    return str(LessonPage.body.field.stream_block.to_python(item.body).render_as_block())
