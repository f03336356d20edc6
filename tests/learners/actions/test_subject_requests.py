"""Requests about one's own data: clocks, steps, and who was first."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from learners.actions.audit import first_broken
from learners.actions.subject_requests import (
    AskedAlready,
    IsClosed,
    close,
    extend,
    file_request,
    reply_first,
)
from learners.choices import Act, RequestState, RequestStep, SubjectRight
from learners.models import AuditEntry, Consent, SubjectRequest, SubjectRequestStep
from tests.factories.reports import person, viewer, world

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture
def hoa():
    return person("Nguyễn Thị Hoa", world().hospital, user=viewer("hoa"))


@pytest.fixture
def minh(hoa):
    return viewer("minh")


def asked(hoa, right=SubjectRight.OBJECTION, **more):
    return file_request(
        person=hoa, right=right, words="Đề nghị", received_on=MONDAY, by=hoa.user, **more
    )


def test_filing_starts_both_clocks_and_is_noted(hoa):
    request = asked(hoa, SubjectRight.ERASURE)
    assert (request.first_reply_by, request.due_on) == (date(2026, 11, 25), date(2026, 12, 13))
    assert request.next_day() == date(2026, 11, 25)
    entry = AuditEntry.objects.get(act=Act.SUBJECT_REQUEST)
    assert entry.about == f"person {hoa.pk}"
    assert entry.after == {"request": request.pk, "right": "erasure", "step": "received"}
    assert first_broken() is None


def test_the_same_is_not_asked_twice_at_once(hoa):
    asked(hoa)
    with pytest.raises(AskedAlready):
        asked(hoa)
    asked(hoa, SubjectRight.ACCESS)
    assert SubjectRequest.objects.count() == 2


def test_after_an_answer_the_same_may_be_asked_again(hoa, minh):
    close(asked(hoa), RequestState.REFUSED, by=minh, words="Không có căn cứ.")
    asked(hoa)
    assert SubjectRequest.objects.open().count() == 1


def test_first_reply_moves_on_to_the_second_clock(hoa, minh):
    request = asked(hoa)
    reply_first(request, by=minh, words="Đã nhận.")
    request.refresh_from_db()
    assert request.next_day() == date(2026, 12, 8)
    with pytest.raises(IsClosed):
        reply_first(request, by=minh, words="Đã nhận.")


def test_time_is_extended_once(hoa, minh):
    request = asked(hoa)
    extend(request, by=minh, why="Phải đối chiếu hồ sơ giấy.")
    request.refresh_from_db()
    assert (request.due_on, request.is_extended) == (date(2026, 12, 23), True)
    with pytest.raises(IsClosed):
        extend(request, by=minh, why="Thêm nữa.")


def test_two_with_the_same_page_extend_once(hoa, minh):
    first = asked(hoa)
    second = SubjectRequest.objects.get(pk=first.pk)
    extend(first, by=minh, why="Phải đối chiếu.")
    with pytest.raises(IsClosed):
        extend(second, by=minh, why="Phải đối chiếu.")
    first.refresh_from_db()
    assert first.due_on == date(2026, 12, 23)


def test_a_closed_request_stays_closed(hoa, minh):
    request = asked(hoa)
    close(request, RequestState.ANSWERED, by=minh, words="Đã thực hiện.")
    for again in (RequestState.REFUSED, RequestState.TAKEN_BACK):
        with pytest.raises(IsClosed):
            close(request, again, by=minh, words="Không.")
    with pytest.raises(IsClosed):
        extend(request, by=minh, why="Chậm.")
    steps = SubjectRequestStep.objects.values_list("step", flat=True)
    assert list(steps) == [RequestStep.RECEIVED, RequestStep.ANSWERED]


def test_a_refusal_without_a_reason_is_refused_by_the_database(hoa, minh):
    request = asked(hoa)
    with pytest.raises(IntegrityError), transaction.atomic():
        close(request, RequestState.REFUSED, by=minh, words="")
    request.refresh_from_db()
    assert request.is_open


def test_an_answered_withdrawal_ends_the_consent_in_force(hoa, minh):
    Consent.objects.create(account=hoa.user, notice="2026-01")
    close(
        asked(hoa, SubjectRight.WITHDRAWAL),
        RequestState.ANSWERED,
        by=minh,
        words="Đã ghi nhận.",
    )
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 0


def test_list_is_by_what_is_due_next_and_says_what_is_overdue(hoa, minh):
    late = asked(hoa, SubjectRight.ERASURE)  # First reply 25/11.
    replied = asked(hoa, SubjectRight.ACCESS)  # To be done by 03/12.
    reply_first(replied, by=minh, words="Đã nhận.")
    assert list(SubjectRequest.objects.open().by_due()) == [late, replied]
    overdue = SubjectRequest.objects.overdue
    assert list(overdue(date(2026, 11, 25))) == []
    assert list(overdue(date(2026, 11, 26))) == [late]
    assert list(overdue(date(2026, 12, 4))) == [late, replied]
