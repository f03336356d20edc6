"""Many rows at once: as the database would take them one by one, all or none."""

import gc
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from courses.fast_rows import (
    add_to_counts,
    among,
    insert_rows,
    keys_where,
    reserve_keys,
    seldom_collected,
)
from learners.choices import RowOutcome
from learners.models import AgeTally, Person, StaffImport, StaffImportRow
from learners.normalise import name_key
from tests.factories.learning import this_period, unit

pytestmark = pytest.mark.django_db

NAMES = ["id", "full_name", "staff_number", "name_key", "folded_name", "phone", "audience"]


def rows(*numbers):
    keys = reserve_keys(Person, len(numbers))
    return [
        (key, "Nguyễn Thị Hoa", number, name_key("Nguyễn Thị Hoa"), "nguyen thi hoa", "", "")
        for key, number in zip(keys, numbers, strict=True)
    ]


def test_rows_read_back_as_if_saved_one_by_one():
    Person.objects.create(full_name="Nguyễn Thị Hoa", staff_number="NA1")

    insert_rows(Person, NAMES, rows("NA2"))

    first, second = Person.objects.order_by("staff_number").values()
    assert second == first | {"id": second["id"], "staff_number": "NA2"}


def test_reserved_keys_are_given_to_nobody_else():
    insert_rows(Person, NAMES, rows("NA1", "NA2"))

    later = Person.objects.create(full_name="Lê Văn Bình")

    assert later.pk not in Person.objects.exclude(pk=later.pk).values_list("pk", flat=True)
    assert Person.objects.count() == 3


def test_one_row_that_cannot_be_takes_all_with_it():
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Person, NAMES, rows("NA1", "NA1"))

    assert not Person.objects.exists()


def test_lists_and_choices_are_written_as_the_model_would():
    run = StaffImport.objects.create(name="x", effective_on="2026-06-01")
    names = ["run_id", "line", "outcome", "name", "unit", "what", "faults", "decision", "sealed"]
    fault = {"why": "Thiếu ngày sinh"}

    insert_rows(
        StaffImportRow, names, [(run.pk, 2, RowOutcome.REFUSED, "Hoa", "", "", [fault], "", "")]
    )

    row = StaffImportRow.objects.get()
    assert (row.outcome, row.faults) == (RowOutcome.REFUSED, [fault])


HOA = {"full_name": "Nguyễn Thị Hoa", "birth_date": date(1990, 4, 5)}


def test_among_finds_numbers_texts_and_days_by_one_parameter(django_assert_num_queries):
    hoa = Person.objects.create(**HOA, staff_number="NA'1\",")
    Person.objects.create(full_name="Lê Văn Bình", birth_date=date(1991, 1, 1))
    for column, value in (
        ("pk", hoa.pk),
        ("staff_number", "NA'1\","),
        ("birth_date", date(1990, 4, 5)),
    ):
        many = {value, *([value] if column != "pk" else range(900_000, 905_000))}
        with django_assert_num_queries(1):
            assert list(Person.objects.filter(**{f"{column}__in": among(many)})) == [hoa]
        assert not Person.objects.filter(**{f"{column}__in": among(set())}).exists()


def test_keys_where_finds_values_that_stand_together():
    hoa = Person.objects.create(**HOA)
    key = hoa.name_key
    Person.objects.create(full_name="Nguyễn Thị Hoa", birth_date=date(1991, 1, 1))
    Person.objects.create(full_name="Lê Văn Bình", birth_date=date(1990, 4, 5))
    wanted = [(key, date(1990, 4, 5)), (name_key("Lê Văn Bình"), date(1991, 1, 1))]
    found = Person.objects.filter(pk__in=keys_where(Person, ["name_key", "birth_date"], wanted))
    assert list(found) == [hoa]


def test_counts_are_added_to_and_begun():
    period, place = this_period(), unit().pk
    key = ["organisation_id", "age_band", "status"]
    for moved in (
        {(place, "", "nothing"): 3},
        {(place, "", "nothing"): -1, (place, "", "online"): 2},
    ):
        add_to_counts(AgeTally, key, "people", moved, period_id=period.pk)
    add_to_counts(AgeTally, key, "people", {}, period_id=period.pk)
    tallies = AgeTally.objects.order_by("status").values_list("status", "people")
    assert list(tallies) == [("nothing", 2), ("online", 2)]


def _break_off():
    with seldom_collected():
        assert not gc.isenabled()
        raise ValueError("halfway")


def test_the_collector_of_cycles_works_again_afterwards():
    with pytest.raises(ValueError, match="halfway"):
        _break_off()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
