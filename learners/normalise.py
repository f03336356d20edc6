"""Vietnamese names, numbers and phones as people write them, made canonical. Pure functions."""

import unicodedata
from functools import lru_cache

import phonenumbers

from courses.text import nfc

_TONES = "\u0300\u0309\u0303\u0301\u0323"
"""huyền, hỏi, ngã, sắc, nặng: the official order; no mark comes first."""

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_END, _SPACE, _SIGNS, _REST = "0", "1", "23456789abcdefghijklmnopqrstuvwxy", "z"
"""What a key is written in, in the order of its weights: the end of a field comes before a
space, a space before any letter, and what is no letter at the end."""

_TONE_SIGNS = _SIGNS[:6]
KEY_LENGTH = 220


def given_name(full_name: str) -> str:
    """The last word: Vietnamese people are addressed and sorted by it."""
    words = full_name.split()
    return words[-1] if words else ""


@lru_cache(maxsize=5_000)
def name_key(full_name: str) -> str:
    """A key that sorts as a Vietnamese list does: given name, then family, then middle names.

    Equal names but for capitals, decomposed letters and spaces have equal keys. Only 0-9
    and a-z, which Python, SQLite and PostgreSQL (C; ICU's vi and en) put into the same order.
    At most KEY_LENGTH long, which a name of 100 letters does not reach.
    """
    words = nfc(full_name).lower().split()
    if not words:
        return ""
    fields = (words[-1:], words[:1] if words[1:] else [], words[1:-1])
    return _END.join(_field_key(field) for field in fields)[:KEY_LENGTH]


def text_key(text: str) -> str:
    """A key that sorts any text by the Vietnamese alphabet."""
    return _field_key(nfc(text).lower().split())


def _field_key(words: list[str]) -> str:
    """All letters of the words, and only where they are equal all tones: as ICU's "vi" does."""
    parts = [_word_key(word) for word in words]
    letters = _SPACE.join(letters for letters, _tones in parts)
    return f"{letters}{_END}{''.join(tones for _letters, tones in parts)}"


@lru_cache(maxsize=10_000)
def _word_key(word: str) -> tuple[str, str]:
    """Letters and tones of one word; seventy thousand names are made of a few hundred."""
    parts = [_split_tone(letter) for letter in word]
    letters = "".join(_sign(letter) for letter, _tone in parts)
    return letters, "".join(_TONE_SIGNS[tone] for _letter, tone in parts)


def _sign(letter: str) -> str:
    place = _LETTERS.find(letter)
    if place >= 0:
        return _SIGNS[place]
    # Digits keep their order behind the letters; all else is equal.
    return _REST + (_SIGNS[int(letter)] if letter in "0123456789" else _REST)


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
