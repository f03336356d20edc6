"""Erasing a person's data: what goes, what stays, by two people, and never half."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from certificates.models import Certificate
from learners.actions.audit import first_broken
from learners.actions.recounting import differences
from learners.actions.subject_requests import file_request
from learners.choices import ErasureState, RequestState, SubjectRight
from learners.models import (
    AgeTally,
    Attempt,
    Erasure,
    Merge,
    ParticipationTally,
    Person,
    Post,
    Proof,
    Reminder,
    ReportingPeriod,
    StaffTally,
    Standing,
    Tombstone,
    TrainingRecord,
)
from learners.personal_data.erasing import (
    CannotErase,
    confirm,
    drop,
    effect_on,
    finish_erasures,
    propose,
)
from tests.factories.everything import NUMBER, PHONE, everything
from tests.factories.reports import on_23_november, recount, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def things():
    with on_23_november():
        found = everything()
        found.hoa.birth_date = timezone.localdate().replace(year=1987, month=6, day=7)
        found.hoa.staff_number = "NA900001"
        found.hoa.save()
        end_posts(found.hoa)
        recount(found.units)
        yield found


def end_posts(person):
    """She left yesterday; the figures of the year count her no more, those of last year do."""
    Post.objects.filter(person=person).update(
        valid_to=timezone.localdate() - timedelta(days=1), title="Điều dưỡng"
    )


def figures():
    return {
        model.__name__: sorted(
            map(str, model.objects.values_list(*[f.attname for f in model._meta.fields[1:]]))
        )
        for model in (StaffTally, AgeTally, ParticipationTally)
    }


def erase(things, person=None):
    person = person or things.hoa
    erasure = propose(person, by=things.accounts["root"], why="Đơn đề nghị")
    confirm(erasure, by=things.accounts["minh"])
    erasure.refresh_from_db()
    person.refresh_from_db()
    return erasure


def everything_written():
    """All that the database holds of our apps, but the log and the papers that never change."""
    stays = {"AuditEntry", "Certificate", "SubjectRequestStep", "Decision"}
    rows = [
        list(model._base_manager.values())
        for app in ("learners", "certificates", "home", "account", "mfa")
        for model in apps.get_app_config(app).get_models()
        if model.__name__ not in stays
    ]
    return json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, default=str)


def test_nothing_says_any_more_who_it_was(things):
    things.accounts["hoa"].email = "hoa@example.vn"
    things.accounts["hoa"].phone = "0987654321"
    things.accounts["hoa"].save()
    assert "1987-06-07" in everything_written()
    erase(things)
    left = everything_written()
    told = (PHONE, NUMBER, "1987-06-07", "NA900001", "hoa@example.vn", "0987654321")
    assert [one for one in told if one in left] == []
    assert "Vì dữ liệu là của dân" not in left
    assert things.hoa.erased_at is not None


def test_name_stays_where_a_certificate_was_issued(things):
    erase(things)
    assert things.hoa.full_name == "Nguyễn Thị Hoa"
    assert Certificate.objects.filter(person=things.hoa).count() == 1


def test_name_goes_where_no_register_needs_it(things):
    binh = Person.objects.get(full_name="Lê Văn Bình")
    end_posts(binh)
    recount(things.units)
    erase(things, binh)
    assert binh.full_name == f"Người đã xóa dữ liệu {binh.pk}"
    assert "Lê Văn Bình" not in everything_written()


def test_figures_are_the_same_and_recount_finds_no_difference(things):
    before = figures()
    standings = list(Standing.objects.values_list("person", "status", "age_band"))
    erase(things)
    assert figures() == before
    assert list(Standing.objects.values_list("person", "status", "age_band")) == standings
    assert [differences(period) for period in ReportingPeriod.objects.all()] == [
        [] for _period in ReportingPeriod.objects.all()
    ]


def test_year_of_birth_stays_only_where_somebody_was_counted_by_it(things):
    """Whoever left is counted nowhere in this world; put back into last year, she is."""
    Post.objects.filter(person=things.hoa).update(valid_to=timezone.localdate())
    recount(things.units)
    Post.objects.filter(person=things.hoa).update(valid_to=timezone.localdate() - timedelta(days=1))
    assert Standing.objects.filter(person=things.hoa).exists()
    erase(things)
    assert str(things.hoa.birth_date) == "1987-01-01"


def test_evidence_behind_the_figures_stays(things):
    records = TrainingRecord.objects.filter(person=things.hoa).count()
    attempts = list(Attempt.objects.order_by("pk").values_list("score", "passed", "marks"))
    erase(things)
    assert TrainingRecord.objects.filter(person=things.hoa).count() == records
    assert list(Attempt.objects.order_by("pk").values_list("score", "passed", "marks")) == attempts
    assert not Reminder.objects.filter(person=things.hoa).exists()
    assert first_broken() is None


def test_files_go_after_the_commit(things, django_capture_on_commit_callbacks):
    name = things.proof.file.name
    erasure = erase(things)
    assert not storages["private"].exists(name)
    assert Proof.objects.get(pk=things.proof.pk).file.name == ""
    assert erasure.files == []


def test_what_a_crash_leaves_is_taken_up_later(things, monkeypatch):
    """Killed between the commit and the removal: the list of files is still there."""
    name = things.proof.file.name
    erasure = propose(things.hoa, by=things.accounts["root"], why="Đơn đề nghị")
    monkeypatch.setattr("learners.personal_data.erasing.remove_files", lambda _pk: 0)
    confirm(erasure, by=things.accounts["minh"])
    monkeypatch.undo()
    assert storages["private"].exists(name)
    assert finish_erasures() == 1
    assert not storages["private"].exists(name)
    assert finish_erasures() == 0


def test_an_error_in_the_middle_changes_nothing(things, monkeypatch):
    before = everything_written()
    erasure = propose(things.hoa, by=things.accounts["root"], why="Đơn đề nghị")
    proposed = everything_written()

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("learners.personal_data.own_eraser.blank", broken)
    with pytest.raises(RuntimeError):
        confirm(erasure, by=things.accounts["minh"])
    assert everything_written() == proposed
    assert storages["private"].exists(things.proof.file.name)
    assert before != proposed


def test_the_same_hands_do_not_confirm(things):
    erasure = propose(things.hoa, by=things.accounts["minh"], why="Đơn đề nghị")
    with pytest.raises(CannotErase):
        confirm(erasure, by=things.accounts["minh"])
    things.hoa.refresh_from_db()
    assert things.hoa.erased_at is None


def test_of_two_who_confirm_one_does(things):
    erasure = propose(things.hoa, by=things.accounts["root"], why="Đơn đề nghị")
    confirm(erasure, by=things.accounts["minh"])
    with pytest.raises(CannotErase):
        confirm(erasure, by=things.accounts["leader"])
    assert Erasure.objects.get().closed_by == things.accounts["minh"]


def test_one_proposal_at_a_time_and_a_dropped_one_is_over(things):
    erasure = propose(things.hoa, by=things.accounts["root"], why="Đơn đề nghị")
    with pytest.raises(CannotErase):
        propose(things.hoa, by=things.accounts["minh"], why="Đơn đề nghị")
    assert drop(erasure, by=things.accounts["root"])
    assert not drop(erasure, by=things.accounts["root"])
    with pytest.raises(CannotErase):
        confirm(erasure, by=things.accounts["minh"])
    propose(things.hoa, by=things.accounts["minh"], why="Đơn đề nghị")


def test_whoever_holds_a_post_is_not_erased(things):
    Post.objects.filter(person=things.hoa).update(valid_to=None)
    with pytest.raises(CannotErase):
        propose(things.hoa, by=things.accounts["root"], why="Đơn đề nghị")


def test_whoever_holds_a_role_is_not_erased(things):
    person = Person.objects.create(full_name="Lan", user=things.accounts["lan"])
    with pytest.raises(CannotErase):
        propose(person, by=things.accounts["root"], why="Đơn đề nghị")


def test_a_merged_record_is_erased_with_the_one_that_took_over(things):
    kept, dropped = things.merger.kept, things.merger.dropped
    Post.objects.filter(person=kept).update(valid_to=timezone.localdate() - timedelta(days=1))
    with pytest.raises(CannotErase):
        propose(dropped, by=things.accounts["root"], why="Đơn đề nghị")
    erase(things, kept)
    dropped.refresh_from_db()
    assert (dropped.erased_at is not None, dropped.full_name.startswith("Người đã xóa")) == (
        True,
        True,
    )
    assert Merge.objects.get(pk=things.merger.pk).journal == []
    assert "Lê Thị Mơ" not in everything_written()


def test_effect_is_what_is_shown_before(things):
    shown = [(str(line.what), line.number) for line in effect_on(things.hoa)]
    erasure = erase(things)
    assert [number for _what, number, _law in erasure.effect] == [n for _what, n in shown]
    assert erasure.state == ErasureState.DONE


def test_the_open_request_is_joined(things):
    asked = file_request(
        person=things.hoa,
        right=SubjectRight.ERASURE,
        words="",
        received_on=timezone.localdate(),
        by=things.accounts["hoa"],
    )
    assert asked.state == RequestState.RECEIVED
    assert erase(things).request == asked


def test_tombstones_hold_hashes_alone(things):
    erasure = erase(things)
    marks = Tombstone.objects.filter(erasure=erasure).values_list("digest", flat=True)
    assert len(marks) == 3  # Personal number, staff number, name with date of birth.
    assert all(len(mark) == 64 and NUMBER not in mark for mark in marks)


def test_the_account_is_closed_for_good(client, things):
    erase(things)
    account = things.accounts["hoa"]
    account.refresh_from_db()
    assert (account.is_active, account.username, account.full_name) == (
        False,
        f"da-xoa-{account.pk}",
        "",
    )
    assert not client.login(username="hoa", password="hoc-so-nghe-an")


def test_name_of_an_account_that_acted_in_office_stays(things):
    officer = viewer("cu", unit=things.units.health)
    person = Person.objects.create(full_name="Cũ", user=officer)
    things.claim.steps.create(step="received", by=officer)
    officer.events.create(step="opened", by=officer)
    things.accounts["hoa"].events.create(step="opened", by=officer)
    officer.role_grants.all().delete()
    erase(things, person)
    officer.refresh_from_db()
    assert officer.full_name == "cu"
