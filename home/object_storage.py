"""Files in an object store that speaks S3, where OBJECT_STORAGE_BUCKET names one.

No page asks another host for anything, and no address of the store is handed to a browser: the
site reads what it sends, pictures as well as private files.
"""

from typing import Any

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class Store(S3Storage):
    """Part of the bucket. A name that is taken is never written over."""

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {
            "bucket_name": settings.OBJECT_STORAGE_BUCKET,
            "endpoint_url": settings.OBJECT_STORAGE_URL or None,
            "region_name": settings.OBJECT_STORAGE_REGION or None,
            "access_key": settings.OBJECT_STORAGE_KEY,
            "secret_key": settings.OBJECT_STORAGE_SECRET,
            "addressing_style": "path",
            "default_acl": None,
            "file_overwrite": False,
        }

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        """Our own address of a picture; private files have none."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
