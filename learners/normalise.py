"""Vietnamese names, numbers and phones as people write them, made canonical. Pure functions."""

import unicodedata

import phonenumbers

from courses.text import nfc

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the official order
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"


def given_name(full_name: str) -> str:
    """The last word: Vietnamese people are addressed and sorted by it."""
    return full_name.split()[-1] if full_name.split() else ""


def name_key(full_name: str) -> str:
    """A plain string that sorts as a Vietnamese list does: given name, family, middle names.

    Letters first, tones break ties, exactly as ICU orders "vi"; the same on every database.
    """
    words = nfc(full_name).lower().split()
    if not words:
        return ""
    ordered = [words[-1], *words[:-1]]
    pairs = [_word_key(word) for word in ordered]
    return " ".join(letters for letters, _ in pairs) + "~" + " ".join(tones for _, tones in pairs)


def _word_key(word: str) -> tuple[str, str]:
    letters, tones = [], []
    for letter in word:
        base, tone = _split_tone(letter)
        place = _LETTERS.find(base)
        letters.append(chr(ord("A") + place) if place >= 0 else base)
        tones.append(str(tone))
    return "".join(letters), "".join(tones).rstrip("0")


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
