"""Markdown to lesson blocks. Pure: reads no file, knows no database.

Blocks come out as (kind, value) in the shape of courses.blocks.LessonBody, except that a
picture still names its source: ("picture", {"src", "alt"}), ("video", {"src", "alt", "link"}).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from courses.text import nfc

Block = tuple[str, Any]

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_RENDERER = RendererHTML()
_TAGS = {
    "h2",
    "h3",
    "h4",
    "p",
    "b",
    "strong",
    "i",
    "em",
    "ul",
    "ol",
    "li",
    "a",
    "br",
    "code",
    "blockquote",
}
_CALLOUTS = {"ghi nhớ": "remember", "lưu ý": "note", "ví dụ": "example"}
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")


@dataclass
class Document:
    """One Markdown file as a lesson would show it."""

    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    words: int = 0


def plain_title(text: str) -> str:
    """A title without marks of Markdown, emoji or double spaces."""
    return nfc(_EMOJI.sub("", re.sub(r"[*_`#]", "", text)))


def parse_document(text: str) -> Document:
    """Title, blocks and headings of a Markdown text. Comments and raw HTML are left out."""
    text = _EMOJI.sub("", _COMMENT.sub("", text))
    document = Document(words=len(text.split()))
    for group in _top_level(_MARKDOWN.parse(text)):
        document.links += [
            str(token.attrs.get("href", ""))
            for token in _inline(group)
            if token.type == "link_open"
        ]
        if group[0].type == "heading_open":
            heading = plain_title(_words(group[1].children or []))
            if group[0].tag == "h1" and not document.title:
                document.title = heading
                continue
            document.headings.append(heading)
        document.blocks += _blocks(group)
    document.blocks = list(_join_texts(document.blocks))
    return document


# ------------------------------------------------------------------ one group of tokens


def _top_level(tokens: list[Token]) -> Iterator[list[Token]]:
    """Tokens from each opening to its closing at the outermost level."""
    group: list[Token] = []
    for token in tokens:
        group.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield group
            group = []


def _inline(group: list[Token]) -> Iterator[Token]:
    for token in group:
        yield from token.children or []


def _blocks(group: list[Token]) -> list[Block]:
    kind = group[0].type
    if kind in ("fence", "code_block"):
        return [("code", group[0].content.rstrip("\n"))]
    if kind in ("hr", "html_block"):
        return []
    if kind == "table_open":
        return [("table", _table(group))]
    if kind == "blockquote_open" and (callout := _callout(group)):
        return [("callout", callout)]
    pictures = list(_pictures(group))
    html = _html(group)
    return [
        *([("text", html)] if nh3.clean(html, tags=set()).strip() else []),
        *pictures,
    ]


def _pictures(group: list[Token]) -> Iterator[Block]:
    """Pictures of the group, in order; one inside a link to elsewhere is a film's still."""
    for inline in group:
        link = ""
        for token in inline.children or []:
            if token.type == "link_open":
                link = str(token.attrs.get("href", ""))
            elif token.type == "link_close":
                link = ""
            elif token.type == "image":
                picture = {
                    "src": unquote(str(token.attrs["src"])),
                    "alt": nfc(token.content),
                }
                is_film = link.startswith("http") and not link.lower().endswith(_PICTURES)
                yield (("video", {**picture, "link": link}) if is_film else ("picture", picture))


def _html(group: list[Token]) -> str:
    """The group as clean HTML without its pictures; headings between h2 and h4."""
    kept = []
    for token in group:
        token = token.copy()
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(max(int(token.tag[1]), 2), 4)}"
        if token.children:
            token.children = _without_pictures(token.children)
        kept.append(token)
    html = _MARKDOWN.renderer.render(kept, _MARKDOWN.options, {})
    return clean_text(html)


def clean_text(html: str) -> str:
    """What the editor's text block can hold, and nothing else."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    ).strip()


def _without_pictures(children: list[Token]) -> list[Token]:
    kept: list[Token] = []
    for token in children:
        if token.type == "image":
            continue
        if token.type == "link_close" and kept and kept[-1].type == "link_open":
            kept.pop()
            continue
        kept.append(token)
    return kept


def _table(group: list[Token]) -> dict[str, Any]:
    cells = [_cell(token) for token in group if token.type == "inline"]
    width = sum(token.type == "th_open" for token in group)
    headings = [nh3.clean(cell, tags=set()) for cell in cells[:width]]
    body = cells[width:]
    return {
        "columns": [{"type": "text", "heading": nfc(heading)} for heading in headings],
        "rows": [{"values": body[start : start + width]} for start in range(0, len(body), width)],
        "caption": "",
    }


def _cell(inline: Token) -> str:
    html = _RENDERER.renderInline(_without_pictures(inline.children or []), _MARKDOWN.options, {})
    return (
        f"<p>{nh3.clean(html, tags=_TAGS, attributes={'a': {'href'}}, link_rel=None).strip()}</p>"
    )


def _callout(group: list[Token]) -> dict[str, str] | None:
    """A quotation that begins with a bold "Ghi nhớ", "Lưu ý" or "Ví dụ"."""
    first = group[2] if len(group) > 2 else None
    children = (first.children or []) if first is not None else []
    opened = next((i for i, c in enumerate(children) if c.type == "strong_open"), None)
    if opened is None or _words(children[:opened]).strip():
        return None
    tone = _CALLOUTS.get(nfc(children[opened + 1].content).rstrip(":").lower())
    if tone is None:
        return None
    rest = children[opened + 3 :]
    while rest and (
        rest[0].type in ("softbreak", "hardbreak") or rest[0].content.strip() in ("", ":")
    ):
        rest = rest[1:]
    inner = [token.copy() for token in group[1:-1]]
    inner[1].children = rest
    if not rest:
        inner = inner[3:]
    return {"tone": tone, "text": _html(inner)}


def _words(children: list[Token]) -> str:
    return "".join(token.content for token in children if token.type in ("text", "code_inline"))


def _join_texts(blocks: list[Block]) -> Iterator[Block]:
    """Neighbouring texts become one block, as an author would have typed them."""
    waiting: list[str] = []
    for kind, value in blocks:
        if kind == "text":
            waiting.append(value)
            continue
        if waiting:
            yield "text", "\n".join(waiting)
            waiting = []
        yield kind, value
    if waiting:
        yield "text", "\n".join(waiting)
