"""The paper as PDF: one A4 sheet, the same bytes for the same facts, or no sheet at all.

Whatever could be printed wrongly is refused before the drawing (certificates.typesetting)
or after it: nobody receives a paper with a lost mark, a blank name or no frame. A picture
of a signature is never printed; a signature belongs to the signed file.
"""

import io
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pikepdf
import segno
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from reportlab import rl_config
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from certificates.layout import FACES, FONTS, HERE, Paper, arranged
from certificates.looks import ART, LOTUS, Look
from certificates.qr import BLACK, LETTERS, Dress, as_data, qr_of
from certificates.typesetting import Fault, Misfit, cleaned

__all__ = ["Paper", "Unprintable", "render_paper"]

logger = logging.getLogger(__name__)
_renderer_log = logging.getLogger("xhtml2pdf")
_settings_lock = threading.Lock()

TEMPLATE = "certificates/pdf/completion.html"

# A paper takes some 35 ms; one that takes seconds is an attack or a fault.
MAX_RENDER_SECONDS = 10
# The library's own style sheet formats tags that the paper has not; parsing it costs 2 ms.
DEFAULT_CSS = (
    "html, head, body, div { display: block; margin: 0; padding: 0 } head { display: none }"
)
# The face, as the renderer registers it, that ReportLab opens every page with.
BASE_FACE = "certbody_00"
FIELD_NAMES = {
    "title": gettext_noop("Kind of paper"),
    "subtitle": gettext_noop("Kind of paper"),
    "heading_en": gettext_noop("Heading in English"),
    "governing_body": gettext_noop("Governing body"),
    "issuing_body": gettext_noop("Issuing body"),
    "full_name": gettext_noop("Full name"),
    "unit": gettext_noop("Unit"),
    "course_title": gettext_noop("Course title"),
    "study_form": gettext_noop("Form of study"),
    "result": gettext_noop("Result"),
    "decision_number": gettext_noop("Decision number"),
    "place": gettext_noop("Place of issue"),
    "signer_title": gettext_noop("Signer's title"),
    "signer_line": gettext_noop("Signer's title"),
    "signer_name": gettext_noop("Signer's name"),
    "serial": gettext_noop("Serial"),
    "code": gettext_noop("Verification code"),
    "address": gettext_noop("Verification address"),
}


class Unprintable(Exception):
    """The paper cannot be printed truthfully; `reason` says what to mend, for an officer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def render_paper(paper: Paper, look: Look = LOTUS, dress: Dress = BLACK) -> bytes:
    """The paper as a one-page PDF with every font embedded.

    Deterministic: equal papers of one look give equal bytes, in every process, as long as the
    template, art, fonts and pinned libraries stay. Writes nothing, fetches nothing. Raises
    Unprintable rather than print anything else than the facts given. About 35 ms of CPU, one
    paper at a time per process: for many papers use processes, not threads.
    """
    refuse_missing_assets(look)
    facts, code = arranged_or_refused(paper, look), code_or_refused(paper)
    return draw_page(facts, look, code, metadata(paper), dress)


def arranged_or_refused(paper: Paper, look: Look) -> dict[str, object]:
    """Everything the template prints but the QR. Raises Unprintable with the field's fault."""
    try:
        return arranged(paper, look)
    except Misfit as misfit:
        raise Unprintable(reason_of(misfit)) from misfit


def draw_page(
    facts: Mapping[str, object],
    look: Look,
    qr: segno.QRCode,
    about: dict[str, str],
    dress: Dress = BLACK,
) -> bytes:
    """The page with these facts, or Unprintable at the renderer's slightest complaint."""
    drawn_on = f"art/{look.background.name}" if look.background.parent == ART else look.background
    drawn = {"qr": as_data(qr, dress), "dress": dress, "background": drawn_on}
    html = render_to_string(TEMPLATE, {**facts, **drawn})
    try:
        with _steady_output(), _listening() as complaints:
            result = pisa.CreatePDF(
                html,
                dest=io.BytesIO(),
                path=str(HERE / "paper.html"),  # what relative addresses start from; no such file
                default_css=DEFAULT_CSS,
                context_meta=about,
                resource_policy=ResourceAccessPolicy.server(
                    ART,
                    extra_roots=(FONTS, look.background.parent),
                    allow_remote=False,
                    max_render_seconds=MAX_RENDER_SECONDS,
                ),
            )
    except Exception as error:
        logger.exception("drawing %s failed", about["title"])
        raise broken() from error
    pdf = result.dest.getvalue()
    if result.err or result.warn or complaints or not _is_whole(pdf):
        logger.error("%s was refused after drawing: %s", about["title"], complaints)
        raise broken()
    return pdf


