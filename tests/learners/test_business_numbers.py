"""Tax codes with their check digit, and the twelve digits of a household."""

import pytest
from django.utils.translation import override

from learners.business_numbers import fault_of, is_personal, tidy


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.mark.parametrize("code", ["0100109106", "0100109106-001", "0300588569", "0100686174"])
def test_codes_of_companies_that_exist_pass(code):
    assert fault_of(code) == ""


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2901234567", "check digit"),
        ("0100109107", "check digit"),
        ("010010910", "here are 9"),
        ("01001O9106", "digits only"),
        ("099190001234", "province"),
        ("", "digits only"),
    ],
)
def test_a_wrong_number_is_told_why(typed, says):
    assert says in fault_of(tidy(typed))


def test_numbers_are_kept_in_one_form():
    assert tidy(" 0100109106 001") == tidy("0100109106-001") == "0100109106-001"
    assert tidy("0100.109.106") == "0100109106"


def test_a_household_is_known_by_a_personal_number():
    assert is_personal(tidy("040190 001234"))
    assert not is_personal("0100109106")
