"""A paper says exactly what it was given, the same way every time, or is not printed."""

import io
import logging
import os
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.utils import translation
from reportlab import rl_config

from certificates import pdf as renderer
from certificates.art.draw_background import draw, wrapped
from certificates.layout import BACKGROUND, COLUMN_BOTTOM, arranged
from certificates.looks import LOTUS
from certificates.pdf import Paper, Unprintable, render_paper

ROOT = Path(renderer.__file__).parents[1]

PAPER = Paper(
    kind_title="GIẤY CHỨNG NHẬN HOÀN THÀNH KHÓA HỌC",
    governing_body="ỦY BAN NHÂN DÂN TỈNH NGHỆ AN",
    issuing_body="SỞ KHOA HỌC VÀ CÔNG NGHỆ",
    full_name="Nguyễn Thị Ánh Nguyệt",
    birth_date=date(1990, 4, 5),
    unit="Văn phòng UBND xã Quỳnh Lưu",
    course_title="Kỹ năng số cơ bản cho cán bộ, công chức, viên chức",
    hours=Decimal("24.0"),
    study_form="Trực tuyến",
    result="Đạt (92/100)",
    started_on=date(2026, 3, 1),
    completed_on=date(2026, 3, 28),
    decision_number="123/QĐ-SKHCN",
    decision_date=date(2026, 4, 2),
    place="Nghệ An",
    issued_on=date(2026, 4, 5),
    signer_title="GIÁM ĐỐC",
    signer_name="Trần Quốc Thành",
    serial="NA-2026-000123",
    code="7KQ4M2XD9RTBW",
    verify_url="HTTPS://HOC.NGHEAN.EXAMPLE/X/7KQ4M2XD9RTBW",
)
LONG_NAME = "Tôn Nữ Công Huyền Nguyễn Phước Thị Hương Quỳnh Nguyệt"
LONG_UNIT = (
    "Trung tâm Hỗ trợ khởi nghiệp đổi mới sáng tạo và Chuyển đổi số, Sở Khoa học và "
    "Công nghệ tỉnh Nghệ An, khối các đơn vị sự nghiệp"
)
LONG_COURSE = (
    "Bồi dưỡng kỹ năng số nâng cao, an toàn thông tin và ứng dụng trí tuệ nhân tạo trong "
    "giải quyết thủ tục hành chính dành cho cán bộ, công chức cấp xã"
)


def lines_of(pdf: bytes) -> list[str]:
    """The lines of text on the one page, as a reader's machine extracts them."""
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        text = document[0].get_textpage().get_text_range()
    return [line.strip() for line in text.splitlines() if line.strip()]


def words_of(pdf: bytes) -> str:
    return " ".join(lines_of(pdf))


def reason_for(**changes: object) -> str:
    with pytest.raises(Unprintable) as refused, translation.override("en"):
        render_paper(replace(PAPER, **changes))
    return refused.value.reason


def test_paper_holds_every_word_exactly():
    assert sorted(lines_of(render_paper(PAPER))) == sorted(
        [
            "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN",
            "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "GIẤY CHỨNG NHẬN",
            "HOÀN THÀNH KHÓA HỌC",
            "Cấp cho ông/bà",
            "Nguyễn Thị Ánh Nguyệt",
            "Sinh ngày 05/04/1990 · Văn phòng UBND xã Quỳnh Lưu",
            "Đã hoàn thành khóa học",
            "Kỹ năng số cơ bản cho cán bộ, công chức, viên chức",
            "Thời lượng 24 giờ · Hình thức: Trực tuyến · Kết quả: Đạt (92/100)",
            "Từ ngày 01/03/2026 đến ngày 28/03/2026",
            "Theo Quyết định số 123/QĐ-SKHCN ngày 02 tháng 4 năm 2026",
            "Số vào sổ: NA-2026-000123",
            "Mã tra cứu: 7KQ4-M2XD-9RTB-W",
            "Tra cứu tại hoc.nghean.example/x",
            "Nghệ An, ngày 05 tháng 4 năm 2026",
            "GIÁM ĐỐC",
            "Trần Quốc Thành",
        ]
    )


