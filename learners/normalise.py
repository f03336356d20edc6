"""Vietnamese names, numbers and phones as people write them, made canonical. Pure functions."""

import unicodedata

import phonenumbers

from courses.text import nfc

_TONES = "\u0300\u0309\u0303\u0301\u0323"
"""huyền, hỏi, ngã, sắc, nặng: the official order; no mark comes first."""

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_SIGNS = "123456789abcdefghijklmnopqrstuvwxyz"
_GAP = "0"
KEY_LENGTH = 220


def given_name(full_name: str) -> str:
    """The last word: Vietnamese people are addressed and sorted by it."""
    words = full_name.split()
    return words[-1] if words else ""


def name_key(full_name: str) -> str:
    """A key that sorts as a Vietnamese list does: given name, then family, then middle names.

    Only 0-9 and a-z, so that Python, SQLite and PostgreSQL under any collation agree.
    At most KEY_LENGTH long, which a name of 100 letters does not reach.
    """
    words = nfc(full_name).lower().split()
    return _key([words[-1], *words[:-1]])[:KEY_LENGTH] if words else ""


def text_key(text: str) -> str:
    """A key that sorts any text by the Vietnamese alphabet, word by word."""
    return _key(nfc(text).lower().split())


def _key(words: list[str]) -> str:
    """Word by word: its letters, and only if they are equal its tones."""
    return _GAP.join(_word_key(word) for word in words)


def _word_key(word: str) -> str:
    parts = [_split_tone(letter) for letter in word]
    letters = "".join(_sign(letter) for letter, _tone in parts)
    tones = "".join(_SIGNS[tone] for _letter, tone in parts)
    return f"{letters}{_GAP}{tones}"


def _sign(letter: str) -> str:
    place = _LETTERS.find(letter)
    if place >= 0:
        return _SIGNS[place]
    # Digits keep their order behind the letters; all else is equal.
    return "y" + _SIGNS[int(letter)] if letter in "0123456789" else "z"


def _split_tone(letter: str) -> tuple[str, int]:
    decomposed = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in decomposed if mark in _TONES), "")
    base = unicodedata.normalize("NFC", decomposed.replace(tone, "") if tone else decomposed)
    return base, _TONES.index(tone) + 1 if tone else 0


def phone_number(typed: str) -> str:
    """A Vietnamese number in E.164 ("+84912345678"), or "" when it is none."""
    try:
        number = phonenumbers.parse(typed, "VN")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or number.country_code != 84:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def staff_number(typed: str) -> str:
    """A staff number as it is stored: upper case, without spaces."""
    return "".join(nfc(typed).upper().split())
