"""Files that an import stored are taken away again when it comes to nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.storage import default_storage
from django.db.models.signals import post_save
from wagtail.documents import get_document_model
from wagtail.images import get_image_model


@contextmanager
def new_files_removed_on_failure(dry_run: bool) -> Iterator[None]:
    """A rolled-back import, and a trial, leave no picture and no document file behind."""
    models = (get_image_model(), get_document_model())
    before = {name for model in models for name in model.objects.values_list("file", flat=True)}
    stored: set[str] = set()

    def remember(instance: Any, **kwargs: Any) -> None:
        stored.add(instance.file.name)

    for model in models:
        post_save.connect(remember, sender=model, weak=False)
    try:
        yield
    except BaseException:
        _remove(stored - before)
        raise
    else:
        if dry_run:
            _remove(stored - before)
    finally:
        for model in models:
            post_save.disconnect(remember, sender=model)


def _remove(names: set[str]) -> None:
    for name in names:
        default_storage.delete(name)
