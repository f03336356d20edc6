"""Grading and progress, as pure functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import is_multiple, is_right, parse_choices, progress, score
from courses.questions import QuestionError

TYPED = "Bấm ngay\n* Hỏi lại người gửi\n- Xóa đi\n> Xem lại bài 1."


def test_choices_are_parsed_as_an_author_types_them():
    assert parse_choices(" Nhận  thư lạ? ", TYPED) == {
        "stem": "Nhận thư lạ?",
        "choices": [
            {"text": "Bấm ngay", "right": False},
            {"text": "Hỏi lại người gửi", "right": True},
            {"text": "Xóa đi", "right": False},
        ],
        "explanation": "Xem lại bài 1.",
    }


@pytest.mark.parametrize(
    ("stem", "typed"),
    [
        ("", "* a\nb"),
        ("Hỏi", "* a"),
        ("Hỏi", "a\nb"),
        ("Hỏi", "* a\n* b"),
        ("Hỏi", "* a\nA"),
    ],
    ids=["no stem", "one choice", "none right", "all right", "twice the same"],
)
def test_a_question_that_cannot_be_asked_is_refused(stem, typed):
    with pytest.raises(QuestionError):
        parse_choices(stem, typed)


def test_a_choice_that_begins_with_a_minus_number_keeps_it():
    assert parse_choices("Âm?", "-5 độ\n* 5 độ")["choices"][0]["text"] == "-5 độ"


def test_only_all_right_choices_and_no_wrong_one_are_right():
    question = parse_choices("Chọn hai", "* a\n* b\nc")
    assert is_multiple(question)
    assert [is_right(question, chosen) for chosen in ([0, 1], [1, 0], [0], [0, 1, 2], [])] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_score_is_rounded_down_and_counts_what_was_left_out_as_wrong():
    question = parse_choices("Hỏi", "* a\nb")
    assert score([question] * 3, {"0": [0], "1": [0]}) == 66


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 40)))
def test_progress_stays_within_0_and_100_and_reaches_100_only_when_all_is_done(required, done):
    percent = progress(required, done)
    assert 0 <= percent <= 100
    assert (percent == 100) == bool(required and required <= done)


@given(st.sets(st.integers(0, 30), min_size=1), st.sets(st.integers(0, 30)), st.integers(0, 30))
def test_progress_never_falls_by_doing_more(required, done, more):
    assert progress(required, done | {more}) >= progress(required, done)
