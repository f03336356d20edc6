"""Sixteen workers issue at once: no gap, no double."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection

from certificates.actions import lists
from certificates.actions.lists import decide, draw_up, issue_by_list
from certificates.actions.online import issue_certificate
from certificates.models import Certificate, IssueLine, PaperNotice, Register
from learners.actions.enrolments import enrol
from tests.factories.certificates import class_decision, decided_list, keeper, standing_decision
from tests.factories.learning import learnt, small_course, staff, this_period

WORKERS = 16

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="threads of a test share no SQLite in memory; its writers queue by themselves",
    ),
]


def test_sixteen_workers_leave_no_gap_and_no_double(monkeypatch):
    this_period()
    standing_decision()
    course = small_course()
    people = [staff(f"Nguyễn Thị Hoa {number}") for number in range(WORKERS)]
    due = [learnt(enrol(person=person, course=course)).pk for person in people]
    drawn = decided_list(*(f"Trần Văn Minh {number}" for number in range(WORKERS)))

    # The same class on a second list, drawn up and decided before the first yielded a paper.
    second = draw_up(group=drawn.class_group, by=keeper())
    decide(issue_list=second, decision=class_decision(number="46/QĐ-ĐHV"), by=keeper())
    monkeypatch.setattr(lists, "AT_A_TIME", 3)

    def work(number: int) -> None:
        try:
            if number % 4 == 0:
                issue_by_list((drawn, second)[number % 8 // 4].pk)
            for enrolment in due[number:] + due[:number]:
                issue_certificate(enrolment)
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    numbers = Certificate.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 2 * WORKERS + 1))
    assert (PaperNotice.objects.count(), Register.objects.get().last_number) == (32, 32)
    settled = IssueLine.objects.values_list("issue_list", "person", "state")
    assert len(settled) == 2 * WORKERS
    assert Counter(state for *_who, state in settled) == {"issued": WORKERS, "refused": WORKERS}
    assert Certificate.objects.values("person").distinct().count() == 2 * WORKERS
