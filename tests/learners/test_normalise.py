"""Names sort as a Vietnamese list does; numbers and phones become one form."""

import random
import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from learners.models import Person
from learners.normalise import KEY_LENGTH, given_name, name_key, phone_number, staff_number

IN_ORDER = [
    "An", "Ái", "Ăn", "Ân", "Ấn", "Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Dung", "Dũng", "Đạt", "Hoa",
    "Hòa", "Hỏa", "Hõa", "Hóa", "Họa", "Ơn", "Út", "Ước",
]  # fmt: skip


def test_given_names_sort_by_letters_then_tones():
    # Ái before An: the letters a-i stand before a-n, whatever the mark.
    expected = sorted(IN_ORDER, key=lambda name: (name != "Ái", IN_ORDER.index(name)))
    shuffled = random.Random(1).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(shuffled, key=name_key) == expected


def test_a_list_sorts_by_given_name_then_family_then_middle():
    people = ["Nguyễn Văn An", "Bùi Án", "Lê An", "Nguyễn Thị An", "Trần Bình"]
    assert sorted(people, key=name_key) == [
        "Lê An",
        "Nguyễn Thị An",
        "Nguyễn Văn An",
        "Bùi Án",
        "Trần Bình",
    ]


def test_middle_names_sort_by_all_letters_before_any_tone():
    # As ICU's "vi" collation does: Thị An before Thỉ Thu, although hỏi comes before nặng.
    people = ["Lê Thỉ Thu Hoa", "Lê Thị An Hoa", "Lê Thị Hoa", "Lê Thi An Hoa", "Lê Hoa"]
    assert sorted(people, key=name_key) == [
        "Lê Hoa",
        "Lê Thị Hoa",
        "Lê Thi An Hoa",
        "Lê Thị An Hoa",
        "Lê Thỉ Thu Hoa",
    ]


def test_a_longer_given_name_follows_the_shorter_whatever_the_family():
    people = ["Bùi Văn Anh", "Vũ Văn An", "An", "Vừ Án"]
    assert sorted(people, key=name_key) == ["An", "Vũ Văn An", "Vừ Án", "Bùi Văn Anh"]


@pytest.mark.django_db
def test_the_database_sorts_as_python_does():
    names = [f"Nguyễn Thị {name}" for name in IN_ORDER] + ["Lê An", "Bùi Án"]
    for name in names:
        Person.objects.create(full_name=name)
    assert list(Person.objects.values_list("full_name", flat=True)) == sorted(names, key=name_key)
    assert connection.vendor in ("sqlite", "postgresql")


def test_capitals_decomposed_letters_and_spaces_give_the_same_key():
    assert (
        name_key("NGUYỄN  THỊ HOA")
        == name_key("Nguyễn Thị Hoa")
        == name_key("Nguye\u0302\u0303n Thi\u0323 Hoa")
    )


VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)


@given(st.text(VIETNAMESE + " ", max_size=100))
def test_no_vietnamese_name_is_cut(name):
    assert len(name_key(name)) < KEY_LENGTH


@given(st.lists(st.text(VIETNAMESE, min_size=1, max_size=6), min_size=1, max_size=5))
def test_only_equal_names_have_equal_keys_and_writing_does_not_matter(words):
    name = " ".join(words)
    assert name_key(unicodedata.normalize("NFD", f"  {'   '.join(words)} ".upper())) == name_key(
        name
    )
    other = " ".join([*words[:-1], words[-1] + "a"])
    assert name_key(name) < name_key(other)


@given(st.text(max_size=100))
def test_a_key_is_plain_and_fits_its_column(text):
    key = name_key(text)
    assert len(key) <= KEY_LENGTH
    assert set(key) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


def test_the_given_name_is_the_last_word():
    assert (given_name("Nguyễn Thị Ánh Nguyệt"), given_name("")) == ("Nguyệt", "")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912 345 678", "+84912345678"),
        ("+84 912345678", "+84912345678"),
        ("0912-345-678", "+84912345678"),
        ("12345", ""),
        ("không có", ""),
    ],
)
def test_phones_become_one_form(typed, stored):
    assert phone_number(typed) == stored


def test_staff_numbers_become_one_form():
    assert staff_number(" na 123456 ") == "NA123456"
