"""What every template must keep to."""

import re
from pathlib import Path

from django.conf import settings

# 1234 is written 1.234 for people; a form that sends that back names nobody.
BARE_NUMBER = re.compile(
    r'\b(?:value|id|for|name)="[^"]*\{\{ (?!field\.)[\w.]*(?:\bpk|\bid|_id) \}\}'
)


def test_keys_in_attributes_are_plain_digits():
    found = [
        f"{template.relative_to(settings.BASE_DIR)}: {match.group()}"
        for template in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
        for match in BARE_NUMBER.finditer(template.read_text())
    ]
    assert found == []
