"""Files as people send them."""

import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def pdf(pages: int = 1, **root: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _page in range(pages):
            made.add_blank_page()
        for key, value in root.items():
            made.Root[f"/{key}"] = value
        # The same bytes in whichever second they are written.
        made.save(out, deterministic_id=True)
    return out.getvalue()


def photo(width: int = 800, height: int = 600, kind: str = "JPEG", colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return out.getvalue()


def upload(content: bytes, name: str = "giay-chung-nhan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
