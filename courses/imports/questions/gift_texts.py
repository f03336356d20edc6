"""Pieces of text within GIFT: escapes and formats."""

import re

from courses.imports.questions.parsed import Parsed
from courses.imports.questions.pictures import illustrated
from courses.imports.questions.texts import markdown_html, markdown_inline, plain, tidy

# Escaped characters step aside into a private range while the marks are read.
_ESCAPED = {"~": "\ue000", "=": "\ue001", "#": "\ue002", "{": "\ue003", "}": "\ue004",
            ":": "\ue005", "\\": "\ue006", "n": "\ue007"}  # fmt: skip
_BACK = str.maketrans({code: "\n" if mark == "n" else mark for mark, code in _ESCAPED.items()})
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")


def set_aside(written: str) -> str:
    """The line with its escaped characters out of the way of the marks."""
    return _ESCAPE.sub(lambda found: _ESCAPED[found[1]], written)


def unescaped(written: str) -> str:
    return written.translate(_BACK)


def take_format(written: str, form: str) -> tuple[str, str]:
    """The format a text names for itself, else the one around it, and the text without it."""
    if found := _FORMAT.match(written):
        return found[1], written[found.end() :]
    return form, written


def text(written: str, form: str) -> str:
    """A piece of text as it is read. A line break that is meant is written "\\n"."""
    form, written = take_format(written, form)
    return _shown(written, form)


def _shown(written: str, form: str) -> str:
    if form == "html":
        return plain(unescaped(written).strip())
    if form == "markdown":
        return plain(markdown_html(unescaped(written).strip()))
    return literal(written)


def line(written: str, form: str) -> str:
    """An answer: one line, in which Markdown makes no lists."""
    form, written = take_format(written, form)
    if form == "markdown":
        return plain(markdown_inline(tidy(unescaped(written))))
    return _shown(written, form)


def literal(written: str) -> str:
    """What is chosen from a list: never formatted."""
    return tidy(unescaped(" ".join(written.split())))


def stem(written: str, form: str, item: Parsed) -> tuple[str, str]:
    """Plain stem and clean HTML of what is asked; the format has been taken off."""
    if form == "html":
        return illustrated(unescaped(written).strip(), item)
    if form == "markdown":
        return illustrated(markdown_html(unescaped(written).strip()), item)
    return _shown(written, form), ""
