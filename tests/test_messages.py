"""Translations that are compiled are the ones that are written."""

import unicodedata
from pathlib import Path

import polib
import pytest
from django.conf import settings

CATALOGUES = sorted((settings.BASE_DIR / "locale").rglob("*.po"))
IDS = [str(path.relative_to(settings.BASE_DIR)) for path in CATALOGUES]


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


@pytest.mark.parametrize("path", CATALOGUES, ids=IDS)
def test_compiled_catalogue_equals_its_source(path: Path):
    source = {
        key(entry): texts(entry)
        for entry in polib.pofile(str(path))
        if entry.translated() and not entry.obsolete
    }
    compiled = {key(entry): texts(entry) for entry in polib.mofile(str(path.with_suffix(".mo")))}
    assert compiled == source, "run `make messages`"


@pytest.mark.parametrize("path", CATALOGUES, ids=IDS)
def test_catalogue_is_composed_unicode_without_doubtful_entries(path: Path):
    catalogue = polib.pofile(str(path))
    fuzzy = [entry.msgid for entry in catalogue.fuzzy_entries()]
    decomposed = [
        text
        for entry in catalogue
        for text in texts(entry)
        if not unicodedata.is_normalized("NFC", text)
    ]
    assert (fuzzy, decomposed) == ([], [])
