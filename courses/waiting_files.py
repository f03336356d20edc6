"""Uploaded files that wait between the trial and the import."""

import uuid
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils import timezone

FOLDER = "question-imports"
KEPT = timedelta(days=1)


def put_aside(data: bytes) -> str:
    """Keep the file under a key that nobody guesses, and drop those nobody came back for."""
    storage, key = _storage(), uuid.uuid4()
    if storage.exists(FOLDER):
        for name in storage.listdir(FOLDER)[1]:
            old = f"{FOLDER}/{name}"
            if storage.get_modified_time(old) < timezone.now() - KEPT:
                storage.delete(old)
    storage.save(_path(key), ContentFile(data))
    return str(key)


def take_aside(key: uuid.UUID) -> bytes | None:
    """The file; None when it was dropped or imported."""
    storage, path = _storage(), _path(key)
    if not storage.exists(path):
        return None
    with storage.open(path) as file:
        data: bytes = file.read()
    return data


def drop_aside(key: uuid.UUID) -> None:
    _storage().delete(_path(key))


def _storage() -> Storage:
    return storages["private"]


def _path(key: uuid.UUID) -> str:
    return f"{FOLDER}/{key}"
