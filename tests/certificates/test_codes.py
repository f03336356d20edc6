"""Verification codes: forgiving to the eye, deaf to mistakes."""

import pytest

from certificates.codes import ALPHABET, LENGTH, new_code, read_code, shown


def test_a_code_is_read_back():
    code = new_code()
    assert len(code) == LENGTH
    assert read_code(code) == code


def test_a_code_is_read_however_it_is_typed():
    code = next(c for c in (new_code() for _ in range(2000)) if "0" in c and "1" in c)
    typed = shown(code).lower().replace("0", "o").replace("1", "l").replace("-", " - ")
    assert read_code(typed) == code


def test_every_single_wrong_symbol_is_noticed():
    code = new_code()
    wrong = [
        code[:place] + symbol + code[place + 1 :]
        for place in range(LENGTH)
        for symbol in ALPHABET
        if symbol != code[place]
    ]
    assert [typed for typed in wrong if read_code(typed)] == []


def test_every_swap_of_neighbours_is_noticed():
    code = new_code()
    swapped = [
        code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        for place in range(LENGTH - 1)
        if code[place] != code[place + 1]
    ]
    assert [typed for typed in swapped if read_code(typed)] == []


@pytest.mark.parametrize("typed", ["", "7KQ4", "' OR 1=1 --", "Ư" * 13, "7" * 500, "\x00" * 13])
def test_what_cannot_be_a_code_is_refused(typed):
    assert read_code(typed) is None


def test_a_code_is_shown_in_groups():
    assert shown("7KQ4M2XD9RTBW") == "7KQ4-M2XD-9RTB-W"
