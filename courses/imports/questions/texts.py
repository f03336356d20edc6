"""HTML and Markdown of other systems as plain text and as clean stems."""

import re
from decimal import Decimal, InvalidOperation

from lxml import html as lxml_html
from lxml.etree import ParserError
from markdown_it import MarkdownIt

from courses.questions import clean_html

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_LONGEST = 30
"""Digits before or after the point."""
_BLOCKS = {
    "p", "div", "br", "li", "ul", "ol", "tr", "table", "pre", "blockquote",
    "h1", "h2", "h3", "h4", "h5", "h6", "section", "figure",
}  # fmt: skip
_UNSEEN = {"script", "style", "head", "title", "template"}
_WRAPPED = re.compile(r"\s*<p>((?:(?!</?p>).)*)</p>\s*", re.DOTALL)


def plain(html: str) -> str:
    """What a reader of the HTML sees, blocks on lines of their own; pictures by their words."""
    if "<" not in html and "&" not in html:
        return tidy(html)
    try:
        root = lxml_html.fragment_fromstring(html, create_parent="div")
    except (ParserError, ValueError):
        return tidy(html)
    pieces: list[str] = []
    for event, node in _walk(root):
        if event == "text":
            # Line breaks of the source are spaces.
            pieces.append(re.sub(r"\s+", " ", node))
        elif node == "br" or node in _BLOCKS:
            pieces.append("\n")
    text = tidy("".join(pieces))
    return text or tidy(" ".join(image.get("alt") or "" for image in root.iter("img")))


def _walk(node: lxml_html.HtmlElement) -> "list[tuple[str, str]]":
    if not isinstance(node.tag, str) or node.tag in _UNSEEN:
        return []
    found = [("tag", node.tag)]
    if node.text:
        found.append(("text", node.text))
    for child in node:
        found += _walk(child)
        if child.tail:
            found.append(("text", child.tail))
    found.append(("tag", node.tag))
    return found


def tidy(text: str) -> str:
    """Single spaces within lines, no empty lines, nothing at either end."""
    lines = (re.sub(r"[ \t\xa0\f\v]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def stem_of(html: str) -> tuple[str, str]:
    """Plain stem and clean HTML; the HTML is empty where it says no more than the stem."""
    clean = clean_html(html)
    wrapped = _WRAPPED.fullmatch(clean)
    inner = wrapped[1] if wrapped else clean
    # Spans have lost their attributes and mean nothing.
    inner = re.sub(r"</?span>", "", inner)
    if not re.search(r"<(?!br\b)", inner):
        return plain(html), ""
    return plain(clean), clean


def markdown_html(text: str) -> str:
    return str(_MARKDOWN.render(text))


def markdown_inline(text: str) -> str:
    """Markdown of one line: a choice that begins with "1." is no list."""
    return str(_MARKDOWN.renderInline(text))


def number(text: str) -> Decimal | None:
    """A number that a person could write, with a point or a Vietnamese comma before decimals."""
    written = text.strip().replace("−", "-")
    if written.count(",") == 1 and "." not in written:
        written = written.replace(",", ".")
    try:
        value = Decimal(written)
    except InvalidOperation:
        return None
    if not value.is_finite() or (value and abs(value.adjusted()) > _LONGEST):
        return None
    return value if value else Decimal(0)


def said(value: Decimal) -> str:
    """Plain notation without needless zeros: "1E+3" is 1000, "0.50" is 0.5."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def share(percent: Decimal) -> str:
    """A percentage as the decimal string of a fraction."""
    return said(percent / 100)


def middle(low: Decimal, high: Decimal) -> tuple[str, str]:
    """Value and tolerance of a range, exactly."""
    return said((low + high) / 2), said(abs(high - low) / 2)
