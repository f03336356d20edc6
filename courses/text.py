"""Vietnamese text made comparable. Pure functions, no database."""

import unicodedata


def nfc(text: str) -> str:
    """One code point per letter, single spaces, no space at either end."""
    return " ".join(unicodedata.normalize("NFC", text).split())


class _Bare(dict[int, str]):
    """Each letter without its marks, found when it is first met."""

    def __missing__(self, letter: int) -> str:
        decomposed = unicodedata.normalize("NFD", chr(letter))
        bare = "".join(part for part in decomposed if not unicodedata.combining(part))
        self[letter] = bare.replace("đ", "d").replace("Đ", "D")
        return self[letter]


_BARE = _Bare()


def fold(text: str) -> str:
    """Lower case without marks, so that "ky nang so" finds "Kỹ năng số" on any database."""
    bare = text if text.isascii() else text.translate(_BARE)
    return " ".join(bare.lower().split())
