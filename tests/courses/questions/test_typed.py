"""What an author types becomes a question, and comes back as typed."""

import pytest

from courses.questions import QuestionError, parse_typed, write_typed
from tests.factories.quizzes import KINDS


@pytest.mark.parametrize(("kind", "stem", "typed"), KINDS, ids=[kind for kind, *_rest in KINDS])
def test_what_is_written_back_is_read_as_the_same(kind, stem, typed):
    question = parse_typed(kind, stem, typed)
    again = parse_typed(kind, stem, write_typed(question))
    assert again == question | {"explanation": ""}


def test_shares_and_feedback_are_read():
    question = parse_typed("multiple", "Chọn", "* [50] a\n# Tốt.\n* [50] b\n- [-25%] c\n> Vì.")
    assert question["choices"] == [
        {"text": "a", "right": True, "fraction": "0.5", "feedback": "Tốt."},
        {"text": "b", "right": True, "fraction": "0.5", "feedback": ""},
        {"text": "c", "right": False, "fraction": "-0.25", "feedback": ""},
    ]
    assert question["explanation"] == "Vì."


def test_gaps_of_three_kinds_are_read():
    kind, stem, typed = KINDS[7]
    parts = parse_typed(kind, stem, typed)["parts"]
    assert [part if isinstance(part, str) else part["kind"] for part in parts] == [
        "Thủ phủ là ", "short_answer", ", lập năm ", "numerical", ", bởi ", "choice", ".",
    ]  # fmt: skip
    assert parts[3]["weight"] == 2


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("choice", ""),
        ("true_false", "có lẽ"),
        ("true_false", ""),
        ("numerical", "ba"),
        ("matching", "một và hai"),
        ("ordering", "một"),
        ("gap_fill", "không có chỗ trống"),
        ("gap_fill", "{}"),
        ("short_answer", "# chỉ có nhận xét"[:0]),
    ],
)
def test_what_cannot_be_read_is_refused(kind, typed):
    with pytest.raises(QuestionError):
        parse_typed(kind, "Hỏi?", typed)
