"""What a file of papers says about those that are not in it, in words for whoever opens it."""

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certificates.layout import BODY_FONT, STRONG_FONT

TEXT_NAME = "0000-giay-khong-co-trong-tep.txt"
"""Sorts before the papers."""
ON_A_PAGE = 24
MARGIN = 20 * mm
LEADING = 6 * mm


def named(serial: str, full_name: str) -> str:
    return f"{serial} · {full_name}"


def as_text(papers: Sequence[str]) -> bytes:
    """With the mark by which old editors know UTF-8."""
    return "\r\n".join([_title(papers), _why(), "", *papers, ""]).encode("utf-8-sig")


def as_pdf(papers: Sequence[str]) -> bytes:
    """Pages to lie on top of the printed papers. Equal lists give equal bytes."""
    # Under names of their own: the faces of papers are registered by their renderer.
    for name, file in (("LeftOut", BODY_FONT), ("LeftOut-Bold", STRONG_FONT)):
        pdfmetrics.registerFont(TTFont(name, file, asciiReadable=0))
    made = io.BytesIO()
    # The first face is asked for by itself, or there would be one that is not embedded.
    canvas = Canvas(made, pagesize=landscape(A4), invariant=1, initialFontName="LeftOut")
    canvas.setTitle(_title(papers))
    for at in range(0, len(papers), ON_A_PAGE):
        top = landscape(A4)[1] - MARGIN
        canvas.setFont("LeftOut-Bold", 14)
        canvas.drawString(MARGIN, top, _title(papers))
        canvas.setFont("LeftOut", 10)
        canvas.drawString(MARGIN, top - LEADING, _why())
        for row, paper in enumerate(papers[at : at + ON_A_PAGE], start=3):
            canvas.drawString(MARGIN, top - row * LEADING, paper)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _title(papers: Sequence[str]) -> str:
    return ngettext(
        "%(n)d paper is not in this file", "%(n)d papers are not in this file", len(papers)
    ) % {"n": len(papers)}


def _why() -> str:
    return _(
        "What the site draws of them now is not what was issued. See “Withheld papers” in the "
        "register, then have this file made again."
    )
