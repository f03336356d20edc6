"""Formatted stems: only what a question needs, whoever wrote the file it came from."""

import nh3

_TAGS = {
    "p", "br", "strong", "b", "em", "i", "u", "sub", "sup", "code", "pre", "blockquote",
    "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "img", "a", "span",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}


def clean_html(html: str) -> str:
    """The HTML without script, style, frames and event handlers. Idempotent.

    Links keep http, https and mailto; pictures only addresses of this site, because no page
    asks another host.
    """
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_own_pictures,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    ).strip()


def _own_pictures(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) != ("img", "src"):
        return value
    return value if value.startswith("/") and not value.startswith(("//", "/\\")) else None
