"""A page of another system as blocks of a lesson."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from urllib.parse import unquote

import nh3
from lxml import etree
from lxml import html as lxml_html

from courses.imports.markdown import Block, clean_text
from courses.text import nfc

Find = Callable[[str], str]
"""The path of a picture within the archive, for the address that the page gives; "" for none."""

_UTF_8 = lxml_html.HTMLParser(encoding="utf-8", no_network=True)
_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
# Letters for private use: they stand where a picture stood, and are taken out of what comes in.
_MARK, _GAP = "\ue000", "\ue001"
_EMBEDDED = ("iframe", "object", "embed", "video", "audio", "form", "applet")


@dataclass
class WebPage:
    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    words: int = 0
    left_out: list[str] = field(default_factory=list)
    """What cannot stand in a lesson: pictures that are not there, frames, films."""


def read_page(data: bytes, find: Find) -> WebPage:
    """Text and pictures in their order; scripts, forms and frames are left out and named."""
    page = WebPage()
    try:
        text = data.decode("utf-8-sig", errors="replace").replace(_MARK, "").replace(_GAP, "")
        root = lxml_html.document_fromstring(text.encode(), parser=_UTF_8)
    except (etree.ParserError, ValueError):
        return page
    page.title = nfc(root.findtext(".//title") or "")
    body = root.find("body")
    if body is None:
        return page
    for node in list(body.iter("script", "style", "noscript", *_EMBEDDED)):
        if node.tag in _EMBEDDED:
            page.left_out.append(
                f"<{node.tag}> {node.get('src') or node.get('data') or ''}".strip()
            )
        node.drop_tree()
    for node in body.iter(*_HEADINGS):
        node.tag = _HEADINGS[node.tag]
    for node in body.iter("td", "th"):
        # Tables become lines: the cell before it ends with a space, the row with a break.
        node.tail = f" {node.tail or ''}"
    for node in body.iter("tr"):
        node.append(etree.Element("br"))
    for node in list(body.iter("img")):
        _mark_picture(page, node, find)
    _split(page, "".join(_inner(body)))
    page.words = sum(
        len(_bare(str(value)).split()) for kind, value in page.blocks if kind == "text"
    )
    return page


def _mark_picture(page: WebPage, node: etree._Element, find: Find) -> None:
    """Put a mark where the picture stands: the text is cut there."""
    src = unquote(node.get("src") or "")
    path = find(src)
    if not path:
        page.left_out.append(src or "<img>")
        node.drop_tree()
        return
    mark = etree.Element("span")
    mark.text = f"{_MARK}{path}{_GAP}{nfc(node.get('alt') or '')}{_MARK}"
    mark.tail = node.tail
    node.getparent().replace(node, mark)


def _split(page: WebPage, html: str) -> None:
    for place, part in enumerate(html.split(_MARK)):
        if place % 2:
            path, alt = part.split(_GAP)
            page.blocks.append(("picture", {"src": _unescaped(path), "alt": _unescaped(alt)}))
        elif _bare(text := clean_text(part)):
            page.blocks.append(("text", nfc(text)))


def _inner(body: etree._Element) -> list[str]:
    inner = [escape(body.text or "")]
    return [*inner, *(lxml_html.tostring(node, encoding="unicode") for node in body)]


def _bare(html: str) -> str:
    return nh3.clean(html, tags=set()).strip()


def _unescaped(text: str) -> str:
    return (
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    )
