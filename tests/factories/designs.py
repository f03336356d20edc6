"""Designs of papers, and pictures for them."""

import io
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from certificates.models import Design


def design(*, in_force: bool = True, **changes: object) -> Design:
    """The bronze drum for all papers of completion."""
    return Design.objects.create(
        **{
            "name": "Trống đồng",
            "valid_from": date(2026, 1, 1),
            "heading_en": "CERTIFICATE OF COMPLETION",
            "artwork": "drum",
            "accent": "jade",
            "in_force_since": timezone.now() if in_force else None,
        }
        | changes
    )


def picture(
    size: tuple[int, int] = (1754, 1240),
    *,
    ground: str = "#fffaf0",
    mode: str = "RGB",
    kind: str = "PNG",
) -> SimpleUploadedFile:
    """A light sheet with a green frame."""
    image = Image.new("RGB", size, ground)
    ImageDraw.Draw(image).rectangle(
        (20, 20, size[0] - 20, size[1] - 20), outline="#0f5b52", width=9
    )
    kept = io.BytesIO()
    image.convert(mode).save(kept, kind)
    return SimpleUploadedFile(f"nen.{kind.lower()}", kept.getvalue())
