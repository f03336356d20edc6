"""Proof of training as it is taken in: a PDF or a photo, looked into and not only named so."""

import io
from dataclasses import dataclass
from hashlib import sha256

import pikepdf
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_BYTES = 10 * 1024 * 1024
MOST_PAGES = 20
LONGEST_SIDE = 2000
"""Pixels kept of a photo: a certificate stays readable, a phone's 8 MB become some hundred KB."""


MOST_PIXELS = 40_000_000
"""That are unfolded in memory: some 120 MB."""


class ProofError(ValueError):
    """A file that is not taken; str() says why and what to do."""


@dataclass(frozen=True)
class CheckedProof:
    content: bytes
    extension: str
    content_type: str
    fingerprint: str
    """SHA-256 of the file as it was sent, so that the same file is known again."""


def check_proof(upload: UploadedFile) -> CheckedProof:
    """The file ready to be kept: photos turned upright, made smaller and without the place
    where they were taken. Raises ProofError.
    """
    if (upload.size or 0) > LARGEST_BYTES:
        raise ProofError(_("The file is larger than 10 MB. Send a photo or fewer pages."))
    sent = upload.read()
    fingerprint = sha256(sent).hexdigest()
    if sent.startswith(b"%PDF-"):
        _refuse_unsafe_pdf(sent)
        return CheckedProof(sent, "pdf", "application/pdf", fingerprint)
    return CheckedProof(_smaller_photo(sent), "jpg", "image/jpeg", fingerprint)


def _refuse_unsafe_pdf(sent: bytes) -> None:
    try:
        with pikepdf.open(io.BytesIO(sent)) as pdf:
            names = pdf.Root.get("/Names", pikepdf.Dictionary())
            if "/JavaScript" in names or "/EmbeddedFiles" in names or _acts(pdf):
                raise ProofError(_("The PDF carries a program or other files. Send a photo of it."))
            if len(pdf.pages) > MOST_PAGES:
                raise ProofError(_("The PDF has more than 20 pages. Send the certificate alone."))
    except pikepdf.PasswordError as error:
        raise ProofError(_("The PDF is locked by a password. Send one without it.")) from error
    except pikepdf.PdfError as error:
        raise ProofError(_("The PDF is damaged. Save it again, or send a photo.")) from error


def _acts(pdf: pikepdf.Pdf) -> bool:
    """Whether anything in it would run: on opening, on a page, behind a button or a link."""
    parts = (
        one.unparse(resolved=True) for one in pdf.objects if isinstance(one, pikepdf.Dictionary)
    )
    return any(act in part for part in parts for act in (b"/JavaScript", b"/Launch"))


def _smaller_photo(sent: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(sent), formats=("JPEG", "PNG", "WEBP")) as photo:
            # A JPEG is read at a fraction of its size; others unfold whole, from few bytes.
            photo.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            if photo.width * photo.height > MOST_PIXELS:
                raise ProofError(_("The photo has too many pixels. Send a smaller one."))
            upright = ImageOps.exif_transpose(photo).convert("RGB")
    except ProofError:
        raise
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise ProofError(_("This is neither a PDF nor a photo (JPEG, PNG). Send one.")) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kept = io.BytesIO()
    # Nothing of the photo's notes is handed on: they may say where it was taken.
    upright.save(kept, "JPEG", quality=80)
    return kept.getvalue()
