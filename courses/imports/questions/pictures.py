"""Pictures that a formatted stem shows: kept where the file holds them, otherwise named."""

import base64
import binascii
import posixpath
import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import unquote

from django.utils.translation import gettext as _

from courses.imports.questions.parsed import Parsed, embedded_src
from courses.imports.questions.texts import stem_of

Find = Callable[[str], bytes | None]
"""The picture at an address within the file, or None."""

_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_SRC = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_DATA = re.compile(r"data:image/(\w+)[^,]*;base64,(.*)", re.DOTALL)
# Where Canvas and Common Cartridge keep files, whichever way they spell it.
_BASE = re.compile(r"^\$[A-Z_-]+\$/?")


def nothing(address: str) -> None:
    """Finds no picture: for files that hold text alone."""


def illustrated(html: str, item: Parsed, find: Find = nothing) -> tuple[str, str]:
    """Plain stem and clean HTML; pictures go into item.files, those not found are warned of."""

    def placed(image: re.Match[str]) -> str:
        source = _SRC.search(image[0])
        address = unescape(source[1] or source[2] or "").strip() if source else ""
        if source is None or not address or address.startswith("/embedded/"):
            return image[0]
        written, data = _written_out(address, len(item.files))
        data = data or find(address)
        if data is None:
            shown = address if len(address) <= 60 else f"…{address[-50:]}"
            item.warnings.append(_("the picture %(name)s was left out") % {"name": shown})
            return image[0].replace(source[0], "")
        name = written or _name_of(address, data, item.files)
        item.files[name] = data
        return image[0].replace(source[0], f'src="{escape(embedded_src(name))}"')

    return stem_of(_IMAGE.sub(placed, html))


def found_in(names: set[str], folder: str, read: Callable[[str], bytes]) -> Find:
    """Finds pictures of a package: beside the file that shows them, from its top, or the only
    one whose path ends so. `read` gives the content of a name; no other name reaches it."""

    def find(address: str) -> bytes | None:
        bare = _BASE.sub("", unquote(address)).partition("?")[0].partition("#")[0]
        for path in (posixpath.join(folder, bare), bare):
            if (path := posixpath.normpath(path)) in names:
                return read(path)
        ends = f"/{posixpath.normpath(bare).lstrip('/')}"
        alike = [name for name in names if name.endswith(ends)] if bare else []
        return read(alike[0]) if len(alike) == 1 else None

    return find


def _written_out(address: str, number: int) -> tuple[str, bytes | None]:
    """Name and content of a picture that stands in its own address."""
    if not (found := _DATA.fullmatch(address)):
        return "", None
    try:
        return f"{number + 1}.{found[1]}", base64.b64decode(found[2])
    except binascii.Error:
        return "", None


def _name_of(address: str, data: bytes, taken: dict[str, bytes]) -> str:
    """The last part of the address; numbered when another picture has that name."""
    name = posixpath.basename(unquote(address).partition("?")[0])
    return name if taken.get(name, data) == data else f"{len(taken) + 1}-{name}"
