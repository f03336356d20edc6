"""A face embedded whole, so that any word of it can be written later without touching the font.

Words are then written as they are, in UTF-16: the code of a letter in the PDF is its code point.
"""

import zlib
from functools import lru_cache
from pathlib import Path

import pikepdf

from certificates.typesetting import face

SUBSET = "VNALPH"
"""The mark of a subset: the files hold the letters of Vietnamese and its neighbours, no more."""
TO_UNICODE = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
%d beginbfrange
%s
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


@lru_cache(maxsize=8)
def _tables(path: Path) -> tuple[bytes, int, bytes, bytes]:
    """The font file packed and its length, the glyph of each code, and the letter of each code."""
    file = path.read_bytes()
    glyphs = face(path).glyphs()
    of_codes = bytearray(2 * (max(glyphs) + 1))
    for letter, glyph in glyphs.items():
        of_codes[2 * letter : 2 * letter + 2] = glyph.to_bytes(2, "big")
    blocks = sorted({letter >> 8 for letter in glyphs})
    ranges = b"\n".join(b"<%02X00> <%02XFF> <%02X00>" % (at, at, at) for at in blocks)
    return (
        zlib.compress(file, 9),
        len(file),
        zlib.compress(bytes(of_codes), 9),
        zlib.compress(TO_UNICODE % (len(blocks), ranges), 9),
    )


def embed(pdf: pikepdf.Pdf, simple: pikepdf.Object, path: Path) -> pikepdf.Object:
    """A font of this file for this document; what describes the face is taken from the subset
    of it that the renderer has embedded."""
    packed, length, glyphs, letters = _tables(path)
    name = pikepdf.Name(f"/{SUBSET}+{str(simple.BaseFont).partition('+')[2]}")
    flate = pikepdf.Name.FlateDecode
    descriptor = pikepdf.Dictionary(dict(simple.FontDescriptor.items()))
    descriptor.FontName = name
    descriptor.FontFile2 = pdf.make_indirect(
        pikepdf.Stream(pdf, packed, Filter=flate, Length1=length)
    )
    described = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        CIDToGIDMap=pdf.make_indirect(pikepdf.Stream(pdf, glyphs, Filter=flate)),
        W=pikepdf.Array(_widths(path)),
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=pikepdf.Array([pdf.make_indirect(described)]),
            ToUnicode=pdf.make_indirect(pikepdf.Stream(pdf, letters, Filter=flate)),
        )
    )


def _widths(path: Path) -> list[object]:
    """The advance of each letter, in runs of consecutive codes."""
    measured = face(path)
    runs: list[object] = []
    before = -2
    for letter in sorted(measured.glyphs()):
        if letter != before + 1:
            runs += [letter, pikepdf.Array()]
        runs[-1].append(measured.advance(letter))  # type: ignore[attr-defined]
        before = letter
    return runs
