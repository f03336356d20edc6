"""What a course needs, decided from values alone."""

from decimal import Decimal

import pytest

from courses.readiness import OutlineSize, requirements, unmet

WHOLE = {
    "topic": "digital_skills",
    "hours": Decimal(3),
    "audiences": ["official"],
    "completion": "everything",
    "legal_bases": 1,
    "tasks": ["security"],
    "outline": OutlineSize(1, 0),
}


def missing(**changes: object) -> list[str]:
    return [requirement.field for requirement in unmet(requirements(**WHOLE | changes))]


def test_a_whole_course_lacks_nothing():
    assert missing() == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"topic": ""}, ["topic"]),
        ({"hours": None}, ["hours"]),
        ({"audiences": []}, ["audiences"]),
        ({"completion": ""}, ["completion"]),
        ({"legal_bases": 0}, ["legal_bases"]),
        ({"outline": OutlineSize(0, 0)}, ["outline"]),
        ({"outline": OutlineSize(0, 1)}, []),
        ({"completion": "quizzes"}, ["outline"]),
        ({"completion": "quizzes", "outline": OutlineSize(0, 1)}, []),
    ],
)
def test_each_missing_thing_is_named(changes, fields):
    assert missing(**changes) == fields


def test_an_empty_course_lacks_everything_in_the_order_of_the_form():
    nothing = {
        "topic": "",
        "hours": None,
        "audiences": [],
        "completion": "",
        "legal_bases": 0,
        "tasks": [],
        "outline": OutlineSize(0, 0),
    }
    assert missing(**nothing) == [
        "topic",
        "hours",
        "completion",
        "audiences",
        "legal_bases",
        "outline",
    ]


def test_tasks_of_the_plan_are_advice():
    [advice] = [one for one in requirements(**WHOLE | {"tasks": []}) if not one.met]
    assert (advice.field, advice.is_advice) == ("tasks", True)
