"""What leaves a bank comes back equal, whatever signs its authors use."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from courses.exports.gift import write_gift
from courses.exports.moodle_xml import write_moodle_xml
from courses.imports.questions.canonical import canonical
from courses.imports.questions.files import read_questions
from courses.imports.questions.parsed import Parsed
from courses.models import Question
from courses.questions import QuestionError, validate

SIGNS = [
    "Thẻ <h1> là gì", "a & b", "&lt;b&gt;", "a  b", "Tệp -> In", "%50%giảm", "[html] thử",
    "{a}", "a=b~c#d", "C:\\new\\tệp", "::x::", "// chú", "$CATEGORY: x", "1. một", "* sao",
    "Nghệ An", "< 5 và > 3", "]x[", "@@PLUGINFILE@@/a.png", "ANSWER: A", "####x", "}", "TRUE",
    "x/y", '"nói"',
]  # fmt: skip
words = st.one_of(st.sampled_from(SIGNS), st.text("ab<>&=~#{}:%[]\\-/*\"' ạđ", min_size=1))
line = words.map(lambda text: " ".join(text.split())).filter(bool)
lines = st.one_of(line, st.just("dòng 1\ndòng 2 < 3"))
said = st.one_of(st.just(""), lines)


def lists(least: int) -> st.SearchStrategy:
    return st.lists(line, min_size=least, max_size=5, unique_by=str.casefold)


def choices(texts: list[str], shares: list[str], feedback: str) -> list[dict]:
    return [
        {"text": text, "right": share > "0", "fraction": share, "feedback": feedback}
        for text, share in zip(texts, shares, strict=False)
    ]


@st.composite
def gap_parts(draw: st.DrawFn) -> list:
    texts, feedback = draw(lists(4)), draw(said)
    gaps = [
        {
            "kind": "short_answer",
            "accepted": [{"text": texts[0], "fraction": "1", "feedback": feedback}],
            "fold": draw(st.booleans()),
            "weight": draw(st.integers(1, 3)),
        },
        {
            "kind": "numerical",
            "accepted": [{"value": "-3.5", "tolerance": "0.5", "fraction": "1"}],
        },
        {"kind": "choice", "choices": choices(texts[1:], ["0", "1", "0.5"], feedback)},
    ]
    gaps[2]["choices"][2]["right"] = False
    return [draw(lines), gaps[0], " và ", gaps[1], gaps[2], draw(line)]


@st.composite
def questions(draw: st.DrawFn) -> dict:
    feedback, texts = draw(said), draw(lists(5))
    typed = [
        {"text": text, "fraction": share, "feedback": feedback}
        for text, share in zip(texts, ["1", "0.5"], strict=False)
    ]
    numbers = [
        {"value": "-3.5", "tolerance": "0.01", "fraction": "1", "feedback": feedback},
        {"value": "*", "tolerance": "0", "fraction": "0", "feedback": draw(said)},
    ]
    kinds = {
        "choice": {"choices": choices(texts, ["1", "0", "0.5"], feedback)},
        "multiple": {"choices": choices(texts, ["0.5", "0.5", "-0.5", "0"], feedback)},
        "true_false": {
            "right": draw(st.booleans()),
            "feedback_true": feedback,
            "feedback_false": draw(said),
        },
        "short_answer": {"accepted": typed, "fold": draw(st.booleans())},
        "numerical": {"accepted": numbers},
        "matching": {
            "pairs": [{"left": a, "right": b} for a, b in [texts[0:2], texts[2:4]]],
            "extra": texts[4:5],
        },
        "ordering": {"items": texts},
        "essay": {"guidance": draw(said)},
        "gap_fill": {"parts": draw(gap_parts())},
    }
    kinds["choice"]["choices"][2]["right"] = False
    kind = draw(st.sampled_from(list(kinds)))
    asked = {"stem": draw(lines), "stem_html": "", "explanation": draw(said)}
    return {"kind": kind, **asked, **kinds[kind]}


def read_back(data: bytes) -> list:
    return [
        canonical(item.question) if isinstance(item, Parsed) else item
        for item in read_questions(data).items
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["gift", "moodle"])
@given(content=questions(), name=line)
def test_question_written_and_read_is_the_same(form, content, name):
    try:
        validate(content)
    except QuestionError:
        assume(False)
    question = Question(content=content, kind=content["kind"], name=name[:255], pk=1)
    question.external_id = "k1"
    written, left_out = write_gift([question]) if form == "gift" else write_moodle_xml([question])
    assume(not left_out)
    data = written if isinstance(written, bytes) else written.encode()
    assert read_back(data) == [canonical(content)]