def metadata(paper: Paper) -> dict[str, str]:
    """What the document says of itself."""
    title = f"{paper.kind_title} {paper.serial}"
    return {"title": cleaned(title), "author": cleaned(paper.issuing_body)}


def reason_of(misfit: Misfit) -> str:
    """The fault in an officer's words: which field, what is wrong, what to do."""
    facts = {"field": _(FIELD_NAMES[misfit.field])}
    if misfit.fault == Fault.EMPTY:
        return _("%(field)s is empty: fill it in, then issue again.") % facts
    if misfit.fault == Fault.LETTER:
        facts["letter"] = f"U+{ord(misfit.letter):04X}"
        return (
            _(
                "%(field)s holds a character that cannot be printed (%(letter)s): "
                "type it again with Vietnamese letters."
            )
            % facts
        )
    return _("%(field)s is too long for the paper: shorten it, then issue again.") % facts


def code_or_refused(paper: Paper) -> segno.QRCode:
    """The verification address as a QR code. Raises Unprintable."""
    if not (paper.verify_url.endswith(f"/{paper.code}") and LETTERS.issuperset(paper.verify_url)):
        raise Unprintable(
            _(
                "The verification address must be in capital letters and end with the code: "
                "ask the administrator to check the site's public address."
            )
        )
    return qr_of(paper.verify_url)


def refuse_missing_assets(look: Look) -> None:
    """The renderer leaves a missing background out without a word; we do not."""
    for path in (look.background, *FACES):
        if not path.is_file():
            logger.critical("certificates cannot be drawn: %s is missing", path)
            raise Unprintable(
                _(
                    "The file %(file)s is missing on the server: "
                    "ask the administrator to restore it."
                )
                % {"file": path.name}
            )


def broken() -> Unprintable:
    return Unprintable(
        _(
            "The certificate could not be drawn completely: "
            "ask the administrator to read the server's log."
        )
    )


def _is_whole(pdf: bytes) -> bool:
    """One page, with the background on it, and no font left to the reader's machine."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if len(document.pages) != 1:
            return False
        resources = document.pages[0].Resources
        drawn = [item for item in resources.XObject.values() if item.Subtype == "/Form"]
        return len(drawn) == 1 and all("/ToUnicode" in font for font in resources.Font.values())


@contextmanager
def _steady_output() -> Iterator[None]:
    """ReportLab without clock or chance, lean subsets, and no stray Helvetica on the page.

    The settings are the process's, so they are put back; the lock keeps two threads from
    putting back each other's.
    """
    wanted = {"invariant": 1, "ttfAsciiReadable": 0, "canvas_basefontname": BASE_FACE}
    with _settings_lock:
        before = {name: getattr(rl_config, name) for name in wanted}
        try:
            for name, value in wanted.items():
                setattr(rl_config, name, value)
            yield
        finally:
            for name, value in before.items():
                setattr(rl_config, name, value)


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collect what the renderer says only in its log. Refuses to work if it cannot be heard."""
    complaints: list[str] = []
    thread = threading.get_ident()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread:
                complaints.append(record.getMessage())

    ear = Ear(logging.WARNING)
    level = _renderer_log.level
    # An operator who logs only errors must not lose the check, nor the papers.
    _renderer_log.setLevel(logging.WARNING)
    _renderer_log.addHandler(ear)
    try:
        if not _renderer_log.isEnabledFor(logging.WARNING):
            raise RuntimeError("xhtml2pdf's log is disabled: its warnings are part of the check")
        yield complaints
    finally:
        _renderer_log.removeHandler(ear)
        _renderer_log.setLevel(level)
