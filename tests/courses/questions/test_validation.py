"""Questions that cannot be asked are refused with one sentence."""

import pytest

from courses.questions import QuestionError, validate
from tests.courses.questions.test_marking import (
    CHOICE,
    COMMON,
    GAPS,
    MATCHING,
    MULTIPLE,
    NUMBER,
    ORDERING,
    SHORT,
    TRUE_FALSE,
)

RIGHT, WRONG = {"text": "a", "right": True}, {"text": "b", "right": False}


@pytest.mark.parametrize(
    "question",
    [
        CHOICE | {"stem": " "},
        CHOICE | {"choices": [RIGHT]},
        CHOICE | {"choices": [WRONG, WRONG | {"text": "c"}]},
        CHOICE | {"choices": [RIGHT, RIGHT | {"text": "c"}, WRONG]},
        CHOICE | {"choices": [RIGHT, WRONG | {"text": "A "}]},
        CHOICE | {"choices": [RIGHT, WRONG | {"fraction": "1"}]},
        CHOICE | {"choices": [RIGHT | {"fraction": "0.5"}, WRONG]},
        CHOICE | {"choices": [RIGHT, WRONG | {"fraction": "lots"}]},
        CHOICE | {"choices": [RIGHT, WRONG | {"text": ""}]},
        MULTIPLE | {"choices": [RIGHT | {"fraction": "0.5"}, WRONG | {"fraction": "0"}]},
        MULTIPLE | {"choices": [RIGHT | {"fraction": "1"}, WRONG | {"fraction": "0.5"}]},
        TRUE_FALSE | {"right": None},
        SHORT | {"accepted": []},
        SHORT | {"accepted": [{"text": "a", "fraction": "0.5"}]},
        SHORT | {"accepted": [{"text": " ", "fraction": "1"}]},
        SHORT | {"accepted": [{"text": "a", "fraction": "1"}, {"text": "a", "fraction": "0"}]},
        NUMBER | {"accepted": [{"value": "ba", "fraction": "1"}]},
        NUMBER | {"accepted": [{"value": "3", "tolerance": "-1", "fraction": "1"}]},
        MATCHING | {"pairs": MATCHING["pairs"][:1]},
        MATCHING | {"pairs": [MATCHING["pairs"][0]] * 2},
        MATCHING | {"extra": ["thú"]},
        ORDERING | {"items": ["a"]},
        ORDERING | {"items": ["a", "A"]},
        GAPS | {"parts": ["không có chỗ trống"]},
        GAPS | {"parts": ["a", {"kind": "short_answer", "accepted": [], "fold": True}]},
        GAPS | {"parts": ["a", {"kind": "essay"}]},
        GAPS | {"parts": ["a", GAPS["parts"][1] | {"weight": 0}]},
        COMMON | {"kind": "drawing"},
        COMMON | {"kind": "choice"},
        COMMON | {"kind": "matching", "pairs": "abc"},
        {"kind": "essay"},
    ],
)
def test_a_question_without_one_clear_key_is_refused(question):
    with pytest.raises(QuestionError) as refusal:
        validate(question)
    assert str(refusal.value).endswith(".")
