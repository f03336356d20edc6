"""Signing adds signatures; a file that shows anything else than the paper is no signed paper."""

import io
from hashlib import sha256

import pytest
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    StreamObject,
    TextStringObject,
    pdf_name,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.stamp import TextStampStyle

from certificates.pdf import render_paper
from certificates.signing import WrongFile, check_signed
from certificates.stamping import stamp
from tests.certificates.test_pdf import PAPER
from tests.factories.signatures import signer

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[render_paper, stamp])
def paper(request):
    return request.param(PAPER)


def signed(pdf, *, field="Chu-ky", change=None, box=None, **choices):
    """Signed with some office's software, which may change more while it is at it."""
    writer, written = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
    if change:
        change(writer)
    style = None
    if box:
        append_signature_field(writer, SigFieldSpec(field, box=box, on_page=0))
        style = TextStampStyle(stamp_text="Ký bởi: Sở")
    metadata = PdfSignatureMetadata(field_name=field, **choices)
    PdfSigner(metadata, signer(), stamp_style=style).sign_pdf(writer, output=written)
    return written.getvalue()


def page_of(writer):
    return writer.root["/Pages"]["/Kids"][0]


def other_words(writer):
    page = page_of(writer)
    words = StreamObject(stream_data=b"BT /F1 40 Tf 90 90 Td (Nguyen Van Khac) Tj ET")
    page["/Contents"] = writer.add_object(words)
    writer.update_container(page)


def note(writer):
    page = page_of(writer)
    drawn = DictionaryObject({pdf_name("/Subtype"): pdf_name("/FreeText")})
    page["/Annots"] = ArrayObject([writer.add_object(drawn)])
    writer.update_container(page)


def other_font(writer):
    fonts = page_of(writer)["/Resources"]["/Font"]
    name = next(iter(fonts))
    fonts[name][pdf_name("/BaseFont")] = pdf_name("/Khac")
    writer.mark_update(fonts.raw_get(name))


def script(writer):
    action = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): TextStringObject("x")}
    writer.root["/OpenAction"] = DictionaryObject(action)
    writer.update_root()


def other_pages(writer):
    writer.root["/Pages"] = writer.add_object(DictionaryObject(dict(writer.root["/Pages"])))
    writer.update_root()


@pytest.mark.parametrize(
    "choices",
    [
        {"subfilter": SigSeedSubFilter.PADES},
        {"subfilter": SigSeedSubFilter.ADOBE_PKCS7_DETACHED},
        {"box": (600, 60, 780, 110)},
        {"certify": True, "docmdp_permissions": MDPPerm.NO_CHANGES},
    ],
    ids=["pades", "older", "visible", "certifying"],
)
def test_signatures_of_every_usual_kind_are_taken(paper, choices):
    content = signed(paper, **choices)
    assert check_signed(content, sha256(paper).hexdigest()).signer.startswith("Sở Khoa học")


def test_two_signers_may_sign_one_after_the_other(paper):
    content = signed(signed(paper, box=(600, 60, 780, 110)), field="Con-dau")
    assert check_signed(content, sha256(paper).hexdigest())


@pytest.mark.parametrize("change", [other_words, note, other_font, script, other_pages])
def test_file_that_begins_with_the_paper_and_shows_something_else_is_refused(paper, change):
    between = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(paper))
    change(writer)
    writer.write(between)
    contents = [
        signed(between.getvalue()),
        signed(paper, change=change),
        signed(signed(paper), field="Lan-hai", change=change),
    ]
    for content in contents:
        assert content.startswith(paper)
        with pytest.raises(WrongFile, match="thay đổi khác ngoài chữ ký"):
            check_signed(content, sha256(paper).hexdigest())
