"""Self-training: what counts, who decided, and what two people at once can not do."""

import threading
from datetime import date

import pytest
from django.db import connection, connections
from django.db.utils import IntegrityError

from learners.actions.claims import (
    ClaimIsClosed,
    approve_claims,
    draw_rechecks,
    note_opening,
    opened_by,
    record_recheck,
    return_claim,
    save_claim,
    send_claim,
    take_back_claim,
    twins_of,
)
from learners.actions.recounting import differences
from learners.choices import ClaimStep, RecheckOutcome, RecordState, Status
from learners.models import Person, Recheck, RecordStep, Standing, TrainingRecord, TrustedSource
from tests.factories.claims import account_for, declared, sent
from tests.factories.files import pdf
from tests.factories.reports import World, on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fixed_day():
    with on_23_november():
        yield


@pytest.fixture
def province() -> World:
    return world()


@pytest.fixture
def hoa(province) -> Person:
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    recount(province)
    return hoa


@pytest.fixture
def minh(province):
    return viewer("minh", unit=province.health)


def status(who: Person, province: World) -> str:
    assert differences(province.period) == []
    return Standing.objects.get(person=who, period=province.period).status


def steps(claim: TrainingRecord) -> list[str]:
    return list(claim.steps.values_list("step", flat=True))


class TestOnesOwn:
    def test_declared_alone_never_counts(self, hoa, province):
        claim = declared(hoa)
        assert (status(hoa, province), steps(claim)) == (Status.DECLARED, [ClaimStep.FILED])

    def test_sent_waits(self, hoa, province):
        sent(hoa)
        assert status(hoa, province) == Status.WAITING

    def test_approved_counts_from_the_day_it_was_finished(self, hoa, province, minh):
        approve_claims(claims=[sent(hoa)], by=minh)
        standing = Standing.objects.get(person=hoa, period=province.period)
        assert (status(hoa, province), standing.reached_on) == (
            Status.SELF_STUDY,
            date(2026, 6, 1),
        )

    def test_returned_counts_no_more_and_can_be_mended_and_sent_again(self, hoa, province, minh):
        claim = sent(hoa)
        return_claim(claim=claim, by=minh, reason="Ảnh mờ, không đọc được số giờ.")
        assert status(hoa, province) == Status.NOTHING
        save_claim(claim=claim, proof=None, by=account_for(hoa))
        send_claim(claim=claim, by=account_for(hoa))
        assert status(hoa, province) == Status.WAITING

    def test_changed_date_moves_it_to_its_own_year(self, hoa, province):
        claim = declared(hoa)
        claim.completed_on = date(2025, 6, 1)
        save_claim(claim=claim, proof=None, by=account_for(hoa))
        assert status(hoa, province) == Status.NOTHING

    @pytest.mark.parametrize("state", [RecordState.WAITING, RecordState.APPROVED])
    def test_what_was_sent_or_approved_cannot_be_changed(self, hoa, minh, state):
        claim = sent(hoa)
        if state == RecordState.APPROVED:
            approve_claims(claims=[claim], by=minh)
        claim.title = "Một khóa khác"
        with pytest.raises(ClaimIsClosed):
            save_claim(claim=claim, proof=None, by=account_for(hoa))
        assert TrainingRecord.objects.get().title == "Ứng dụng AI trong văn phòng"

    def test_taken_back_before_a_decision_but_not_after(self, hoa, minh):
        claim = sent(hoa)
        take_back_claim(claim=claim, by=account_for(hoa))
        send_claim(claim=claim, by=account_for(hoa))
        approve_claims(claims=[claim], by=minh)
        with pytest.raises(ClaimIsClosed):
            take_back_claim(claim=claim, by=account_for(hoa))

    def test_replaced_proof_is_kept(self, hoa):
        claim = declared(hoa)
        save_claim(claim=claim, proof=None, by=account_for(hoa))
        from learners.proofs import check_proof
        from tests.factories.files import upload

        save_claim(claim=claim, proof=check_proof(upload(pdf(2))), by=account_for(hoa))
        assert [proof.replaced_at is None for proof in claim.proofs.all()] == [False, True]


class TestDeciding:
    def test_second_approver_changes_nothing(self, hoa, minh, province):
        claim = sent(hoa)
        other = viewer("truong", unit=province.health)
        assert len(approve_claims(claims=[claim], by=minh)) == 1
        assert approve_claims(claims=[claim], by=other) == []
        with pytest.raises(ClaimIsClosed):
            return_claim(claim=claim, by=other, reason="Thiếu số giờ")
        assert steps(claim) == [ClaimStep.FILED, ClaimStep.SENT, ClaimStep.APPROVED]

    def test_reason_of_a_return_is_asked_by_the_database_too(self, hoa, minh):
        with pytest.raises(IntegrityError):
            RecordStep.objects.create(record=sent(hoa), step=ClaimStep.RETURNED, by=minh)

    def test_opening_holds_until_it_is_sent_anew(self, hoa, minh):
        claim = sent(hoa)
        note_opening(claim=claim, by=minh)
        note_opening(claim=claim, by=minh)
        assert (opened_by([claim], minh), steps(claim).count(ClaimStep.OPENED)) == ({claim.pk}, 1)
        take_back_claim(claim=claim, by=account_for(hoa))
        send_claim(claim=claim, by=account_for(hoa))
        assert opened_by([claim], minh) == set()


