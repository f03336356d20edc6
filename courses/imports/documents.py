"""Files of an imported course, stored once."""

from hashlib import sha1
from pathlib import Path

from django.core.files import File
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument


def store_document(file: Path, title: str) -> AbstractDocument:
    """The file in the library, added if no document with the same bytes is there."""
    model = get_document_model()
    digest = sha1(file.read_bytes(), usedforsecurity=False).hexdigest()
    known = model.objects.filter(file_hash=digest).first()
    if known:
        return known
    with file.open("rb") as opened:
        document = model(title=title[:255] or file.stem, file=File(opened, name=file.name))
        document.file_hash, document.file_size = digest, file.stat().st_size
        document.save()
    return document
