"""Many rows at once: as the database would take them one by one, all or none."""

import pytest
from django.db import IntegrityError, transaction

from courses.fast_rows import insert_rows, reserve_keys
from learners.choices import RowOutcome
from learners.models import Person, StaffImport, StaffImportRow
from learners.normalise import name_key

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
