"""Merging: everything goes along, nothing counts twice, and it all comes back as it was."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from learners.actions.attendance import check_in
from learners.actions.enrolments import enrol
from learners.actions.merge_journal import TABLES, CannotUndo
from learners.actions.merge_trial import try_merge
from learners.actions.merging import CannotMerge, merge, undo
from learners.actions.recounting import differences
from learners.actions.walk_ins import known_or_new
from learners.choices import Act, CheckInWay, Role, SeatState, Status
from learners.models import (
    AuditEntry,
    Merge,
    Participation,
    Person,
    PersonalNumber,
    Post,
    Seat,
    Standing,
    TrainingRecord,
)
from tests.factories.classes import class_of
from tests.factories.learning import small_course
from tests.factories.reports import on_23_november, participation, person, recount, viewer, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("en"):
        yield


@pytest.fixture
def place():
    """Hoa has two records at the hospital: one is reached, the other one has her number."""
    found = world()
    found.hoa = person("Nguyễn Thị Hoa", found.hospital, Status.ONLINE, birth_date=date(1990, 4, 5))
    found.twin = person("Nguyễn Thị Hoa", found.hospital, staff_number="NA7")
    PersonalNumber.made(found.twin, "040190001234").save()
    found.minh = viewer("minh", unit=found.health)
    return recount(found)


def joined(place, **changes):
    return merge(
        **{"kept": place.hoa, "dropped": place.twin, "by": place.minh, "why": "Nhập hai lần"}
        | changes
    )


def rows():
    """Every row that a merger may write, column by column."""
    return {
        name: sorted(model._default_manager.values_list(), key=str)
        for name, model in TABLES.items()
    }


def test_merging_takes_one_of_two_out_of_the_denominator(place):
    joined(place)

    counted = Standing.objects.get(period=place.period)
    assert (counted.person_id, counted.status) == (place.hoa.pk, Status.ONLINE)
    assert differences(place.period) == []
    assert Post.objects.get().person_id == place.hoa.pk
    assert PersonalNumber.objects.get().person_id == place.hoa.pk
    assert Person.objects.get(pk=place.hoa.pk).staff_number == "NA7"
    assert Person.objects.get(pk=place.twin.pk).current == place.hoa


def test_both_records_are_locked_in_the_order_of_their_keys(place):
    """As a list of check-ins locks them: two that differ in it could wait for each other."""
    twin = person("Bùi Thị Hoa", place.hospital)

    with CaptureQueriesContext(connection) as asked:
        joined(place, dropped=twin)

    first = next(one["sql"] for one in asked if 'FROM "learners_person"' in one["sql"])
    assert 'ORDER BY "learners_person"."id" ASC' in first


def test_merging_is_written_to_the_log_with_its_reason(place):
    joined(place)

    entry = AuditEntry.objects.get(act=Act.MERGED)
    assert (entry.by, entry.why) == (place.minh, "Nhập hai lần")
    assert entry.after == {
        "into": place.hoa.pk,
        "rows": {"personalnumber moved": 1, "post removed": 1},
    }


def test_trying_says_what_would_change_and_changes_nothing(place):
    before = rows()

    trial = try_merge(kept=place.hoa, dropped=place.twin, by=place.minh)

    effect = trial.effects[-1]
    assert (effect.period.year, effect.is_signed) == (2026, False)
    assert (effect.before.people, effect.after.people) == (2, 1)
    assert (effect.before.reached, effect.after.reached) == (1, 1)
    assert rows() == before
    assert not AuditEntry.objects.exists()


def test_undoing_gives_every_row_back(place):
    group = class_of()
    participation(place.hoa, group, date(2026, 6, 1), completed=False)
    participation(place.twin, group, date(2026, 5, 1))
    Seat.objects.create(
        person=place.twin, class_group=group, state=SeatState.SEATED, queued_at=timezone.now()
    )
    enrol(person=place.twin, course=small_course(slug="khac", lessons=1))
    Post.objects.create(
        person=place.twin,
        managing_unit=place.school,
        using_unit=place.school,
        staff_kind="public_employee",
        is_main=False,
        valid_from=date(2024, 1, 1),
    )
    recount(place)
    before = rows()

    done = joined(place)
    assert rows() != before
    assert undo(done, by=place.minh, why="Hai người khác nhau") is True

    assert rows() == before
    assert differences(place.period) == []
    assert undo(Merge.objects.get(), by=place.minh, why="Bấm hai lần") is False


def test_undoing_refuses_to_overwrite_what_was_changed_since(place):
    place.twin.phone = "0912345678"
    place.twin.save()
    done = joined(place)
    Person.objects.filter(pk=place.hoa.pk).update(phone="0987654321")

    with pytest.raises(CannotUndo, match="person"):
        undo(done, by=place.minh, why="Nhầm")

    assert Person.objects.get(pk=place.twin.pk).merged_into_id == place.hoa.pk


def test_what_came_after_the_merger_stays_with_the_kept_record(place):
    done = joined(place)
    later = enrol(person=Person.objects.get(pk=place.hoa.pk), course=small_course(slug="sau"))

    undo(done, by=place.minh, why="Nhầm")

    later.refresh_from_db()
    assert later.person_id == place.hoa.pk


def test_two_halves_of_a_class_make_one_completed_participation(place):
    group = class_of(sessions=2)
    first, second = group.sessions.order_by("starts_at")
    for session, one in ((first, place.hoa), (second, place.twin)):
        check_in(session=session, person=one, way=CheckInWay.TICK, at=timezone.now(), by=place.minh)
    assert Participation.objects.count() == 2
    assert not TrainingRecord.objects.filter(class_group=group).exists()

    done = joined(place)

    one = Participation.objects.get()
    assert (one.person, one.completed) == (place.hoa, True)
    assert TrainingRecord.objects.get(class_group=group).person == place.hoa
    assert differences(place.period) == []
    undo(done, by=place.minh, why="Nhầm")
    assert Participation.objects.filter(completed=False).count() == 2
    assert not TrainingRecord.objects.filter(class_group=group).exists()
    assert differences(place.period) == []


def test_the_second_account_is_closed_and_comes_back(place):
    place.hoa.user, place.twin.user = viewer("hoa"), viewer("hoa2")
    place.hoa.save()
    place.twin.save()

    done = joined(place)

    place.twin.user.refresh_from_db()
    assert place.twin.user.is_active is False
    undo(done, by=place.minh, why="Nhầm")
    place.twin.user.refresh_from_db()
    assert place.twin.user.is_active is True


def test_the_only_account_goes_along(place):
    place.twin.user = viewer("hoa")
    place.twin.save()

    joined(place)

    assert Person.objects.get(user__username="hoa") == place.hoa


def test_an_officer_does_not_take_a_directors_account(place):
    place.twin.user = viewer("director", Role.LEADER, place.health)
    place.twin.save()

    with pytest.raises(CannotMerge, match="administrator"):
        joined(place)


def test_two_personal_numbers_are_two_people(place):
    PersonalNumber.made(place.hoa, "040190009999").save()

    with pytest.raises(CannotMerge, match="different personal numbers"):
        joined(place)

    assert not Merge.objects.exists()


def test_a_second_click_finds_it_done(place):
    joined(place)

    with pytest.raises(CannotMerge, match="merged before"):
        joined(place)
    with pytest.raises(CannotMerge, match="one and the same"):
        joined(place, dropped=place.hoa)


def test_mergers_follow_one_another_and_are_undone_in_turn(place):
    first = joined(place)
    third = person("Nguyễn Thị Hoa", place.hospital)
    second = joined(place, kept=third, dropped=place.hoa)

    assert Person.objects.get(pk=place.twin.pk).current == third
    with pytest.raises(CannotUndo, match="undo that first"):
        undo(first, by=place.minh, why="Nhầm")
    undo(second, by=place.minh, why="Nhầm")
    undo(first, by=place.minh, why="Nhầm")
    assert Person.objects.filter(merged_into__isnull=True).count() == 3
    assert differences(place.period) == []


def test_the_number_of_a_merged_record_still_means_the_person(place):
    Person.objects.filter(pk=place.hoa.pk).update(staff_number="NA6")
    joined(place)

    found = known_or_new(
        full_name="Nguyễn Thị Hoa", phone="", staff_number="NA7", audience="", commune_id=None
    )

    assert found == place.hoa


STAY = {
    "certificates.certificate": "what was printed is never changed",
    "certificates.issueline": "the list is as it was decided",
    "learners.staffimportrow": "says what a list meant on its day",
    "learners.standing": "derived",
    "learners.merge": "the merger itself",
    "learners.erasure": "what was taken away from that record, or was to be",
    "learners.keptapart": "a pair that somebody looked at",
}


def test_whatever_hangs_on_a_person_goes_along_or_stays_for_a_reason():
    """A new table that names people is thought of here, or this fails."""
    hanging = {
        model._meta.label_lower
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is Person
    }

    moved = {model._meta.label_lower for model in TABLES.values()} - {"learners.user"}
    assert hanging == moved | STAY.keys()
