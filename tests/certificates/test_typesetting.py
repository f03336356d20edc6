"""Text that passes the typesetter is in the font and in its slot; all else is refused."""

import unicodedata
from datetime import date
from itertools import product

import pytest

from certificates.layout import (
    BODY_FONT,
    FACES,
    NAME_FONT,
    STRONG_FONT,
    TITLE_FONT,
    long_date,
)
from certificates.typesetting import (
    Block,
    Fault,
    Misfit,
    Slot,
    cleaned,
    face,
    fit,
    stack,
)

TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
VOWELS = "AĂÂEÊIOÔƠUƯYaăâeêioôơuưy"
VIETNAMESE = {unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product(VOWELS, TONES)}
ACCENTED = {letter for letter in VIETNAMESE if not letter.isascii()} | {"Đ", "đ"}
PUNCTUATION = "–—«»“”‘’·…•"
NAME = Slot(NAME_FONT, 300, 40, 20, longest=100)
TITLE = Slot(STRONG_FONT, 300, 20, 12, broken=16)


def fault_of(text: str, slot: Slot = NAME) -> tuple[Fault, str]:
    with pytest.raises(Misfit) as refused:
        fit(text, slot)
    return refused.value.fault, refused.value.letter


@pytest.mark.parametrize("font", FACES, ids=lambda path: path.stem)
def test_every_font_draws_the_whole_vietnamese_alphabet(font):
    assert len(ACCENTED) == 134
    printable_ascii = "".join(map(chr, range(0x20, 0x7F)))
    assert face(font).missing("".join(ACCENTED) + printable_ascii + PUNCTUATION) == ""


def test_width_grows_with_size_and_text():
    body = face(BODY_FONT)
    assert body.width("Nghệ An", 20) == pytest.approx(2 * body.width("Nghệ An", 10))
    assert body.width("Nghệ An", 10) < body.width("Nghệ An.", 10)
    assert body.width("", 10) == 0


def test_decomposed_text_becomes_the_composed():
    decomposed = unicodedata.normalize("NFD", "Nguyễn Thị Ánh Nguyệt")
    assert cleaned(decomposed) == "Nguyễn Thị Ánh Nguyệt"
    assert fit(decomposed, NAME) == fit("Nguyễn Thị Ánh Nguyệt", NAME)


def test_spaces_of_every_kind_become_single_ones():
    assert cleaned("  Lữ\u00a0\u00a0Thị\u2003Ươm ") == "Lữ Thị Ươm"


def test_short_text_keeps_the_largest_size():
    assert fit("Lữ Thị Ươm", NAME).size == 40


def test_long_text_steps_down_in_half_points_and_fits():
    fitted = fit("Nguyễn Thị Ánh Nguyệt Minh", NAME)
    assert 20 <= fitted.size < 40
    assert fitted.size * 2 == int(fitted.size * 2)
    assert face(NAME_FONT).width(fitted.text, fitted.size) <= NAME.width
    assert face(NAME_FONT).width(fitted.text, fitted.size + 0.5) > NAME.width


def test_one_line_slot_refuses_what_would_become_too_small():
    assert fault_of("Nguyễn Thị Ánh Nguyệt " * 4) == (Fault.WIDE, "")


def test_two_line_slot_breaks_before_a_connective_and_never_inside_a_word():
    text = "Ứng dụng trí tuệ nhân tạo trong giải quyết thủ tục"
    fitted = fit(text, TITLE)
    assert fitted.lines == ("Ứng dụng trí tuệ nhân tạo", "trong giải quyết thủ tục")
    assert fitted.text == text
    assert max(face(STRONG_FONT).width(line, fitted.size) for line in fitted.lines) <= TITLE.width


def test_two_line_slot_keeps_one_line_down_to_its_broken_size():
    assert fit("Ứng dụng trí tuệ nhân tạo hơn", TITLE).lines == ("Ứng dụng trí tuệ nhân tạo hơn",)
    assert fit("Ứng dụng trí tuệ nhân tạo trong hành chính", TITLE).size <= 16


def test_a_word_that_cannot_be_broken_is_refused():
    assert fault_of("W" * 60, TITLE) == (Fault.WIDE, "")


def test_text_of_many_letters_is_refused_before_it_is_measured():
    assert fault_of("i" * 101) == (Fault.LONG, "")
    assert fit("i" * 100, Slot(NAME_FONT, 600, 20, 10, longest=100)).text == "i" * 100


def test_empty_text_is_refused_unless_the_slot_may_be_empty():
    assert fault_of("  ") == (Fault.EMPTY, "")
    assert fit(" ", Slot(BODY_FONT, 100, 10, 8, may_be_empty=True)).lines == ()


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("Nguyễn \u202eVăn A", "\u202e"),  # right-to-left override
        ("Nguyễn\u200b Văn A", "\u200b"),  # zero width space
        ("Nguyễn\u00ad Văn A", "\u00ad"),  # soft hyphen
        ("Nguyễn\tVăn A", "\t"),
        ("Nguyễn\nVăn A", "\n"),
        ("Nguyễn\x00Văn A", "\x00"),
        ("Nguyễn Văn A \ue000", "\ue000"),  # private use
        ("Nguyễn Văn A \U0001f338", "\U0001f338"),  # emoji
        ("\u179f\u17bb\u1781", "\u17bb"),  # Khmer: its vowel signs are marks
        ("\u1781", "\u1781"),  # Khmer consonant: not in the font
        ("Nguye\u0302\u0303\u0303n", "\u0303"),  # one tilde too many to compose
        ("Ｎguyễn", "Ｎ"),  # full width
    ],
)
def test_letters_that_would_print_wrongly_are_named(text, letter):
    assert fault_of(text) == (Fault.LETTER, letter)


def test_title_font_refuses_what_only_another_font_has():
    assert face(TITLE_FONT).missing("CHỨNG CHỈ ឃ") == "ឃ"


def test_column_shares_spare_height_by_air():
    assert stack([Block(10, 1), Block(10, 3)], 0, 60, 100) == [10, 50]


def test_column_of_little_text_stays_together_in_the_middle():
    assert stack([Block(10, 1), Block(10, 1)], 0, 100, 5) == [40, 55]


def test_column_too_full_is_refused():
    with pytest.raises(Misfit):
        stack([Block(60, 1), Block(60, 1)], 0, 100, 5)


def test_long_date_has_the_zeros_custom_asks_for():
    assert long_date(date(2026, 4, 5)) == "ngày 05 tháng 4 năm 2026"
    assert long_date(date(2026, 2, 28)) == "ngày 28 tháng 02 năm 2026"
    assert long_date(date(2026, 11, 22)) == "ngày 22 tháng 11 năm 2026"
