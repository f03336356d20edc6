"""By when somebody who asks about his own data must have an answer.

Law 91/2025/QH15, article 4 clause 5, and Decree 356/2025/NĐ-CP: the first reply within 2 working
days, the thing itself within calendar days by its kind. The longer limits for data that a
processor holds do not apply: the province keeps its data itself.
"""

from datetime import date, timedelta

from learners.choices import SubjectRight

FIRST_REPLY_WORKING_DAYS = 2
DAYS = {
    SubjectRight.ACCESS: 10,
    SubjectRight.CORRECTION: 10,
    SubjectRight.ERASURE: 20,
    SubjectRight.RESTRICTION: 15,
    SubjectRight.WITHDRAWAL: 15,
    SubjectRight.OBJECTION: 15,
}
EXTENSION_DAYS = {
    SubjectRight.ACCESS: 10,
    SubjectRight.CORRECTION: 10,
    SubjectRight.RESTRICTION: 15,
    SubjectRight.WITHDRAWAL: 15,
    SubjectRight.OBJECTION: 15,
}
"""Once, with a reason. Erasure has its longest time from the start."""


def first_reply_by(received_on: date) -> date:
    """Two working days on, Monday to Friday. Public holidays are not left out: the day is then
    earlier than the law's, never later."""
    day, left = received_on, FIRST_REPLY_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def due_on(right: SubjectRight, received_on: date) -> date:
    return received_on + timedelta(days=DAYS[right])


def extended(right: SubjectRight, due: date) -> date | None:
    """The last day after the one extension; None where there is none."""
    days = EXTENSION_DAYS.get(right)
    return due + timedelta(days=days) if days else None
