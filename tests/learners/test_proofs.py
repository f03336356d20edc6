"""What is taken as proof, and what is refused with one sentence."""

import io

import pikepdf
import pytest
from PIL import Image

from learners.proofs import LARGEST_BYTES, ProofError, check_proof
from tests.factories.files import pdf, photo, upload


def test_pdf_is_kept_byte_for_byte():
    content = pdf()
    kept = check_proof(upload(content))
    assert (kept.content, kept.extension, kept.content_type) == (content, "pdf", "application/pdf")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_becomes_a_smaller_jpeg_without_its_notes(kind):
    with Image.open(io.BytesIO(photo(3000, 1000))) as image:
        notes = Image.Exif()
        notes[0x010F] = "a phone that says where it was"
        sent = io.BytesIO()
        image.save(sent, kind, exif=notes)
    kept = check_proof(upload(sent.getvalue(), "anh.jpg"))
    with Image.open(io.BytesIO(kept.content)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (2000, 667), {})


def test_same_file_is_known_again_whatever_its_name():
    content = photo()
    one, two = check_proof(upload(content, "a.jpg")), check_proof(upload(content, "b.png"))
    assert one.fingerprint == two.fingerprint


def script() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "không phải tệp PDF hay ảnh"),
        (b"MZ\x90\x00 a program", "không phải tệp PDF hay ảnh"),
        (b"<svg onload='alert(1)'/>", "không phải tệp PDF hay ảnh"),
        (photo()[:200], "không phải tệp PDF hay ảnh"),
        (pdf()[:60], "bị hỏng"),
        (pdf(pages=21), "hơn 20 trang"),
        (pdf(OpenAction=script()), "mã chạy"),
        (b"%PDF-1.7" + b"0" * LARGEST_BYTES, "lớn hơn 10 MB"),
    ],
    ids=["empty", "program", "svg", "cut photo", "cut pdf", "long pdf", "script", "too big"],
)
def test_file_that_proves_nothing_is_refused(content, words):
    with pytest.raises(ProofError, match=words):
        check_proof(upload(content))


def test_locked_pdf_is_refused():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as made:
        made.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(ProofError, match="đặt mật khẩu"):
        check_proof(upload(out.getvalue()))


def test_program_behind_a_page_is_refused():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as made:
        made.pages[0].obj["/AA"] = pikepdf.Dictionary(O=script())
        made.save(out)
    with pytest.raises(ProofError, match="mã chạy"):
        check_proof(upload(out.getvalue()))


def test_few_bytes_that_unfold_to_many_pixels_are_refused():
    sent = io.BytesIO()
    Image.new("1", (9000, 9000)).save(sent, "PNG")
    assert sent.tell() < 100_000
    with pytest.raises(ProofError, match="điểm ảnh"):
        check_proof(upload(sent.getvalue()))


def test_photo_of_a_good_phone_is_read_at_a_fraction_of_its_size():
    """Of 108 million pixels; those of JPEG need not be unfolded."""
    sent = io.BytesIO()
    Image.new("L", (12000, 9000)).save(sent, "JPEG")
    kept = check_proof(upload(sent.getvalue()))
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.size == (2000, 1500)
