"""Zip files that somebody sends: opened only when nothing in them can hurt."""

import io
import lzma
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from courses.import_report import ImportRefused

MANIFEST = "imsmanifest.xml"
MOST_FILES = 5_000
MOST_BYTES = 300 * 2**20
"""Unpacked, together."""
STEEPEST = 200
"""How many times its packed size a file may unfold; text rarely reaches a tenth of that."""
_SYMLINK = 0o120000
# What the standard library lets through of an archive with wrong bytes in it.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive, with every name and size looked at. Raises ImportRefused for what is no zip,
    leads out of its folder, hides links, or would fill the disk."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED as error:
        raise ImportRefused(_("The file is no zip archive, or it was cut off.")) from error
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise ImportRefused(_("The archive holds more than %(n)d files.") % {"n": MOST_FILES})
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ImportRefused(
            _("Unpacked, the archive is larger than %(n)d MB.") % {"n": MOST_BYTES // 2**20}
        )
    for entry in entries:
        _refuse_unsafe(entry)
    return archive


def read_entry(archive: zipfile.ZipFile, name: str) -> bytes:
    """One file of an archive that was looked at. Raises ImportRefused when it is damaged."""
    try:
        with archive.open(name) as file:
            data = file.read(MOST_BYTES + 1)
    except _DAMAGED as error:
        raise ImportRefused(_("%(name)s in the archive is damaged.") % {"name": name}) from error
    if len(data) > archive.getinfo(name).file_size:
        raise ImportRefused(_("%(name)s in the archive lies about its size.") % {"name": name})
    return data


def read_manifest_of(archive: zipfile.ZipFile) -> bytes:
    """The manifest of an IMS package. Raises ImportRefused when there is none at the top."""
    if MANIFEST not in archive.namelist():
        raise ImportRefused(
            _("The package has no %(name)s at its top. Pack the folder's contents, not the folder.")
            % {"name": MANIFEST}
        )
    return read_entry(archive, MANIFEST)


def _refuse_unsafe(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0:1] or "\0" in entry.filename:
        raise ImportRefused(
            _("“%(name)s” leads out of the archive. Pack it again without such names.")
            % {"name": entry.filename}
        )
    if (entry.external_attr >> 16) & 0o170000 == _SYMLINK:
        raise ImportRefused(
            _("“%(name)s” is a link. Pack the file itself.") % {"name": entry.filename}
        )
    if entry.flag_bits & 0x1:
        raise ImportRefused(_("The archive is locked by a password. Pack it without one."))
    if entry.file_size > 2**20 and entry.file_size > STEEPEST * max(entry.compress_size, 1):
        raise ImportRefused(
            _("“%(name)s” unfolds to more than %(n)d times its size. This is no course material.")
            % {"name": entry.filename, "n": STEEPEST}
        )
