"""The library of learning packages: a zip is read, refused or unpacked once."""

from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction

from courses.imports.archives import open_archive, read_entry
from courses.imports.h5p import H5P_JSON, read_h5p
from courses.imports.manifest import Manifest
from courses.imports.scorm import read_scorm
from courses.models import Package


def read_package(data: bytes) -> Manifest:
    """What a package of any known kind holds. Raises ImportRefused, with one sentence, for
    anything that could not be launched or would hurt."""
    with open_archive(data) as archive:
        if H5P_JSON in archive.namelist():
            return read_h5p(archive)
        return read_scorm(archive)


@transaction.atomic
def store_package(data: bytes) -> tuple[Package, bool]:
    """The package in the library, and whether it is new: the same zip is kept once.

    Raises ImportRefused. Files are written before the row that names them, so what a crash
    leaves is never seen.
    """
    manifest = read_package(data)
    fingerprint = sha256(data).hexdigest()
    known = Package.objects.filter(fingerprint=fingerprint).first()
    if known:
        return known, False
    package = Package(
        title=manifest.title, kind=manifest.kind, parts=manifest.parts, fingerprint=fingerprint
    )
    storage = package.file.storage
    with open_archive(data) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                content = ContentFile(read_entry(archive, entry.filename))
                storage.save(package.path_of(entry.filename), content)
    package.file.save("package.zip", ContentFile(data), save=False)
    package.save()
    return package, True
