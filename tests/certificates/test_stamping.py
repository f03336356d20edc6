"""A stamped paper shows what it shows drawn in full: to the letter, to the dot, or is not stamped.

The tolerance: no colour of any dot at 100 dots an inch differs by more than 8 of 255 in pdfium,
and by nothing at all in poppler.
"""

import hashlib
import io
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pikepdf
import pypdf
import pypdfium2
import pytest
import zxingcpp
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from certificates import stamping
from certificates.choices import Accent
from certificates.designs import look_of
from certificates.layout import NAME_FONT, SLOTS
from certificates.models import Design
from certificates.papers import KIND_TITLES
from certificates.pdf import Unprintable, render_paper
from certificates.pictures import artwork_of
from certificates.stamping import Unstampable, stamp
from certificates.typesetting import face
from tests.certificates.test_hostile_names import DECOMPOSED, PRINTED, REFUSED
from tests.certificates.test_pdf import LONG_COURSE, LONG_NAME, LONG_UNIT, PAPER, ROOT
from tests.factories.designs import picture

DOTS = 100
TOLERANCE = 8
POPPLER = shutil.which("pdftoppm") and shutil.which("pdftotext")

NAMES = {
    "longest": LONG_NAME,
    "short": "Y Ơ Đu",
    "marks": "Hoàng Thị Ngọc Ẩn",
    "mark of the stamper": "Nguyễn `full_name_0` Hoa",
    "decomposed": DECOMPOSED,
} | PRINTED
CHANGES = {
    "as it is": {},
    "no day of birth": {"birth_date": None},
    "no unit": {"unit": ""},
    "valid to a day": {"expires_on": date(2028, 11, 23)},
    "neither": {"birth_date": None, "unit": ""},
    "unit on a line of its own": {"unit": "Trung tâm Chuyển đổi số và Đổi mới sáng tạo, " * 2},
    "unit on two lines": {"unit": LONG_UNIT},
    "course on two lines": {"course_title": LONG_COURSE},
    "both on two lines": {"unit": LONG_UNIT, "course_title": LONG_COURSE, "full_name": LONG_NAME},
    "one day": {"started_on": PAPER.completed_on},
    "no form, no result": {"study_form": "", "result": ""},
    "no body above": {"governing_body": ""},
    "a body on two lines": {
        "issuing_body": "TRUNG TÂM HỖ TRỢ KHỞI NGHIỆP ĐỔI MỚI SÁNG TẠO VÀ CHUYỂN ĐỔI SỐ"
    },
    "half hours": {"hours": Decimal("120.50")},
    "deputy": {"signer_title": "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC"},
    "day with zeros": {"issued_on": date(2026, 2, 1)},
    "widest serial": {"serial": "NA-CC-2026-000123"},
    **{kind: {"kind_title": title} for kind, title in KIND_TITLES.items()},
}
DESIGNS = {
    "lotus": {},
    "drum in English": {
        "artwork": "drum", "accent": "jade", "heading_en": "CERTIFICATE OF COMPLETION",
    },
    "bare": {
        "artwork": "drum", "shows_birth_date": False, "shows_unit": False, "shows_result": False,
        "shows_period": False,
    },
}  # fmt: skip


def look(name):
    return look_of(Design(**DESIGNS[name]))


def shown(pdf: bytes, scale: float = DOTS / 72) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[0].render(scale=scale).to_pil().convert("RGB")


def read(pdf: bytes) -> tuple[str, list[str]]:
    """What two libraries that know nothing of each other read."""
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        words = document[0].get_textpage().get_text_range()
    lines = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().splitlines()
    return words, [line.strip() for line in lines if line.strip()]


def differs_by(one: Image.Image, other: Image.Image) -> int:
    assert one.size == other.size
    return max(most for _least, most in ImageChops.difference(one, other).getextrema())


def assert_equal(paper, appearance) -> bytes:
    full, stamped = render_paper(paper, appearance), stamp(paper, appearance, prove=True)
    assert stamped != full
    assert read(stamped) == read(full)
    assert differs_by(shown(stamped), shown(full)) <= TOLERANCE
    return stamped


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_stamped_paper_shows_what_is_drawn_in_full(change, design):
    assert_equal(replace(PAPER, **change), look(design))


