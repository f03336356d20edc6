"""QTI as it comes: a zip with a manifest, or one bare XML file."""

import posixpath
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import unquote

from django.utils.translation import gettext as _

from courses.import_report import ImportRefused
from courses.imports.archives import MANIFEST, open_archive, read_entry, read_manifest_of
from courses.imports.questions import qti, qti1
from courses.imports.questions.parsed import Item, Source
from courses.imports.questions.pictures import Find, found_in, nothing
from courses.imports.questions.xml import Element, descendants, local, parse


def read_qti(data: bytes) -> Source:
    """Every item of a package or of a single file. Raises ImportRefused for a package without
    a manifest, with a file missing or broken, and for XML that is no QTI."""
    if not data.startswith(b"PK"):
        return Source(_document(parse(data, _("The file")), _("The file"), nothing))
    archive = open_archive(data)
    names = set(archive.namelist())
    manifest = parse(read_manifest_of(archive), MANIFEST)
    source, read = Source(), set()
    for resource in descendants(manifest, "resource"):
        name = _file_of(resource)
        if not name or name in read:
            continue
        read.add(name)
        if name not in names:
            raise ImportRefused(
                _("The package lacks %(name)s, which its manifest names.") % {"name": name}
            )
        find = found_in(names, posixpath.dirname(name), partial(read_entry, archive))
        source.items += _document(parse(read_entry(archive, name), name), name, find)
    if not source.items:
        raise ImportRefused(_("The manifest names no questions."))
    return source


def _file_of(resource: Element) -> str:
    """The XML with questions that a resource stands for; "" for a test or another thing."""
    kind, href = resource.get("type", "").lower(), unquote(resource.get("href") or "")
    if not kind.startswith(("imsqti_", "imsccv1p", "imsqti")) and "qti" not in kind:
        return ""
    if "imsqti_test" in kind or "assessment_meta" in kind:
        return ""
    if not href.lower().endswith(".xml"):
        files = [unquote(node.get("href", "")) for node in descendants(resource, "file")]
        href = next((name for name in files if name.lower().endswith(".xml")), "")
    return str(PurePosixPath(href)) if href else ""


def _document(root: Element, name: str, find: Find) -> list[Item]:
    match local(root):
        case "assessmentItem":
            return [qti.read_item(root, name, find)]
        case "questestinterop":
            return qti1.read_items(root, name, find)
        case "assessmentTest":
            return []
    raise ImportRefused(
        _("%(name)s begins with <%(tag)s>, which is no QTI.") % {"name": name, "tag": local(root)}
    )
