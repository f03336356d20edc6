"""What packages say of themselves, and the author's rules on it."""

import pytest

from courses.package_rules import is_done, score_of


@pytest.mark.parametrize(
    ("kind", "said", "score"),
    [
        ("scorm12", {"core": {"score": {"raw": "80"}}}, 80),
        ("scorm12", {"core": {"score": {"raw": "8", "min": "0", "max": "10"}}}, 80),
        ("scorm12", {"core": {"score": {"raw": ""}}}, None),
        ("scorm12", {"core": {"score": {"raw": "5", "min": "9", "max": "9"}}}, None),
        ("scorm12", {"core": "nonsense"}, None),
        ("scorm2004", {"score": {"scaled": "0.75"}}, 75),
        ("scorm2004", {"score": {"scaled": "-1"}}, 0),
        ("scorm2004", {"score": {"raw": "300", "max": "400"}}, 75),
        ("scorm2004", {"score": {"scaled": "nan"}}, None),
        ("scorm12", {"core": {"score": {"raw": "inf"}}}, None),
        ("h5p", {"raw": 3, "max": 4}, 75),
        ("h5p", {"raw": 0, "max": 0}, None),
        ("h5p", {"raw": [1], "max": {}}, None),
        ("h5p", {}, None),
    ],
)
def test_score_is_a_percentage(kind, said, score):
    assert score_of(kind, said) == score


@pytest.mark.parametrize(
    ("kind", "said", "score", "mastery", "done"),
    [
        ("scorm12", {"core": {"lesson_status": "passed"}}, None, "", True),
        ("scorm12", {"core": {"lesson_status": "completed"}}, 40, "80", False),
        ("scorm12", {"core": {"lesson_status": "incomplete"}}, 90, "80", True),
        ("scorm12", {"core": {"lesson_status": "failed"}}, 90, "", False),
        ("scorm2004", {"completion_status": "completed"}, None, "", True),
        (
            "scorm2004",
            {"completion_status": "completed", "success_status": "failed"},
            None,
            "",
            False,
        ),
        ("scorm2004", {"success_status": "passed"}, None, "", True),
        ("scorm2004", {}, None, "", False),
        ("scorm2004", {"completion_status": "completed"}, 70, "0.8", False),
        ("scorm2004", {"completion_status": "incomplete"}, 80, "0.8", True),
        ("h5p", {"finished": True, "success": False}, 0, "", True),
        ("h5p", {"finished": "yes"}, 100, "", False),
    ],
)
def test_what_counts_as_done(kind, said, score, mastery, done):
    assert is_done(kind, said, score, mastery=mastery) is done


@pytest.mark.parametrize(
    ("rule", "score", "needed", "done"),
    [
        ("said", None, None, True),
        ("passed", 100, None, False),
        ("score", 79, 80, False),
        ("score", 80, 80, True),
        ("score", None, 80, False),
        ("score", 100, None, False),
        ("reader", 100, 1, False),
    ],
)
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("scorm12", {"core": {"lesson_status": "completed"}}),
        ("scorm2004", {"completion_status": "completed"}),
        ("h5p", {"finished": True}),
    ],
)
def test_author_chooses_what_is_enough(kind, said, rule, score, needed, done):
    assert is_done(kind, said, score, rule=rule, needed=needed) is done


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("scorm12", {"core": {"lesson_status": "passed"}}),
        ("scorm2004", {"success_status": "passed"}),
        ("h5p", {"finished": True, "success": True}),
    ],
)
def test_what_was_passed_is_enough_for_the_stricter_rule(kind, said):
    assert is_done(kind, said, None, rule="passed")