@pytest.mark.parametrize(
    "name",
    [
        LONG_NAME,
        "Lữ Thị Ươm",
        "Đặng Quỳnh Hương",
        "Vừ Bá Xồng",
        "Y Ơ Đu",
        "Hoàng Thị Ngọc Ẩn",
    ],
)
def test_names_extract_exactly(name):
    assert name in lines_of(render_paper(replace(PAPER, full_name=name)))


def test_longest_realistic_texts_fit_together():
    paper = replace(
        PAPER,
        full_name=LONG_NAME,
        unit=LONG_UNIT,
        course_title=LONG_COURSE,
        governing_body="SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH NGHỆ AN",
        issuing_body="TRUNG TÂM HỖ TRỢ KHỞI NGHIỆP ĐỔI MỚI SÁNG TẠO VÀ CHUYỂN ĐỔI SỐ",
        study_form="Trực tuyến kết hợp trực tiếp",
        signer_title="KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC",
    )
    words = words_of(render_paper(paper))
    assert LONG_NAME in words
    assert LONG_UNIT in words
    assert LONG_COURSE in words


def test_usual_name_gives_way_to_a_long_unit_and_course():
    words = words_of(render_paper(replace(PAPER, unit=LONG_UNIT, course_title=LONG_COURSE)))
    assert PAPER.full_name in words
    assert LONG_COURSE in words


@pytest.mark.parametrize("name", ["Lữ Thị Ươm", PAPER.full_name, LONG_NAME])
@pytest.mark.parametrize("birth_date", [None, PAPER.birth_date])
@pytest.mark.parametrize("letters", range(0, 156, 12))
@pytest.mark.parametrize("heading_en", ["", "CERTIFICATE OF COMPLETION"])
def test_every_length_of_unit_and_course_finds_its_place(name, birth_date, letters, heading_en):
    text = ("Tập huấn " * 20)[:letters]
    for unit, course in (
        (text, LONG_COURSE),
        (LONG_UNIT, text or "K"),
        (text, text or "K"),
    ):
        paper = replace(
            PAPER, full_name=name, birth_date=birth_date, unit=unit, course_title=course
        )
        look = replace(LOTUS, heading_en=heading_en)
        tops = [float(top) for top in arranged(paper, look)["tops"].values()]
        assert tops == sorted(tops)
        assert tops[-1] + 15 <= COLUMN_BOTTOM


def test_nothing_is_printed_for_what_is_not_known():
    bare = replace(PAPER, birth_date=None, unit="", governing_body="", study_form="", result="")
    lines = lines_of(render_paper(bare))
    assert "Thời lượng 24 giờ" in lines
    assert not [line for line in lines if "Sinh ngày" in line or "None" in line or "·" in line]


def test_rule_follows_the_lines_of_the_heading():
    alone = arranged(replace(PAPER, governing_body=""))["issuing_rule"]
    assert float(arranged(PAPER)["issuing_rule"]) == float(alone) + 14


def test_one_day_course_names_its_day_once():
    lines = lines_of(render_paper(replace(PAPER, started_on=PAPER.completed_on)))
    assert "Ngày 28/03/2026" in lines


def test_hours_are_written_as_in_vietnam():
    assert "Thời lượng 120,5 giờ" in words_of(render_paper(replace(PAPER, hours=Decimal("120.50"))))
    assert "Thời lượng 100 giờ" in words_of(render_paper(replace(PAPER, hours=Decimal(100))))


def test_deputy_signs_under_the_principal():
    lines = lines_of(render_paper(replace(PAPER, signer_title="KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC")))
    assert {"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"} <= set(lines)


