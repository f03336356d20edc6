"""H5P packages: whole when every library that the content needs lies in the file."""

import json
from typing import Any
from zipfile import ZipFile

from django.utils.translation import gettext as _

from courses.choices import PackageKind
from courses.import_report import ImportRefused
from courses.imports.archives import read_entry
from courses.imports.manifest import Manifest

H5P_JSON = "h5p.json"
CONTENT_JSON = "content/content.json"


def read_h5p(archive: ZipFile) -> Manifest:
    """The content's title and its one part. Raises ImportRefused for what could not be played."""
    facts = _object(archive, H5P_JSON)
    _object(archive, CONTENT_JSON)
    main, needed = facts.get("mainLibrary"), _dependencies(facts, H5P_JSON)
    if not main or not any(library["machineName"] == main for library in needed):
        raise ImportRefused(
            _("%(name)s does not say which library plays the content.") % {"name": H5P_JSON}
        )
    _refuse_missing_libraries(archive, needed)
    title = " ".join(str(facts.get("title") or main).split())[:255]
    part = {"id": str(main)[:200], "title": title[:200], "href": "", "mastery": ""}
    return Manifest(PackageKind.H5P, title, [part])


def _refuse_missing_libraries(archive: ZipFile, needed: list[dict[str, Any]]) -> None:
    """Follow what the libraries themselves need: the player stops at the first that is missing."""
    names = set(archive.namelist())
    # All folders carry the version, or none does; the player looks at the first.
    has_versions = f"{_folder(needed[0], True)}/library.json" in names
    seen: set[str] = set()
    while needed:
        folder = _folder(needed.pop(), has_versions)
        if folder in seen:
            continue
        seen.add(folder)
        file = f"{folder}/library.json"
        if file not in names:
            raise ImportRefused(
                _(
                    "The file lacks the library %(name)s. Export it again from a site that packs"
                    " the libraries along."
                )
                % {"name": folder[:100]}
            )
        needed += _dependencies(_object(archive, file), file)


def _folder(library: dict[str, Any], has_versions: bool) -> str:
    version = f"-{library.get('majorVersion')}.{library.get('minorVersion')}"
    return f"{library['machineName']}{version if has_versions else ''}"


def _dependencies(facts: dict[str, Any], file: str) -> list[dict[str, Any]]:
    named = facts.get("preloadedDependencies", [])
    if not isinstance(named, list) or not all(
        isinstance(library, dict) and isinstance(library.get("machineName"), str)
        for library in named
    ):
        raise ImportRefused(_("%(name)s does not read as it should.") % {"name": file})
    return list(named)


def _object(archive: ZipFile, name: str) -> dict[str, Any]:
    if name not in archive.namelist():
        raise ImportRefused(_("The H5P file lacks %(name)s.") % {"name": name})
    try:
        read = json.loads(read_entry(archive, name))
    except (ValueError, RecursionError) as error:
        raise ImportRefused(_("%(name)s does not read as it should.") % {"name": name}) from error
    if not isinstance(read, dict):
        raise ImportRefused(_("%(name)s does not read as it should.") % {"name": name})
    return read