class TestTwins:
    def test_same_file_or_number_of_another_person_is_found_from_both_sides(self, hoa, province):
        nam = person("Vi Văn Nam", province.school)
        one = sent(hoa, content=pdf(2), number="OT-77")
        two = sent(nam, content=pdf(2))
        three = sent(nam, number="OT-77", content=pdf(3))
        found = twins_of([one, two, three])
        assert {pk: {twin.pk for twin in twins} for pk, twins in found.items()} == {
            one.pk: {two.pk, three.pk},
            two.pk: {one.pk},
            three.pk: {one.pk},
        }

    def test_queries_do_not_grow_with_the_claims(self, hoa, django_assert_num_queries):
        claims = [sent(hoa, number=f"OT-{n}", content=pdf(n + 1)) for n in range(3)]
        for some in (claims[:1], claims):
            with django_assert_num_queries(3):
                twins_of(some)


class TestTrustedSource:
    @pytest.fixture(autouse=True)
    def _rule(self):
        TrustedSource.objects.create(
            name="Bình dân học vụ số",
            legal_act="Kế hoạch 01-KH/BCĐTW",
            valid_from=date(2026, 1, 1),
            valid_to=date(2026, 9, 30),
        )

    def test_approves_itself_and_says_by_which_act(self, hoa, province):
        claim = sent(hoa, source="BÌNH DÂN HỌC VỤ SỐ")
        last = claim.steps.last()
        assert (claim.state, last.by, last.reason) == (
            RecordState.APPROVED,
            None,
            "Bình dân học vụ số: Kế hoạch 01-KH/BCĐTW",
        )
        assert status(hoa, province) == Status.SELF_STUDY

    def test_outside_the_rules_dates_it_waits(self, hoa):
        claim = sent(hoa, source="Bình dân học vụ số", day=date(2026, 10, 1))
        assert claim.state == RecordState.WAITING

    def test_claimed_twice_it_waits(self, hoa, province):
        sent(person("Vi Văn Nam", province.school), content=pdf(2))
        claim = sent(hoa, source="Bình dân học vụ số", content=pdf(2))
        assert claim.state == RecordState.WAITING


class TestSecondLook:
    @pytest.fixture
    def approved(self, province, minh) -> list[TrainingRecord]:
        people = [person(f"Người {n}", province.hospital) for n in range(21)]
        recount(province)
        return approve_claims(
            claims=[sent(p, content=pdf(1 + n % 20)) for n, p in enumerate(people)], by=minh
        )

    def test_one_in_twenty_is_drawn_once(self, approved, province):
        assert [draw_rechecks(province.period), draw_rechecks(province.period)] == [2, 0]

    def test_refuted_approval_is_revoked_and_the_figures_move(self, approved, province, minh):
        draw_rechecks(province.period)
        drawn = Recheck.objects.first()
        record_recheck(
            recheck=drawn, outcome=RecheckOutcome.REFUTED, note="Không có khóa này", by=minh
        )
        assert status(drawn.person, province) == Status.NOTHING
        assert steps(drawn.record)[-1] == ClaimStep.REVOKED

    def test_outcome_is_written_once(self, approved, province, minh):
        draw_rechecks(province.period)
        drawn = Recheck.objects.first()
        found = {"recheck": drawn, "note": "Đã gọi OneTouch", "by": minh}
        record_recheck(outcome=RecheckOutcome.CONFIRMED, **found)
        with pytest.raises(ClaimIsClosed):
            record_recheck(outcome=RecheckOutcome.REFUTED, **found)
        assert status(drawn.person, province) == Status.SELF_STUDY


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_approve_once():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time; an in-memory one serves one thread")
    with on_23_november():
        province = world()
        hoa = person("Nguyễn Thị Hoa", province.hospital)
        recount(province)
        claim = sent(hoa)
        approvers = [viewer(f"minh{n}", unit=province.health) for n in range(4)]
        done: list[int] = []

        def approve(by) -> None:
            done.append(len(approve_claims(claims=[TrainingRecord.objects.get()], by=by)))
            connections.close_all()

        threads = [threading.Thread(target=approve, args=[by]) for by in approvers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (sorted(done), steps(claim).count(ClaimStep.APPROVED)) == ([0, 0, 0, 1], 1)
        assert differences(province.period) == []