def test_all_fonts_are_embedded_and_no_other_named():
    with pikepdf.open(io.BytesIO(render_paper(PAPER))) as document:
        fonts = list(document.pages[0].Resources.Font.values())
        assert {str(font.BaseFont).partition("+")[2] for font in fonts} == {
            "BeVietnamPro-Regular",
            "BeVietnamPro-SemiBold",
            "CormorantGaramond-Bold",
            "Charm-Bold",
        }
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_document_says_its_language_title_and_author():
    with pikepdf.open(io.BytesIO(render_paper(PAPER))) as document:
        assert str(document.Root.Lang) == "vi"
        assert str(document.docinfo["/Title"]) == f"{PAPER.kind_title} {PAPER.serial}"
        assert str(document.docinfo["/Author"]) == PAPER.issuing_body


@pytest.mark.parametrize("scale", [1.5, 4])
def test_qr_decodes_to_the_verification_address(scale):
    with pypdfium2.PdfDocument(render_paper(PAPER)) as document:
        picture = document[0].render(scale=scale).to_pil()
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [PAPER.verify_url]


def test_page_is_a4_landscape_with_the_frame_to_its_edges():
    with pypdfium2.PdfDocument(render_paper(PAPER)) as document:
        assert [round(side) for side in document[0].get_size()] == [842, 595]
        picture = document[0].render(scale=1).to_pil().convert("RGB")
    for place in ((421, 23), (421, 572), (23, 298), (819, 298)):
        assert picture.getpixel(place) == (0x16, 0x32, 0x5F)


def test_same_paper_gives_the_same_bytes_whatever_came_between():
    first = render_paper(PAPER)
    render_paper(replace(PAPER, full_name="Lữ Thị Ươm"))
    assert render_paper(PAPER) == first


def test_same_paper_gives_the_same_bytes_in_another_process():
    script = (
        "import sys, hashlib, django\n"
        "from django.conf import settings\n"
        "settings.configure(USE_I18N=False, TEMPLATES=[{'BACKEND': "
        "'django.template.backends.django.DjangoTemplates', 'DIRS': [sys.argv[1]]}])\n"
        "django.setup()\n"
        "from tests.certificates.test_pdf import PAPER\n"
        "from certificates.pdf import render_paper\n"
        "sys.stdout.buffer.write(render_paper(PAPER))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Ho_Chi_Minh"}
    other = subprocess.run(
        [sys.executable, "-c", script, str(ROOT / "templates")],
        capture_output=True, check=True, cwd=ROOT, env=environment,
    )  # fmt: skip
    assert other.stdout == render_paper(PAPER)


def test_decomposed_text_prints_like_composed():
    texts = {name: value for name, value in vars(PAPER).items() if isinstance(value, str)}
    decomposed = {name: unicodedata.normalize("NFD", text) for name, text in texts.items()}
    assert decomposed != texts
    assert render_paper(replace(PAPER, **decomposed)) == render_paper(PAPER)


def test_language_of_the_officer_does_not_change_the_paper():
    with translation.override("vi"):
        in_vietnamese = render_paper(PAPER)
    with translation.override("en"):
        assert render_paper(PAPER) == in_vietnamese


def test_reportlab_settings_are_put_back():
    before = (
        rl_config.invariant,
        rl_config.canvas_basefontname,
        rl_config.ttfAsciiReadable,
    )
    render_paper(PAPER)
    assert (
        rl_config.invariant, rl_config.canvas_basefontname, rl_config.ttfAsciiReadable,
    ) == before  # fmt: skip


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=file:///etc/passwd>",
        '<pdf:insertpdf src="/etc/passwd">',
        "</div><script>alert(1)</script>",
        "{{ settings.SECRET_KEY }}",
        "a & b < c",
    ],
)
def test_markup_in_a_name_is_only_text(hostile):
    assert hostile in lines_of(render_paper(replace(PAPER, full_name=hostile)))


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Nguyễn \u202eVăn A", "U+202E"),
        ("Nguyễn\u200dVăn A", "U+200D"),
        ("Nguyễn Văn A \U0001f338", "U+1F338"),
        ("\u1781\u1798", "U+1781"),
        ("Nguyễn\nVăn A", "U+000A"),
    ],
)
def test_name_with_unprintable_letter_is_refused_and_the_letter_named(name, letter):
    assert reason_for(full_name=name) == (
        f"Full name holds a character that cannot be printed ({letter}): "
        "type it again with Vietnamese letters."
    )


