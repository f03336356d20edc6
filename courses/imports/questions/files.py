"""Which reader a file is for, by what stands in it and not by its name."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from courses.import_report import ImportRefused
from courses.imports.questions.aiken import read_aiken
from courses.imports.questions.gift import read_gift
from courses.imports.questions.moodle_xml import read_moodle_xml
from courses.imports.questions.packages import read_qti
from courses.imports.questions.parsed import Source, decoded
from courses.imports.questions.sheet import read_sheet

LARGEST_BYTES = 100 * 2**20
MOST_ITEMS = 20_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_AIKEN = re.compile(r"^[ \t]*[A-Z][).].*\n+[ \t]*ANSWER[ \t]*:", re.MULTILINE | re.IGNORECASE)
"""A key right below an option; braces may stand in either format."""
_QTI = (b"questestinterop", b"assessmentItem", b"assessment-item")


def read_questions(data: bytes) -> Source:
    """The questions of a file of any of the kinds that are taken. Raises ImportRefused."""
    if len(data) > LARGEST_BYTES:
        raise ImportRefused(_("The file is larger than %(n)d MB.") % {"n": LARGEST_BYTES // 2**20})
    if not data.strip():
        raise ImportRefused(_("The file is empty."))
    source = _reader_of(data)(data)
    if not source.items:
        raise ImportRefused(_("The file holds no questions."))
    if len(source.items) > MOST_ITEMS:
        raise ImportRefused(_("The file holds more than %(n)d questions.") % {"n": MOST_ITEMS})
    return source


def _reader_of(data: bytes) -> Callable[[bytes], Source]:
    if data.startswith(b"PK"):
        # A workbook is a zip as well.
        return read_sheet if b"xl/workbook" in data or b"[Content_Types].xml" in data else read_qti
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return read_sheet
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:4000]
    if head.startswith(b"<") or (data[:2] in _UTF_16 and decoded(data).lstrip().startswith("<")):
        head = head.replace(b"\0", b"")
        is_qti = any(word in head for word in _QTI)
        return read_qti if is_qti else read_moodle_xml
    return read_aiken if _AIKEN.search(decoded(data)) else read_gift
