"""What papers cost, beside what a plain use of the renderer would: naive pisa.CreatePDF is 1.

Naive means the same page as the library's guide would have it: the artwork drawn as a page of
its own, the QR by the library's barcode tag, the library's own style sheet; signed, pyHanko's own
signer. A class of MASS people of the measured world is really issued, signed and put together.
"""

import io
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from certificates import signing
from certificates.actions.bundles import ask_for_bundle, make_bundle
from certificates.actions.lists import decide, draw_up, issue_by_list
from certificates.actions.signatures import sign_list
from certificates.art.draw_background import draw
from certificates.layout import FONTS, HERE, arranged
from certificates.looks import LOTUS, SHIPPED, Look
from certificates.models import Certificate, IssueList, PaperBundle
from certificates.pdf import TEMPLATE, render_paper
from certificates.qr import FIRST
from certificates.signing import KeptKeySigner, sign
from certificates.stamping import stamp
from learners.choices import Mode, RecordState
from learners.models import Person, TrainingRecord
from learners.models.claims import private_storage
from tests.bench.work import issue_again
from tests.bench.world import seen
from tests.certificates.test_pdf import PAPER
from tests.factories.certificates import class_decision, keeper
from tests.factories.classes import class_of
from tests.factories.signatures import signer

MASS = 3000
RUNS = 15


def papers() -> None:
    """Print the tables: CPU, how many times as fast as naive, KB of a PDF."""
    with tempfile.TemporaryDirectory() as folder:
        art = Path(folder) / "plain.pdf"
        art.write_bytes(draw())
        yardstick = one_paper(art)
        one_class(Path(folder), yardstick)


def one_paper(art: Path) -> float:
    """The table of single papers; CPU ms of a naive one."""
    write = sys.stdout.write
    write(f"\n{'one paper':<46}{'CPU ms':>10}{'times naive':>13}{'KB':>8}\n")
    plain, kept = signer(), kept_key()
    stranger, code = Client(), Certificate.objects.values_list("code", flat=True)[0]
    rows: dict[str, Callable[[int], bytes | None]] = {
        "naive pisa.CreatePDF": lambda n: naive(n, art),
        "naive, signed with a key of 2,048 bits": lambda n: sign(naive(n, art), plain),
        **{
            f"drawn in full on {name}": _by(render_paper, Look(background=path))
            for name, path in SHIPPED.items()
        },
        **{
            f"stamped on {name}": _by(stamp, Look(background=path))
            for name, path in SHIPPED.items()
        },
        "stamped, signed": lambda n: sign(_by(stamp, LOTUS)(n), kept),
        "issued at once: number, text, PDF, hash, word": lambda _n: issue_again(),
        "page of verification": lambda _n: seen(stranger, f"/x/{code}").content,
    }
    yardstick = 0.0
    for name, work in rows.items():
        work(0)
        cost = statistics.median(_cpu_ms(work, n) for n in range(RUNS))
        yardstick = yardstick or cost
        made = work(0)
        size = f"{len(made) / 1024:>8.0f}" if made else ""
        write(f"{name:<46}{cost:>10.1f}{yardstick / cost:>13.1f}{size}\n")
    return yardstick


def one_class(folder: Path, yardstick: float) -> None:
    """The table of a class that is issued, signed and put together; nothing of it is kept."""
    write = sys.stdout.write
    storage = private_storage()
    places = {"base_location": str(folder), "location": str(folder)}
    with transaction.atomic(), patch.dict(storage.__dict__, places):
        drawn = finished_class()
        count = drawn.lines.count()
        write(f"\n{f'a class of {count:,}':<46}{'CPU ms':>10}{'times naive':>13}{'CPU s':>8}\n")
        steps: dict[str, Callable[[], None]] = {
            "issued: number, text, PDF, hash, word": lambda: issue_by_list(drawn.pk),
            "put into one PDF": lambda: bundle(drawn, "pdf"),
            "put into a zip": lambda: bundle(drawn, "zip"),
            "signed, checked and kept, 2,048 bits": lambda: sign_list(drawn.pk),
        }
        with patch.object(signing.settings, "SIGNER", f"{__name__}.kept_key"):
            signing.own_signer.cache_clear()
            for name, step in steps.items():
                begun = time.process_time()
                step()
                spent = time.process_time() - begun
                cost = spent / count * 1000
                write(f"{name:<46}{cost:>10.2f}{yardstick / cost:>13.1f}{spent:>8.1f}\n")
                sys.stdout.flush()
        for made in PaperBundle.objects.filter(issue_list=drawn).order_by("form"):
            write(f"{made.form}: {made.size / 1024 / count:.1f} KB a paper\n")
        if Certificate.objects.filter(issue_line__issue_list=drawn).count() != count:
            raise SystemExit("not every paper was issued")
        transaction.set_rollback(True)
    signing.own_signer.cache_clear()


def finished_class() -> IssueList:
    """A decided list of MASS people of the world, with their own names and units."""
    group = class_of(starts_on=timezone.localdate() - timedelta(days=3))
    people = Person.objects.filter(birth_date__isnull=False, erased_at__isnull=True)[:MASS]
    TrainingRecord.objects.bulk_create(
        TrainingRecord(
            person=person,
            mode=Mode.CLASS,
            state=RecordState.APPROVED,
            title=group.title,
            hours=group.hours,
            completed_on=group.ends_on,
            source="Đo",
            class_group=group,
        )
        for person in people
    )
    drawn = draw_up(group=group, by=keeper())
    decide(issue_list=drawn, decision=class_decision(number="0/ĐO"), by=keeper())
    return drawn


def bundle(drawn: IssueList, form: str) -> None:
    made = ask_for_bundle(issue_list=drawn, form=form, by=keeper())
    make_bundle(str(made.pk))


def kept_key() -> KeptKeySigner:
    """The signer of the product, with the key of the tests."""
    read = signer()
    return KeptKeySigner(read.signing_cert, read.signing_key, read.cert_registry)


def naive(number: int, art: Path) -> bytes:
    """The page without what the house knows about the renderer."""
    paper = replace(PAPER, serial=f"NA-2026-{number:06d}")
    facts = arranged(paper) | {"qr": "", "dress": FIRST, "background": art}
    # Faces of its own: those that the product has registered in the process are leaner.
    html = render_to_string(TEMPLATE, facts).replace("font-family: Cert", "font-family: Plain")
    code = f'<pdf:barcode value="{paper.verify_url}" type="qr" barwidth="78" barheight="78">'
    html = re.sub(r"<img [^>]*>", code, html)
    policy = ResourceAccessPolicy.server(art.parent, extra_roots=(FONTS,), allow_remote=False)
    result = pisa.CreatePDF(
        html, dest=io.BytesIO(), path=str(HERE / "paper.html"), resource_policy=policy
    )
    return result.dest.getvalue()


def _by(technique: Callable[..., bytes], look: Look) -> Callable[[int], bytes]:
    return lambda number: technique(replace(PAPER, serial=f"NA-2026-{number:06d}"), look)


def _cpu_ms(work: Callable[[int], object], number: int) -> float:
    begun = time.process_time()
    work(number)
    return (time.process_time() - begun) * 1000
