"""Typed answers compared."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.questions import clean_html, fraction, numbers_in, text_matches


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("3,14", ["3.14"]),
        ("3.14", ["3.14"]),
        ("1.234", ["1234", "1.234"]),
        ("1.234.567", ["1234567"]),
        ("1.234,5", ["1234.5"]),
        ("1,234.5", ["1234.5"]),
        ("1 234 567", ["1234567"]),
        ("0.500", ["0.500"]),
        ("−5", ["-5"]),
        ("1,5e3", ["1.5e3"]),
        ("2 x 10^3", ["2e3"]),
        (",5", [".5"]),
        ("", []),
        ("ba", []),
        ("1,2,3", []),
        (".", []),
        ("1e9999", []),
        ("9" * 50, []),
    ],
)
def test_a_number_is_read_as_vietnamese_write_it(typed, read):
    assert numbers_in(typed) == tuple(Decimal(number) for number in read)


@given(st.text(max_size=50))
def test_any_text_is_a_number_or_is_not(typed):
    assert all(number.is_finite() for number in numbers_in(typed))


@pytest.mark.parametrize(
    ("pattern", "given_text", "folded", "meets"),
    [
        ("Nghệ An", "nghe an", True, True),
        ("Nghệ An", "Nghe An", False, False),
        ("Nghệ An", "Nghệ  An ", False, True),
        ("*chữ ký*số*", "loại chữ ký điện tử, chữ số", True, True),
        ("a*a", "a", False, False),
        ("5\\*", "5*", False, True),
        ("*", "gì cũng được", False, True),
    ],
)
def test_a_star_stands_for_anything(pattern, given_text, folded, meets):
    assert text_matches(pattern, given_text, folded=folded) is meets


@pytest.mark.parametrize(
    ("typed", "exact"),
    [("0.33333", "1/3"), ("-0.33", "-1/3"), ("0.45", "9/20"), ("0.8333333", "5/6"), ("1", "1")],
)
def test_rounded_fractions_mean_what_was_rounded(typed, exact):
    assert str(fraction(typed)) == exact


def test_html_loses_what_could_act_or_ask_another_host():
    dirty = '<p onclick="x()">a<script>1</script><img src="//xa.example/a.png"><b>b</b></p>'
    cleaned = clean_html(dirty)
    assert cleaned == "<p>a<img><b>b</b></p>"
    assert clean_html(cleaned) == cleaned
