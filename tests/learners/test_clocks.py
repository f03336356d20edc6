"""The law's clocks for people who ask about their own data."""

from datetime import date

import pytest

from learners.choices import SubjectRight
from learners.clocks import DAYS, due_on, extended, first_reply_by


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 23), date(2026, 11, 25)),  # Monday: Wednesday
        (date(2026, 11, 26), date(2026, 11, 30)),  # Thursday: over the weekend
        (date(2026, 11, 27), date(2026, 12, 1)),  # Friday
        (date(2026, 11, 28), date(2026, 12, 1)),  # Saturday counts from Monday
        (date(2026, 11, 29), date(2026, 12, 1)),
    ],
)
def test_first_reply_is_due_in_two_working_days(received, due):
    assert first_reply_by(received) == due


def test_each_right_has_its_days():
    received = date(2026, 11, 23)
    assert {str(right): (due_on(right, received) - received).days for right in DAYS} == {
        "access": 10,
        "correction": 10,
        "erasure": 20,
        "restriction": 15,
        "withdrawal": 15,
        "objection": 15,
    }
    assert set(DAYS) == set(SubjectRight)


def test_extension_is_known_for_each_right_but_erasure():
    due = date(2026, 12, 8)
    assert extended(SubjectRight.OBJECTION, due) == date(2026, 12, 23)
    assert extended(SubjectRight.ERASURE, due) is None
