"""A whole course as one zip with checksums: docs/course-zip.md."""

from hashlib import sha256
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.files import File

from courses.course_shape import COURSE, FORMAT, MANIFEST, VERSION, Shape, as_json
from courses.exports.moodle_xml import write_moodle_xml
from courses.models import CoursePage


def write_course_zip(course: CoursePage, out: IO[bytes]) -> None:
    """Write the course as the editor shows it; the same course gives the same bytes.

    Raises CannotCarry when the course holds something that the format has no place for.
    """
    shape = Shape(course)
    described = shape.described()
    sums: dict[str, str] = {}
    with ZipFile(out, "w") as archive:
        for name, file in sorted(shape.files.items()):
            sums[name] = _copy(archive, name, file)
        banks = {}
        for number, bank in enumerate(sorted(shape.banks), 1):
            name = banks[bank] = f"banks/{number}.xml"
            data, _left_out = write_moodle_xml(shape.banks[bank])
            sums[name] = _write(archive, name, data)
        sums[COURSE] = _write(archive, COURSE, as_json(described | {"banks": banks}))
        manifest = {"format": FORMAT, "version": VERSION, "title": course.title, "sha256": sums}
        _write(archive, MANIFEST, as_json(manifest))


def _write(archive: ZipFile, name: str, data: bytes) -> str:
    archive.writestr(_entry(name), data)
    return sha256(data).hexdigest()


def _copy(archive: ZipFile, name: str, file: File) -> str:
    digest = sha256()
    with file.open("rb") as source, archive.open(_entry(name), "w", force_zip64=True) as target:
        for chunk in source.chunks():
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _entry(name: str) -> ZipInfo:
    """Dated alike, so that the bytes tell nothing but the content."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
