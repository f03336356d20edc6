"""SCORM packages: the manifest read by its official names."""

from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

from django.utils.translation import gettext as _

from courses.choices import PackageKind
from courses.import_report import ImportRefused
from courses.imports.archives import MANIFEST, read_manifest_of
from courses.imports.manifest import Manifest
from courses.imports.questions.xml import Element, descendants, local, parse, text_of

_XML = "{http://www.w3.org/XML/1998/namespace}base"
_VERSIONS = {
    "http://www.adlnet.org/xsd/adlcp_rootv1p2": PackageKind.SCORM12,
    "http://www.adlnet.org/xsd/adlcp_v1p3": PackageKind.SCORM2004,
}
_CONTENT = {
    "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
}


def read_scorm(archive: ZipFile) -> Manifest:
    """What a package holds. Raises ImportRefused for anything that could not be launched."""
    names = set(archive.namelist())
    root = parse(read_manifest_of(archive), MANIFEST)
    if local(root) != "manifest" or root.tag[1:].partition("}")[0] not in _CONTENT:
        raise ImportRefused(_("%(name)s is no manifest of a SCORM package.") % {"name": MANIFEST})
    organisation = _organisation(root)
    resources = {node.get("identifier"): node for node in descendants(root, "resource")}
    parts = []
    for item in descendants(organisation, "item"):
        reference = item.get("identifierref")
        if not reference:
            continue
        if reference not in resources:
            raise ImportRefused(
                _("The manifest names the resource %(name)s and does not have it.")
                % {"name": reference}
            )
        parts.append(_part(item, resources[reference], root, names))
    if not parts:
        raise ImportRefused(_("The manifest names nothing that could be launched."))
    title = " ".join(text_of(_child(organisation, "title")).split()) or parts[0]["title"]
    return Manifest(_kind(root), title[:255], parts)


def _organisation(root: Element) -> Element:
    """The default organisation, or the first."""
    found = descendants(root, "organization")
    if not found:
        raise ImportRefused(_("The manifest has no organisation of its parts."))
    default = next(iter(node.get("default") for node in descendants(root, "organizations")), "")
    return next((node for node in found if node.get("identifier") == default), found[0])


def _kind(root: Element) -> PackageKind:
    """By the name space in use, and else by the stated version."""
    used = {node.tag[1:].partition("}")[0] for node in root.iter() if str(node.tag)[:1] == "{"}
    used |= {
        key[1:].partition("}")[0] for node in root.iter() for key in node.attrib if key[:1] == "{"
    }
    for space, kind in _VERSIONS.items():
        if space in used:
            return kind
    stated = " ".join(text_of(node) for node in descendants(root, "schemaversion"))
    is_old = not stated or stated.strip().startswith("1.")
    return PackageKind.SCORM12 if is_old else PackageKind.SCORM2004


def _part(item: Element, resource: Element, root: Element, names: set[str]) -> dict[str, Any]:
    bases = [root, *descendants(root, "resources")[:1], resource]
    href = "".join(node.get(_XML) or "" for node in bases) + (resource.get("href") or "")
    href += item.get("parameters") or "" if "?" not in href else ""
    address = urlsplit(href)
    if address.scheme or address.netloc or href.startswith("/"):
        raise ImportRefused(
            _("“%(href)s” leads to another address. A package must hold all that it shows.")
            % {"href": href[:100]}
        )
    file = normpath(unquote(address.path))
    if file.startswith("..") or file not in names:
        raise ImportRefused(
            _("The package lacks %(name)s, which its manifest names.") % {"name": file[:100]}
        )
    mastery = text_of(next(iter(descendants(item, "masteryscore", "minNormalizedMeasure")), None))
    return {
        "id": (item.get("identifier") or file)[:200],
        "title": " ".join(text_of(_child(item, "title")).split())[:200] or file,
        "href": href,
        "mastery": mastery.strip(),
    }


def _child(node: Element, name: str) -> Element | None:
    return next((child for child in node if local(child) == name), None)