@pytest.mark.parametrize("name", ["Nguyễn " * 28 + "Anh", "W" * 99, "Ng" * 100])
def test_name_that_cannot_fit_is_refused(name):
    assert reason_for(full_name=name) == (
        "Full name is too long for the paper: shorten it, then issue again."
    )


@pytest.mark.parametrize(
    "field",
    ["kind_title", "issuing_body", "full_name", "course_title", "decision_number", "place",
     "signer_title", "signer_name", "serial"],
)  # fmt: skip
def test_empty_fact_is_refused(field):
    assert reason_for(**{field: " "}).endswith("is empty: fill it in, then issue again.")


@pytest.mark.parametrize("field", [name for name, v in vars(PAPER).items() if isinstance(v, str)])
def test_no_text_reaches_the_paper_unchecked(field):
    """Every text field, also one added later, must pass the typesetter."""
    assert reason_for(**{field: getattr(PAPER, field) + "\u202e"})
    assert reason_for(**{field: "Mở " * 150})


@pytest.mark.parametrize(
    "address",
    [
        "https://hoc.nghean.example/x/7KQ4M2XD9RTBW",
        "HTTPS://HOC.NGHEAN.EXAMPLE/X/7KQ4M2XD9RTBX",
    ],
)
def test_address_that_does_not_match_the_code_is_refused(address):
    assert "ask the administrator" in reason_for(verify_url=address)


@pytest.mark.parametrize("missing", [BACKGROUND, *renderer.FACES], ids=lambda path: path.name)
def test_missing_artwork_or_font_is_refused_loudly(missing, monkeypatch, caplog):
    is_file = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda path: path != missing and is_file(path))
    assert reason_for() == (
        f"The file {missing.name} is missing on the server: ask the administrator to restore it."
    )
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]


def test_paper_without_its_background_is_refused_after_drawing(monkeypatch, tmp_path):
    monkeypatch.setattr(renderer, "refuse_missing_assets", lambda _look: None)
    lost = replace(LOTUS, background=tmp_path / "lost.pdf")
    with pytest.raises(Unprintable) as refused, translation.override("en"):
        render_paper(PAPER, lost)
    assert refused.value.reason.startswith("The certificate could not be drawn completely")


def test_a_complaint_in_the_renderers_log_is_enough_to_refuse(monkeypatch):
    create = renderer.pisa.CreatePDF

    def complaining(*args: object, **options: object) -> object:
        logging.getLogger("xhtml2pdf.context").warning("a letter was left out")
        return create(*args, **options)

    monkeypatch.setattr(renderer.pisa, "CreatePDF", complaining)
    renderers_log = logging.getLogger("xhtml2pdf")
    before = renderers_log.level
    for level in (logging.NOTSET, logging.ERROR):
        renderers_log.setLevel(level)
        try:
            assert reason_for().startswith("The certificate could not be drawn completely")
            assert renderers_log.level == level
        finally:
            renderers_log.setLevel(before)


def test_renderer_whose_log_is_disabled_is_not_trusted():
    logging.disable(logging.CRITICAL)
    try:
        assert reason_for().startswith("The certificate could not be drawn completely")
    finally:
        logging.disable(logging.NOTSET)


def test_art_script_draws_the_committed_background():
    assert wrapped(draw()) == BACKGROUND.read_bytes()


def test_background_is_one_form():
    with pikepdf.open(BACKGROUND) as document:
        (page,) = document.pages
        assert page.Contents.read_bytes() == b"q /Bg Do Q"
        assert list(page.Resources.keys()) == ["/XObject"]
        assert list(page.Resources.XObject.keys()) == ["/Bg"]


def test_paper_stays_light():
    assert len(render_paper(PAPER)) < 100_000


def test_paper_with_an_end_says_until_when_it_is_valid():
    ended = render_paper(replace(PAPER, expires_on=date(2028, 11, 23)))
    assert "Có giá trị đến hết ngày 23/11/2028" in words_of(ended)
    assert "Có giá trị" not in words_of(render_paper(PAPER))
