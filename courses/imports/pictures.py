"""Pictures of an imported course: found, checked, stored once."""

from hashlib import sha1
from pathlib import Path

from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from courses.import_report import ImportRefused
from courses.imports.draft import CourseDraft

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 25_000_000
_FORMATS = {"PNG", "JPEG", "GIF", "WEBP", "AVIF"}


def find_picture(course: CourseDraft, src: str) -> Path | None:
    """The file that a reference means; None when it is missing or from another host.

    Raises ImportRefused for a path that leaves the course's folder, and for what is no
    picture or too large.
    """
    if "://" in src:
        return None
    file = (course.folder / src).resolve()
    if not file.is_relative_to(course.root):
        raise ImportRefused(f"{src} leads out of the course’s folder; put the picture inside it.")
    return checked_picture(file) if file.is_file() else None


def checked_picture(file: Path) -> Path:
    """The same file. Raises ImportRefused for what is no picture or too large."""
    if file.stat().st_size > MAX_BYTES:
        raise ImportRefused(f"{file.name} is larger than 10 MB; make the picture smaller.")
    try:
        with Picture.open(file) as picture:
            width, height = picture.size
            known = picture.format in _FORMATS
    except (OSError, Picture.DecompressionBombError):
        known, width, height = False, 0, 0
    if not known:
        raise ImportRefused(f"{file.name} is no picture; use PNG, JPEG, GIF or WebP.")
    if width * height > MAX_PIXELS:
        raise ImportRefused(f"{file.name} has more than 25 million pixels; make it smaller.")
    return file


def store_picture(file: Path, title: str) -> AbstractImage:
    """The picture in the library, added if no picture with the same bytes is there."""
    model = get_image_model()
    digest = sha1(file.read_bytes(), usedforsecurity=False).hexdigest()
    known = model.objects.filter(file_hash=digest).first()
    if known:
        return known
    with file.open("rb") as opened:
        image = model(title=title[:255] or file.stem[:255], file=ImageFile(opened, name=file.name))
        image.file_hash = digest
        image.save()
    return image
