"""Papers, each beside what a plain use of the renderer would cost: drawn, issued, by the class."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from certificates import signing
from certificates.actions.bundles import ask_for_bundle, make_bundle
from certificates.actions.lists import decide, draw_up, issue_by_list
from certificates.actions.online import due_for_certificate, issue_certificate
from certificates.actions.signatures import sign_list
from certificates.looks import LOTUS, SHIPPED, Look
from certificates.models import Certificate, IssueList
from certificates.pdf import render_paper
from certificates.signing import KeptKeySigner, sign
from certificates.stamping import stamp
from learners.actions.enrolments import enrol
from learners.choices import Mode, RecordState
from learners.models import Person, TrainingRecord
from learners.models.claims import private_storage
from tests.bench.references import naive_paper
from tests.bench.rows import Measured, Row
from tests.bench.world import rolled_back
from tests.certificates.test_pdf import PAPER
from tests.factories.certificates import class_decision, keeper
from tests.factories.classes import class_of
from tests.factories.learning import learnt, small_course
from tests.factories.signatures import signer

MASS = 1000


def drawings() -> Iterator[Row | Measured]:
    """One paper, in each artwork; and how large the PDF is."""
    kept = kept_key()
    with naive_paper() as naive:
        for artwork, path in SHIPPED.items():
            look = Look(background=path)
            yield Row(f"paper drawn in full on {artwork}", _by(render_paper, look), naive)
            yield Row(f"paper stamped on {artwork}", _by(stamp, look), naive)
        stamped = _by(stamp, LOTUS)
        yield Row("paper stamped, signed, 2,048 bits", lambda: sign(stamped(), kept), naive)
        size, least = len(stamped()), len(naive.work())  # type: ignore[arg-type]
        yield Measured("paper stamped, its PDF", size / 1024, naive.name, least / 1024, unit="kB")


def single_issue() -> Iterator[Row]:
    """The paper of somebody who is owed one; rolled back, so that it stays owed."""
    a_paper()
    owed = due_for_certificate().values_list("pk", flat=True).first()
    if owed is None:
        raise SystemExit("nobody is owed a paper: build the world anew")

    def issue() -> None:
        with rolled_back():
            if issue_certificate(owed) is None:
                raise SystemExit("no paper was issued")

    with naive_paper() as naive:
        yield Row("single issue: number, text, PDF, hash", issue, naive)


def mass_issue() -> Iterator[Row]:
    """A class of MASS people of the world, really issued, put together and signed; rolled back."""
    storage = private_storage()
    with naive_paper() as naive, tempfile.TemporaryDirectory() as folder:
        places = {"base_location": folder, "location": folder}
        own_key = patch.object(signing.settings, "SIGNER", f"{__name__}.kept_key")
        with rolled_back(), patch.dict(storage.__dict__, places), own_key:
            signing.own_signer.cache_clear()
            drawn = finished_class()
            count = drawn.lines.count()
            steps: dict[str, Callable[[], None]] = {
                "issued: text, PDF, hash": lambda: issue_by_list(drawn.pk),
                "put into one PDF": lambda: bundle(drawn, "pdf"),
                "put into a zip": lambda: bundle(drawn, "zip"),
                "signed, checked, kept": lambda: sign_list(drawn.pk),
            }
            for name, step in steps.items():
                name = f"class of {count:,} {name}"
                yield Row(name, step, naive, pieces=count, once=True)
            if Certificate.objects.filter(issue_line__issue_list=drawn).count() != count:
                raise SystemExit("not every paper was issued")
        signing.own_signer.cache_clear()


def a_paper() -> Certificate:
    """One that is checked, and beside it somebody who is still owed one."""
    found = Certificate.objects.first()
    if found is not None:
        return found
    course = small_course("Khóa để đo", lessons=1, quiz=False)
    course.gives_certificate = True
    course.save()
    people = Person.objects.filter(user__isnull=True)[:2]
    first, _owed = [learnt(enrol(person=person, course=course)) for person in people]
    issued = issue_certificate(first.pk)
    if issued is None:
        raise SystemExit("no paper was issued")
    return issued


def finished_class() -> IssueList:
    """A decided list of people with their own names and units."""
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


def _by(technique: Callable[..., bytes], look: Look) -> Callable[[], bytes]:
    return lambda: technique(replace(PAPER, serial="NA-2026-000001"), look)
