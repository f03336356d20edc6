"""Vietnamese text made comparable. Pure functions, no database."""

import unicodedata


def nfc(text: str) -> str:
    """One code point per letter, single spaces, no space at either end."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Lower case without marks, so that "ky nang so" finds "Kỹ năng số" on any database."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.replace("đ", "d").replace("Đ", "D").lower().split())
