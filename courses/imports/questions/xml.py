"""XML of other systems: parsed without fetching, expanding or believing anything."""

from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from courses.import_report import ImportRefused

Element = Any
"""An lxml element; the library publishes no types."""


def parse(data: bytes, name: str) -> Element:
    """The root of the document. Raises ImportRefused for broken XML and for XML with entities
    of its own, which are how files read what is not theirs and grow without end."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        said = str(error).splitlines()[0] if str(error) else ""
        raise ImportRefused(
            _("%(name)s is no well-formed XML: %(said)s") % {"name": name, "said": said}
        ) from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _entity in declared.iterentities()):
        raise ImportRefused(
            _("%(name)s defines entities of its own, which are not taken. Remove them.")
            % {"name": name}
        )
    return root


def text_of(node: Element | None) -> str:
    """The text directly within an element; "" for none."""
    return (node.text or "") if node is not None else ""


def inner_html(node: Element) -> str:
    """What stands between the tags, as HTML without name spaces."""
    parts = [_escaped(node.text)]
    for child in node:
        parts.append(_html(child))
        parts.append(_escaped(child.tail))
    return "".join(parts)


def local(node: Element) -> str:
    """The name without its name space; QTI 3's "qti-choice-interaction" as "choiceInteraction"."""
    if not isinstance(node.tag, str):
        return ""
    name = etree.QName(node).localname
    if not name.startswith("qti-"):
        return str(name)
    first, *rest = name.removeprefix("qti-").split("-")
    return first + "".join(part.capitalize() for part in rest)


def attribute(node: Element, name: str) -> str:
    """An attribute by its name in QTI 2, also where QTI 3 writes it with dashes."""
    dashed = "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in name)
    return str(node.get(name) or node.get(dashed) or "")


def descendants(node: Element, *names: str) -> list[Element]:
    return [found for found in node.iter() if local(found) in names]


def _html(node: Element) -> str:
    name = local(node)
    if not name:
        return ""
    kept = "".join(
        f' {etree.QName(key).localname}="{_escaped(value).replace(chr(34), "&quot;")}"'
        for key, value in node.attrib.items()
    )
    return f"<{name}{kept}>{inner_html(node)}</{name}>"


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
