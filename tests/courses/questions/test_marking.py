"""Marks of every kind of question."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.questions import feedback, grade, options, validate

COMMON = {"stem": "Hỏi gì?", "stem_html": "", "explanation": ""}
CHOICE = COMMON | {
    "kind": "choice",
    "choices": [
        {"text": "Vinh", "right": True, "fraction": "1", "feedback": "Đúng rồi."},
        {"text": "Cửa Lò", "right": False, "fraction": "0.5"},
        {"text": "Huế", "right": False, "fraction": "-0.33"},
    ],
}
MULTIPLE = COMMON | {
    "kind": "multiple",
    "choices": [
        {"text": "a", "right": True},
        {"text": "b", "right": True},
        {"text": "c", "right": False},
    ],
}
THIRDS = COMMON | {
    "kind": "multiple",
    "choices": [
        {"text": "a", "right": True, "fraction": "0.33333"},
        {"text": "b", "right": True, "fraction": "0.33333"},
        {"text": "c", "right": True, "fraction": "0.33333"},
        {"text": "d", "right": False, "fraction": "-0.5"},
    ],
}
TRUE_FALSE = COMMON | {
    "kind": "true_false",
    "right": False,
    "feedback_true": "Đọc lại điều 3.",
    "feedback_false": "",
}
SHORT = COMMON | {
    "kind": "short_answer",
    "fold": True,
    "accepted": [
        {"text": "mật khẩu*", "fraction": "1", "feedback": ""},
        {"text": "mã pin", "fraction": "0.5", "feedback": "Gần đúng."},
        {"text": "*", "fraction": "0", "feedback": "Chưa đúng."},
    ],
}
EXACT = SHORT | {"fold": False, "accepted": [{"text": r"C\*", "fraction": "1"}]}
NUMBER = COMMON | {
    "kind": "numerical",
    "accepted": [
        {"value": "3.14", "tolerance": "0.01", "fraction": "1"},
        {"value": "3", "tolerance": "0.2", "fraction": "0.5"},
    ],
}
MATCHING = COMMON | {
    "kind": "matching",
    "pairs": [
        {"left": "ếch", "right": "lưỡng cư"},
        {"left": "mèo", "right": "thú"},
        {"left": "sa giông", "right": "lưỡng cư"},
    ],
    "extra": ["chim"],
}
ORDERING = COMMON | {"kind": "ordering", "items": ["một", "hai", "ba", "bốn"]}
GAPS = COMMON | {
    "kind": "gap_fill",
    "parts": [
        "Thủ phủ là ",
        {"kind": "short_answer", "fold": True, "accepted": [{"text": "Vinh", "fraction": "1"}]},
        ", lập năm ",
        {"kind": "numerical", "accepted": [{"value": "1788", "tolerance": "0"}], "weight": 2},
        " bởi ",
        {
            "kind": "choice",
            "choices": [
                {"text": "Quang Trung", "right": True},
                {"text": "Gia Long", "right": False},
            ],
        },
    ],
}
ESSAY = COMMON | {"kind": "essay", "guidance": ""}
OLD = {
    "stem": "Cũ",
    "choices": [
        {"text": "a", "right": True},
        {"text": "b", "right": True},
        {"text": "c", "right": False},
    ],
    "explanation": "",
}
EVERY = [
    CHOICE, MULTIPLE, THIRDS, TRUE_FALSE, SHORT, EXACT, NUMBER, MATCHING, ORDERING, GAPS,
    ESSAY, OLD,
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "answer", "mark"),
    [
        (CHOICE, [0], "1"),
        (CHOICE, [1], "1/2"),
        (CHOICE, [2], "0"),
        (CHOICE, [0, 1], "0"),
        (MULTIPLE, [0, 1], "1"),
        (MULTIPLE, [0], "1/2"),
        (MULTIPLE, [0, 1, 2], "1/2"),
        (MULTIPLE, [2], "0"),
        (MULTIPLE | {"all_or_nothing": True}, [0], "0"),
        (THIRDS, [0, 1, 2], "1"),
        (THIRDS, [0, 1, 3], "1/6"),
        (TRUE_FALSE, [0], "1"),
        (TRUE_FALSE, [1], "0"),
        (SHORT, " MAT KHAU  mạnh ", "1"),
        (SHORT, "Mã PIN", "1/2"),
        (SHORT, "khóa", "0"),
        (EXACT, "C*", "1"),
        (EXACT, "CD", "0"),
        (EXACT, "c*", "0"),
        (NUMBER, "3,14", "1"),
        (NUMBER, "3.15", "1"),
        (NUMBER, "3,2", "1/2"),
        (NUMBER, "4", "0"),
        (MATCHING, [0, 1, 0], "1"),
        (MATCHING, [0, 2, 0], "2/3"),
        (MATCHING, [None, -1, 0], "1/3"),
        (ORDERING, [0, 1, 2, 3], "1"),
        (ORDERING, [1, 0, 2, 3], "1/2"),
        (ORDERING, [0, 0, 0, 0], "0"),
        (GAPS, ["vinh", "1788", 0], "1"),
        (GAPS, ["", "1.788", 1], "1/2"),
        (ESSAY, "", "0"),
        (OLD, [0, 1], "1"),
        (OLD, [0], "0"),
    ],
)
def test_a_mark_is_the_exact_part_that_is_right(question, answer, mark):
    assert grade(question, answer) == Fraction(mark)


def test_an_essay_waits_for_its_marker():
    assert grade(ESSAY, "Tôi nghĩ rằng…") is None


@pytest.mark.parametrize("question", EVERY)
def test_every_question_of_this_page_can_be_asked(question):
    validate(question)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=2),
)


@given(st.sampled_from(EVERY), JSON)
def test_no_answer_breaks_the_marking(question, answer):
    mark = grade(question, answer)
    assert mark is None or 0 <= mark <= 1


def test_what_the_author_says_to_an_answer_is_said_once():
    assert feedback(CHOICE, [0]) == ["Đúng rồi."]
    assert feedback(TRUE_FALSE, [1]) == ["Đọc lại điều 3."]
    assert feedback(SHORT, "khóa") == ["Chưa đúng."]
    assert feedback(MULTIPLE, [0, 1]) == []


def test_a_matching_question_offers_each_text_once():
    assert options(MATCHING) == ["lưỡng cư", "thú", "chim"]
