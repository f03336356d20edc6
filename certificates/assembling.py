"""A PDF file of which one page's content, one picture and its title change, and nothing else.

The part that stays is serialised once; each file is that part, its own few objects, and a table
of where each begins: one clean revision, no update appended.
"""

import io
import zlib
from dataclasses import dataclass
from hashlib import sha256

import pikepdf

FREE = b"0000000000 65535 f \n"


@dataclass(frozen=True)
class Picture:
    """Rows of bits in two colours; the first is that of a bit not set."""

    width: int
    rows: tuple[bytes, ...]
    colours: bytes

    def written(self) -> bytes:
        packed = zlib.compress(b"".join(self.rows))
        return (
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1 "
            b"/ColorSpace [ /Indexed /DeviceRGB 1 <%s> ] /Filter /FlateDecode /Length %d >>\n"
            b"stream\n%s\nendstream"
        ) % (self.width, len(self.rows), self.colours.hex().encode(), len(packed), packed)


class Mould:
    """What all files of one page share."""

    def __init__(self, pdf: pikepdf.Pdf, picture: str) -> None:
        """`picture` is the page's name of the one that changes. The document is changed."""
        page = pdf.pages[0]
        page.obj.Contents = pdf.make_stream(b"")
        page.Resources.XObject[picture] = pdf.make_stream(b"")
        buffer = io.BytesIO()
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
        with pikepdf.open(buffer) as lean:
            page = lean.pages[0]
            self._content = page.obj.Contents.objgen[0]
            self._picture = page.Resources.XObject[picture].objgen[0]
            self._info = lean.trailer.Info.objgen[0]
            self._root = lean.Root.objgen[0]
            self._about = _without_title(lean)
            self._keep(lean)

    def _keep(self, pdf: pikepdf.Pdf) -> None:
        body = bytearray(b"%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n" % pdf.pdf_version.encode())
        entries = [FREE]
        for number, thing in enumerate(pdf.objects, start=1):
            entries.append(b"%010d 00000 n \n" % len(body))
            if number not in (self._content, self._picture, self._info):
                body += b"%d 0 obj\n%s\nendobj\n" % (number, _serialised(thing))
        self._body, self._entries = bytes(body), entries

    def filled(self, content: bytes, picture: Picture, title: str) -> bytes:
        """One file."""
        packed = zlib.compress(content)
        own = {
            self._content: b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
            % (len(packed), packed),
            self._picture: picture.written(),
            self._info: self._about % (b"\xfe\xff" + title.encode("utf-16-be")).hex().encode(),
        }
        entries, at = list(self._entries), len(self._body)
        tail = []
        for number, thing in own.items():
            entries[number] = b"%010d 00000 n \n" % at
            tail.append(b"%d 0 obj\n%s\nendobj\n" % (number, thing))
            at += len(tail[-1])
        name = sha256(b"".join(tail)).hexdigest()[:32].encode()
        tail += [
            b"xref\n0 %d\n" % len(entries),
            *entries,
            b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [ <%s> <%s> ] >>\n"
            % (len(entries), self._root, self._info, name, name),
            b"startxref\n%d\n%%%%EOF\n" % at,
        ]
        return self._body + b"".join(tail)


def _serialised(thing: pikepdf.Object) -> bytes:
    if not isinstance(thing, pikepdf.Stream):
        return thing.unparse(resolved=True)
    described = pikepdf.Dictionary(dict(thing.stream_dict.items())).unparse()
    return b"%s\nstream\n%s\nendstream" % (described, thing.read_raw_bytes())


def _without_title(pdf: pikepdf.Pdf) -> bytes:
    """What the document says of itself, with room for its title."""
    about = pikepdf.Dictionary({k: v for k, v in pdf.trailer.Info.items() if k != "/Title"})
    return about.unparse().replace(b"%", b"%%").removesuffix(b">>") + b"/Title <%s> >>"
