"""Numbers that only the keys can read."""

import hmac
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from learners import personal_numbers
from learners.models import PersonalNumber
from learners.personal_numbers import (
    KeysDoNotFit,
    digest_of,
    fault_of,
    is_restorable,
    mask,
    seal,
    seal_many,
    unseal,
    year_of,
)
from tests.factories.learning import staff

NUMBER = "040190001234"
OLD, NEW = "o" * 40, "n" * 40


@pytest.mark.parametrize("number", [NUMBER, "187654321", "001203999999", "132190001234"])
def test_numbers_that_can_be_one(number):
    assert fault_of(number) == ""


@pytest.mark.parametrize(
    "number", ["", "040", "04019000123", "003190001234", "04019000123A", "²" * 12, "٠" * 12]
)
def test_numbers_that_cannot_be_one(number):
    assert fault_of(number)


def test_a_lost_nought_is_seen():
    assert [is_restorable(n) for n in ("40190001234", "87654321", NUMBER, "3190001234")] == [
        True,
        True,
        False,
        False,
    ]


def test_year_and_mask():
    assert [year_of(n) for n in (NUMBER, "001203999999", "187654321")] == [1990, 2003, None]
    assert mask(NUMBER) == "•••• 1234"


def test_sealed_twice_looks_different_and_reads_the_same():
    first, second = seal(NUMBER), seal(NUMBER)
    assert first != second
    assert unseal(first) == unseal(second) == NUMBER


def test_many_are_sealed_as_one_is():
    numbers = [NUMBER, NUMBER, "187654321", "0" * 16]
    sealed = seal_many(numbers)
    assert [unseal(one) for one in sealed] == numbers
    assert len(set(sealed)) == 4
    assert [unseal(one) for one in seal_many(numbers[:3])] == numbers[:3]
    assert [len(one) for one in seal_many(numbers[:3])] == [len(seal(n)) for n in numbers[:3]]
    first, second, third = seal_many(numbers[:3])
    assert len({first, second, third}) == 3
    assert seal_many([]) == []


def test_the_hash_is_the_one_of_the_standard_library(settings):
    key = personal_numbers._index_key(settings.PERSONAL_INDEX_KEY)
    assert digest_of(NUMBER) == hmac.digest(key, NUMBER.encode(), "sha256").hex()


def test_the_hash_hangs_on_its_key(settings):
    before = digest_of(NUMBER)
    settings.PERSONAL_INDEX_KEY = NEW
    assert digest_of(NUMBER) != before


@pytest.mark.django_db
def test_a_stored_number_is_nowhere_in_the_clear_and_is_found_again():
    person = staff()
    PersonalNumber.made(person, NUMBER).save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM learners_personalnumber")
        assert NUMBER not in str(cursor.fetchall())
    found = PersonalNumber.objects.of([NUMBER]).get()
    assert (found.person, found.masked) == (person, "•••• 1234")


@pytest.mark.django_db
def test_nobody_shares_a_number():
    PersonalNumber.made(staff(), NUMBER).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonalNumber.made(staff("Trần Văn Minh"), NUMBER).save()


@pytest.mark.django_db
def test_rotation_seals_under_the_newest_key(settings):
    settings.PERSONAL_DATA_KEYS, settings.PERSONAL_INDEX_KEY = [OLD], OLD
    PersonalNumber.made(staff(), NUMBER).save()
    settings.PERSONAL_DATA_KEYS, settings.PERSONAL_INDEX_KEY = [NEW, OLD], NEW
    call_command("rotate_personal_keys", stdout=io.StringIO())
    settings.PERSONAL_DATA_KEYS = [NEW]
    assert PersonalNumber.objects.of([NUMBER]).get().masked == "•••• 1234"


@pytest.mark.django_db
def test_rotation_without_the_old_key_changes_nothing(settings):
    settings.PERSONAL_DATA_KEYS = [OLD]
    row = PersonalNumber.made(staff(), NUMBER)
    row.save()
    settings.PERSONAL_DATA_KEYS = [NEW]
    with pytest.raises(CommandError, match="Add the key"):
        call_command("rotate_personal_keys")
    with pytest.raises(KeysDoNotFit):
        _ = row.masked
    settings.PERSONAL_DATA_KEYS = [OLD]
    assert PersonalNumber.objects.get().masked == "•••• 1234"