@pytest.mark.parametrize("design", ["lotus", "drum in English"])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_every_name_is_stamped_to_the_letter(name, design):
    assert_equal(replace(PAPER, full_name=name), look(design))


@pytest.mark.parametrize("accent", Accent)
def test_every_colour_of_the_palette_is_the_same(accent):
    assert_equal(PAPER, look_of(Design(artwork="drum", accent=accent)))


def test_a_picture_of_a_providers_own_lies_behind_it(db):
    design = Design(artwork="uploaded", accent="plum")
    pdf, fingerprint = artwork_of(picture())
    design.keep_picture(ContentFile(pdf), fingerprint)
    assert_equal(PAPER, look_of(design))


LETTERS = "".join(
    sorted(chr(at) for at in face(NAME_FONT).glyphs() if chr(at).isalpha() or chr(at) in " '-.&<")
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@example(name=LETTERS.replace(" ", "")[:60])
@example(name=LETTERS.replace(" ", "")[60:120])
@example(name=LETTERS.replace(" ", "")[120:180])
@example(name=LETTERS.replace(" ", "")[180:])
@given(name=st.text(LETTERS, min_size=1, max_size=60))
def test_any_letters_that_the_font_has_are_the_same(name):
    try:
        full = render_paper(replace(PAPER, full_name=name))
    except Unprintable:
        return
    stamped = stamp(replace(PAPER, full_name=name), prove=True)
    # Where letters stand like "&'-.<", pdfium sees a break in what the renderer wrote in pieces.
    assert "".join(read(stamped)[0].split()) == "".join(read(full)[0].split())
    assert differs_by(shown(stamped), shown(full)) <= TOLERANCE


@pytest.mark.skipif(not POPPLER, reason="needs pdftotext, pdftoppm: apt-get install poppler-utils")
@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(
    "change", [{}, {"full_name": LONG_NAME, "unit": LONG_UNIT}, {"full_name": PRINTED["markup"]}]
)
def test_poppler_reads_and_shows_not_one_letter_and_dot_differently(change, design, tmp_path):
    paper, appearance = replace(PAPER, **change), look(design)
    full, stamped = tmp_path / "full.pdf", tmp_path / "stamped.pdf"
    full.write_bytes(render_paper(paper, appearance))
    stamped.write_bytes(stamp(paper, appearance))
    for command in (
        ["pdftotext"],
        ["pdftotext", "-layout"],
        ["pdftotext", "-raw"],
        ["pdftoppm", "-r", str(DOTS)],
    ):
        target = ["-"] if command[0] == "pdftotext" else []
        wanted, got = (
            subprocess.run([*command, file, *target], capture_output=True, check=True).stdout
            for file in (full, stamped)
        )
        assert (got == wanted, bool(got)) == (True, True), command


OWN_FACTS = {
    "full_name": "Lữ Thị Ươm",
    "birth_date": date(2001, 12, 31),
    "unit": "UBND phường Trường Vinh",
    "result": "Đạt (7/100)",
    "started_on": date(2026, 2, 2),
    "completed_on": date(2026, 12, 31),
    "issued_on": date(2027, 11, 11),
    "serial": "NA-2027-999999",
}


def test_page_is_laid_out_once_for_all_that_may_vary():
    stamping._page.cache_clear()
    before = {}
    for at, (field, value) in enumerate(OWN_FACTS.items()):
        before[field] = value
        assert_equal(replace(PAPER, **before), look("lotus"))
        assert stamping._page.cache_info()[1:4:2] == (1, 1), at


def test_same_paper_gives_the_same_bytes_whoever_was_first_on_the_page():
    hoa, uom = PAPER, replace(PAPER, full_name="Lữ Thị Ươm", result="Đạt (7/100)")
    stamping._page.cache_clear()
    first = stamp(hoa, prove=True)
    stamping._page.cache_clear()
    stamp(uom)
    assert stamp(hoa) == first != stamp(uom)


@pytest.mark.parametrize("seed", ["1", "7", "99"])
def test_same_paper_gives_the_same_bytes_in_another_process(seed):
    script = (
        "import sys, django\n"
        "from django.conf import settings\n"
        "settings.configure(USE_I18N=False, TEMPLATES=[{'BACKEND': "
        "'django.template.backends.django.DjangoTemplates', 'DIRS': [sys.argv[1]]}])\n"
        "django.setup()\n"
        "from tests.certificates.test_pdf import PAPER\n"
        "from certificates.stamping import stamp\n"
        "sys.stdout.buffer.write(stamp(PAPER))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Ho_Chi_Minh"}
    other = subprocess.run(
        [sys.executable, "-c", script, str(ROOT / "templates")],
        capture_output=True, check=True, cwd=ROOT, env=environment,
    )  # fmt: skip
    assert hashlib.sha256(other.stdout).digest() == hashlib.sha256(stamp(PAPER)).digest()


@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
def test_what_is_refused_in_full_is_refused_here(name):
    paper = replace(PAPER, full_name=name)
    reasons = []
    for draw in (render_paper, stamp):
        with pytest.raises(Unprintable) as refused:
            draw(paper)
        reasons.append(refused.value.reason)
    assert reasons[0] == reasons[1]


@pytest.mark.parametrize("field", ["course_title", "issuing_body", "signer_name", "place"])
def test_shared_words_with_the_stampers_mark_are_drawn_in_full(field):
    with pytest.raises(Unstampable):
        stamp(replace(PAPER, **{field: "`serial_0`"}))


def test_page_that_does_not_hold_against_the_full_one_is_not_used(monkeypatch, caplog):
    stamping._page.cache_clear()
    other = replace(PAPER, course_title="Khóa học khác")
    monkeypatch.setattr(stamping, "render_paper", lambda _paper, look: render_paper(other, look))
    with pytest.raises(Unstampable):
        stamp(PAPER, prove=True)
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_line_wider_than_its_box_is_drawn_in_full(monkeypatch):
    """The renderer would break it; slots are narrower than boxes, so none is that wide."""
    monkeypatch.setitem(SLOTS, "full_name", replace(SLOTS["full_name"], width=2000))
    with pytest.raises(Unstampable):
        stamp(replace(PAPER, full_name="Nguyễn Thị Hương Quỳnh Giang Nguyệt Ánh " * 2))


def test_all_fonts_are_embedded_as_subsets_and_can_be_read_back():
    with pikepdf.open(io.BytesIO(stamp(PAPER))) as document:
        assert document.check_pdf_syntax() == []
        assert str(document.docinfo["/Title"]) == f"{PAPER.kind_title} {PAPER.serial}"
        assert str(document.docinfo["/Author"]) == PAPER.issuing_body
        assert str(document.Root.Lang) == "vi"
        fonts = list(document.pages[0].Resources.Font.values())
        assert len(fonts) == 4
        for font in fonts:
            tag, _plus, _name = str(font.BaseFont).removeprefix("/").partition("+")
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            assert (len(tag), tag.isupper(), "/ToUnicode" in font) == (6, True, True)
            assert "/FontFile2" in inner.FontDescriptor


def test_file_is_one_clean_revision():
    pdf = stamp(PAPER)
    assert (pdf.count(b"%%EOF"), pdf.count(b"startxref"), pdf.endswith(b"%%EOF\n")) == (1, 1, True)


@pytest.mark.parametrize("design", ["lotus", "drum in English"])
@pytest.mark.parametrize("dots", [100, 150])
@pytest.mark.parametrize("dither", [Image.Dither.NONE, Image.Dither.FLOYDSTEINBERG])
def test_qr_decodes_from_a_print_in_black_and_white(dither, dots, design):
    printed = shown(stamp(PAPER, look(design)), dots / 72).convert("1", dither=dither)
    found = zxingcpp.read_barcodes(printed.convert("L"))
    assert [one.text for one in found] == [PAPER.verify_url]


def test_paper_stays_light():
    assert len(stamp(PAPER)) < 100_000
