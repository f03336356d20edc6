"""A list of staff does not bring back, unseen, whoever had his data erased."""

import pytest
from django.utils import timezone

from learners.choices import RowDecision, RowOutcome
from learners.imports.staff import apply_list, check_list, open_list
from learners.models import Person, PersonalNumber
from learners.personal_data.erasing import confirm, propose
from tests.factories.lists import csv_of
from tests.factories.reports import on_23_november, viewer, world

pytestmark = pytest.mark.django_db
NUMBER = "040190001234"
HEAD = ["Họ và tên", "Ngày sinh", "Mã cán bộ", "Số CCCD", "Loại cán bộ", "Đơn vị"]


@pytest.fixture
def units():
    with on_23_november():
        found = world()
        day = timezone.localdate().replace(year=1990, month=4, day=5)
        erased = Person.objects.create(full_name="Lê Thị Na", birth_date=day, staff_number="CB1")
        PersonalNumber.made(erased, NUMBER).save()
        confirm(propose(erased, by=viewer("minh"), why="Đơn"), by=viewer("lan"))
        yield found


def listed(units, *row):
    run, _sheet = open_list(
        csv_of([HEAD, [*row]]),
        name="danh-sach.csv",
        unit=units.health.pk,
        effective_on=timezone.localdate(),
        by=viewer("tam", unit=units.health),
    )
    check_list(run)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize(
    "row",
    [
        ("Lê Thị Na", "", "", NUMBER, "Viên chức", "Sở Y tế"),
        ("Lê Thị Na", "", "CB1", "", "Viên chức", "Sở Y tế"),
        ("LÊ THỊ NA", "05/04/1990", "CB9", "", "Viên chức", "Sở Y tế"),
    ],
)
def test_row_is_reported_and_creates_nobody(units, row):
    people = Person.objects.count()
    run = listed(units, *row)
    found = run.rows.get()
    assert found.outcome == RowOutcome.UNSURE
    assert "23/11/2026" in str(found.faults)
    apply_list(run)
    assert Person.objects.count() == people


def test_whoever_works_here_again_is_recorded_anew_by_a_decision(units):
    people = Person.objects.count()
    run = listed(units, "Lê Thị Na", "05/04/1990", "CB1", NUMBER, "Viên chức", "Sở Y tế")
    run.rows.update(decision=RowDecision.ACCEPTED)
    apply_list(run)
    assert Person.objects.count() == people + 1
    assert Person.objects.get(staff_number="CB1").erased_at is None


def test_somebody_else_comes_in(units):
    people = Person.objects.count()
    run = listed(units, "Lê Thị Na", "06/04/1990", "CB2", "040190001235", "Viên chức", "Sở Y tế")
    apply_list(run)
    assert Person.objects.count() == people + 1
