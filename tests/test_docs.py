"""Documentation that is out of step with the project fails here."""

import re

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
FRONT = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES = [*FRONT, *sorted((ROOT / "docs").rglob("*.md"))]
IDS = [str(path.relative_to(ROOT)) for path in PAGES]


def test_every_setting_is_documented_and_every_documented_one_exists():
    source = (ROOT / "home" / "settings.py").read_text()
    read = set(
        re.findall(
            r"\b(?:env(?:\.\w+)?|folder|database|whole_number|one_of|yes_or_no)\(\s*\"([A-Z_]+)\"",
            source,
        )
    )
    told = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.M))
    assert told == read


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_every_make_target_named_exists(path):
    shown_as_code = re.findall(r"^```.*?^```|`[^`\n]+`|^    [^\n]*$", path.read_text(), re.M | re.S)
    named = set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(shown_as_code)))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert named - targets == set()


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_every_relative_link_resolves(path):
    links = re.findall(r"\]\(([^)\s]+)\)|<img [^>]*src=\"([^\"]+)\"", path.read_text())
    targets = [link.partition("#")[0] for pair in links for link in pair if link]
    local = [link for link in targets if link and "://" not in link and "mailto:" not in link]
    missing = [link for link in local if not (path.parent / link).exists()]
    assert missing == []
