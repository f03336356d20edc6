"""A provider's own artwork as it is taken in: looked into, and made the one form a page shows."""

import io
from hashlib import sha256

import pikepdf
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from certificates.looks import BODY_COLOUR, ENOUGH_CONTRAST, luminance, rgb

LARGEST_BYTES = 12 * 1024 * 1024
A4 = (841.89, 595.28)
RATIO, TOLERANCE = A4[0] / A4[1], 0.01
NARROWEST, WIDEST = 1754, 5000
"""Pixels across: 150 dots an inch on A4 still prints clean; more than 5,000 shows nowhere."""
KEPT = 2480
"""Pixels kept across: 210 dots an inch, some hundred KB a paper instead of many MB."""
# Where words stand, as shares of the page: heads, the middle column, the foot.
WORDS = (
    (0.08, 0.10, 0.43, 0.17), (0.59, 0.10, 0.92, 0.17), (0.12, 0.19, 0.88, 0.71),
    (0.09, 0.72, 0.47, 0.88), (0.59, 0.72, 0.92, 0.90),
)  # fmt: skip
MOST_DARK = 0.02


class PictureError(ValueError):
    """A picture that is not taken; str() says why and what to do."""


def artwork_of(upload: UploadedFile) -> tuple[bytes, str]:
    """The picture as a one-page PDF that shows one form, and the PDF's SHA-256.

    Equal pictures give equal bytes. Only pixels are kept, nothing of the file around them.
    Raises PictureError.
    """
    if (upload.size or 0) > LARGEST_BYTES:
        raise PictureError(_("The picture is larger than 12 MB. Save it smaller."))
    picture = _opened(upload.read())
    _refuse_dark_ground(picture)
    if picture.width > KEPT:
        picture = picture.resize((KEPT, round(KEPT / RATIO)), Image.Resampling.LANCZOS)
    pdf = _as_form(picture)
    return pdf, sha256(pdf).hexdigest()


def _opened(sent: bytes) -> Image.Image:
    """The pixels, if it is a picture of the right kind, size, shape and colours."""
    try:
        with Image.open(io.BytesIO(sent), formats=("PNG", "JPEG")) as picture:
            width, height = picture.size
            if not NARROWEST <= width <= WIDEST or abs(width / height / RATIO - 1) > TOLERANCE:
                raise PictureError(
                    _(
                        "The picture has %(width)d × %(height)d pixels: an A4 sheet on its side "
                        "has 1.414 times as many across as down, from 1,754 × 1,240 on."
                    )
                    % {"width": width, "height": height}
                )
            if picture.mode != "RGB":
                raise PictureError(
                    _(
                        "The picture's colours are %(mode)s: save it as RGB, with 8 bits a "
                        "colour and without transparency."
                    )
                    % {"mode": picture.mode}
                )
            picture.load()
            return picture.copy()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise PictureError(_("This is no PNG or JPEG picture, or it is damaged.")) from error


def _refuse_dark_ground(picture: Image.Image) -> None:
    """Words must be read: their ground has to be light, all of it but specks."""
    small = picture.resize((140, 99), Image.Resampling.BOX)
    text = luminance(rgb(BODY_COLOUR)) + 0.05
    for left, top, right, bottom in WORDS:
        box = (int(left * 140), int(top * 99), int(right * 140), int(bottom * 99))
        raw = small.crop(box).tobytes()
        pixels = list(zip(raw[0::3], raw[1::3], raw[2::3], strict=True))
        dark = sum((luminance(pixel) + 0.05) / text < ENOUGH_CONTRAST for pixel in pixels)
        if dark > len(pixels) * MOST_DARK:
            raise PictureError(
                _("Words would not be read: the picture is too dark where they stand.")
            )


def _as_form(picture: Image.Image) -> bytes:
    """A page whose content is `q /Bg Do Q`, as the artworks that are shipped."""
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=88, optimize=True, subsampling=0)
    with pikepdf.new() as result:
        image = pikepdf.Stream(
            result, jpeg.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image,
            Width=picture.width, Height=picture.height, BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        form = pikepdf.Stream(
            result, b"q %.2f 0 0 %.2f 0 0 cm /Im Do Q" % A4, Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form, BBox=pikepdf.Array([0, 0, *A4]),
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image)),
        )  # fmt: skip
        page = result.add_blank_page(page_size=A4)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Bg=form))
        page.Contents = pikepdf.Stream(result, b"q /Bg Do Q")
        buffer = io.BytesIO()
        result.save(buffer, deterministic_id=True, compress_streams=True)
    return buffer.getvalue()
