"""Walking through the stored form of a stream, block by block, and what its rich text may hold."""

import re
from collections.abc import Callable
from typing import Any

import nh3
from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock

Leaf = Callable[[Block, Any], Any]

_TAGS = {"p", "br", "h2", "h3", "h4", "b", "strong", "i", "em", "ol", "ul", "li", "a", "code"}
_ATTRIBUTES = {"a": {"href", "linktype", "id"}, "*": {"data-block-key"}}
_LINK = re.compile(r"<a\b[^>]*>")
_KIND = re.compile(r'\blinktype="(document|page)"')
_ID = re.compile(r'\bid="([^"]*)"')


def mapped(block: Block, raw: Any, leaf: Leaf) -> Any:
    """The stored form `raw` of a block, each leaf replaced by what `leaf` makes of it.

    Raises KeyError, TypeError or ValueError where `raw` is not what such a block stores.
    """
    if isinstance(block, StreamBlock):
        return [_entry(block.child_blocks[entry["type"]], entry, leaf) for entry in raw]
    if isinstance(block, BaseTypedTableBlock):
        kinds = [block.child_blocks[column["type"]] for column in raw["columns"]]
        rows = [
            {
                **row,
                "values": [
                    mapped(kind, value, leaf)
                    for kind, value in zip(kinds, row["values"], strict=True)
                ],
            }
            for row in raw["rows"]
        ]
        return {**raw, "rows": rows}
    if isinstance(block, ListBlock):
        return [_entry(block.child_block, entry, leaf) for entry in raw]
    if isinstance(block, StructBlock):
        return {name: mapped(block.child_blocks[name], held, leaf) for name, held in raw.items()}
    return leaf(block, raw)


def _entry(block: Block, entry: dict[str, Any], leaf: Leaf) -> dict[str, Any]:
    return {**entry, "value": mapped(block, entry["value"], leaf)}


def clean_rich_text(html: str) -> str:
    """Rich text as the editor stores it, without anything that the editor does not offer.
    Idempotent."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


def with_links(html: str, named: Callable[[str, str], str]) -> str:
    """Rich text with the id of each link to a document or page replaced by `named(kind, id)`.

    An empty name leaves the words without a link.
    """

    def replaced(link: re.Match[str]) -> str:
        tag = link.group()
        kind = _KIND.search(tag)
        if kind is None:
            return tag
        key = _ID.search(tag)
        name = named(kind[1], key[1]) if key else ""
        return _ID.sub(f'id="{name}"', tag) if name else "<a>"

    return _LINK.sub(replaced, html)
