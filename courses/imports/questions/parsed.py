"""What every reader of questions gives back: each item of the file, taken or said why not."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from courses.choices import Difficulty
from courses.import_report import ImportRefused, Skipped
from courses.questions import QuestionError, validate

# What no text means and XML cannot hold; line ends and tabs stay.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# UTF-8 of Vietnamese letters that some program took for Latin-1 and saved again.
_MOJIBAKE = re.compile("á»[\x80-\xbf‚-›]|áº[\x80-\xbf‚-›]|Ä‘|Æ°|Æ¡|Ã[\xa0-\xbf]")


@dataclass
class Parsed:
    """One question of a file, in the frozen shape of courses.questions.

    `files` are the pictures of stem_html: `embedded_src(name)` stands there until they are
    stored. `where` leads a person to the place in the file.
    """

    where: str
    question: dict
    name: str = ""
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    external_id: str = ""
    difficulty: str = ""
    framework: str = ""
    archived: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.name or str(self.question.get("stem", ""))[:80]

    def take_tags(self, tags: Iterable[str]) -> None:
        """Keep the tags; "difficulty:…" and "framework:…" are ours, written by our export."""
        for tag in (" ".join(tag.split()) for tag in tags):
            key, _colon, value = tag.partition(":")
            if key == "difficulty" and value in Difficulty.values:
                self.difficulty = value
            elif key == "framework" and value:
                self.framework = value[:60]
            elif tag == "marking:all-or-nothing" and self.question.get("kind") == "multiple":
                self.question["all_or_nothing"] = True
            elif tag:
                self.tags += (tag[:100],)


Item = Parsed | Skipped


@dataclass
class Source:
    """A file that was understood."""

    items: list[Item] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class NotTaken(Exception):
    """One item cannot be taken: why, and how its author mends it."""

    def __init__(self, why: str, repair: str) -> None:
        super().__init__(why)
        self.why, self.repair = why, repair

    def at(self, where: str, what: str) -> Skipped:
        return Skipped(where, what[:120], self.why, self.repair)


def checked(item: Parsed) -> Item:
    """The item, or why it cannot be asked: the last gate of every reader.

    Letters come out as one code point each, however the file composed them.
    """
    item.question, item.name = _settled(item.question), _settled(item.name)
    item.category, item.tags = _settled(item.category), _settled(item.tags)
    item.files = {_settled(name): data for name, data in item.files.items()}
    try:
        validate(item.question)
    except QuestionError as error:
        return Skipped(
            item.where, item.label[:120], str(error), _("Correct it in the file and import again.")
        )
    texts = " ".join(_texts(item.question))
    if "\ufffd" in texts or _MOJIBAKE.search(texts):
        return Skipped(
            item.where,
            item.label[:120],
            _("Letters were lost when this file was saved in another encoding."),
            _("Save the original as UTF-8 and import again."),
        )
    return item


def _settled(value: Any) -> Any:
    if isinstance(value, str):
        return _CONTROL.sub("", unicodedata.normalize("NFC", value))
    if isinstance(value, dict):
        return {key: _settled(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_settled(part) for part in value)
    return value


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def decoded(data: bytes) -> str:
    """The file as text with plain line ends. Raises ImportRefused for another encoding."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ImportRefused(
            _("The file is not in UTF-8 (line %(line)s); save it as UTF-8 and import again.")
            % {"line": line}
        ) from error
    if "\0" in text:
        raise ImportRefused(_("This is no text file; choose the file of questions itself."))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def line_where(line: int) -> str:
    return _("line %(line)s") % {"line": line}


def embedded_src(name: str) -> str:
    """Stands in stem_html for a picture that is not stored yet."""
    return f"/embedded/{quote(unicodedata.normalize('NFC', name), safe='')}"


# Moodle's words for places of its own, which mean nothing in a bank.
_PLACES = re.compile(r"^\$(course|module|cat|system|category|user)\w*\$$")


def category_path(written: str) -> tuple[str, ...]:
    """ "$course$/top/A/B" as ("A", "B"); a doubled slash is a slash in a name."""
    parts = [part.replace("\0", "/") for part in written.replace("//", "\0").split("/")]
    names = [" ".join(part.split())[:200] for part in parts]
    if names and _PLACES.match(names[0]):
        names = names[1:]
        if names and names[0] == "top":
            names = names[1:]
    return tuple(name for name in names if name)


def written_path(path: Iterable[str]) -> str:
    """The reverse of `category_path`."""
    return "/".join(["$course$", "top", *(name.replace("/", "//") for name in path)])
