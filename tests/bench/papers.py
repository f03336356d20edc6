"""What papers cost, beside what a plain use of the renderer would: naive pisa.CreatePDF is 1.

Naive means the same page as the library's guide would have it: the artwork drawn as a page of
its own, the QR by the library's barcode tag, the library's own style sheet.
"""

import io
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.template.loader import render_to_string
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from certificates.actions.lists import issue_by_list
from certificates.art.draw_background import draw
from certificates.layout import FONTS, HERE, arranged
from certificates.looks import LOTUS, SHIPPED, Look
from certificates.pdf import TEMPLATE, render_paper
from certificates.signing import sign
from tests.certificates.test_pdf import PAPER
from tests.factories.certificates import decided_list
from tests.factories.signatures import signer

MASS = 3000
TRIED = 60
"""Papers of a class that are issued in a default run; the time of MASS is reckoned from them."""
RUNS = 7


def papers() -> None:
    """Print the table: CPU of a paper, how many times as fast as naive, KB of a PDF."""
    write = sys.stdout.write
    write(f"\n{'paper':<46}{'CPU ms':>10}{'times naive':>13}{'KB':>8}\n")
    with tempfile.TemporaryDirectory() as folder:
        art = Path(folder) / "plain.pdf"
        art.write_bytes(draw())
        key = signer()
        rows: dict[str, Callable[[int], bytes]] = {
            "naive pisa.CreatePDF": lambda n: naive(n, art),
            **{f"drawn on {name}": _on(Look(background=path)) for name, path in SHIPPED.items()},
            "drawn and signed with a key of 2,048 bits": lambda n: sign(_on(LOTUS)(n), key),
        }
        yardstick = 0.0
        for name, work in rows.items():
            work(0)
            cost = statistics.median(_cpu_ms(work, n) for n in range(RUNS))
            yardstick = yardstick or cost
            size = len(work(0)) / 1024
            write(f"{name:<46}{cost:>10.1f}{yardstick / cost:>13.1f}{size:>8.0f}\n")
        cost = mass()
        write(f"{'issued by list: number, text, PDF, hash, word':<46}{cost:>10.1f}")
        write(f"{yardstick / cost:>13.1f}\n")
        write(f"{MASS:,} papers by list, from {TRIED}: {cost * MASS / 1000:.0f} s on one core, ")
        write(f"naive drawing alone {yardstick * MASS / 1000:.0f} s\n")


def naive(number: int, art: Path) -> bytes:
    """The page without what the house knows about the renderer."""
    paper = replace(PAPER, serial=f"NA-2026-{number:06d}")
    html = render_to_string(TEMPLATE, arranged(paper) | {"qr": "", "background": art})
    code = f'<pdf:barcode value="{paper.verify_url}" type="qr" barwidth="78" barheight="78">'
    html = re.sub(r"<img [^>]*>", code, html)
    policy = ResourceAccessPolicy.server(art.parent, extra_roots=(FONTS,), allow_remote=False)
    result = pisa.CreatePDF(
        html, dest=io.BytesIO(), path=str(HERE / "paper.html"), resource_policy=policy
    )
    return result.dest.getvalue()


def mass() -> float:
    """CPU ms of one paper of a class, as the job makes them; nothing is kept."""
    with transaction.atomic():
        drawn = decided_list(*(f"Nguyễn Thị Hoa {n}" for n in range(TRIED)), number="0/ĐO")
        begun = time.process_time()
        issue_by_list(drawn.pk)
        spent = time.process_time() - begun
        transaction.set_rollback(True)
    return spent / TRIED * 1000


def _on(look: Look) -> Callable[[int], bytes]:
    return lambda number: render_paper(replace(PAPER, serial=f"NA-2026-{number:06d}"), look)


def _cpu_ms(work: Callable[[int], bytes], number: int) -> float:
    begun = time.process_time()
    work(number)
    return (time.process_time() - begun) * 1000
