"""One person's whole record as a zip: to read (HTML), for machines (JSON), and his files.

Made for whoever asks, when he asks, and kept nowhere: a store of such zips would be the most
worthwhile thing to steal.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from learners.actions.audit import note
from learners.choices import Act
from learners.models import Person, User
from learners.personal_data import account, identity, learning
from learners.personal_data.left_out import LEFT_OUT
from learners.personal_data.sources import Source, Subject, left_out, registered_sources

FORMAT = "personal-data/1"


def all_sources() -> list[Source]:
    """In the order in which they are told: who, what was learnt, what apps above add, account."""
    return [*identity.SOURCES, *learning.SOURCES, *registered_sources(), *account.SOURCES]


def all_left_out() -> dict[str, Any]:
    return {**LEFT_OUT, **left_out()}


@transaction.atomic
def take_out(person: Person, *, by: User, why: str = "") -> IO[bytes]:
    """The zip, open at its beginning; closing it removes it. Noted in the audit log, once for
    each time. In Vietnamese. Numbers in full only for the person himself."""
    person = Person.objects.select_related("user", "commune").get(pk=person.pk)
    subject = Subject(person, for_himself=person.user_id is not None and person.user_id == by.pk)
    with translation.override("vi"):
        file = _written(subject)
    note(Act.DATA_TAKEN_OUT, f"person {person.pk}", by=by, why=why)
    return file


def _written(subject: Subject) -> IO[bytes]:
    file = tempfile.TemporaryFile(suffix=".zip")  # noqa: SIM115 - whoever takes it closes it
    told: dict[str, list[dict[str, Any]]] = {}
    tables: list[dict[str, Any]] = []
    lost: list[str] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for source in all_sources():
            rows = [list(row) for row in source.rows(subject)]
            told[source.name] = [dict(zip(source.columns, row, strict=True)) for row in rows]
            tables.append(_table(source, rows))
            lost += _add_files(archive, source, subject)
        now = timezone.localtime()
        context = {
            "person": subject.person,
            "tables": tables,
            "now": now,
            "lost": lost,
            "reasons": sorted({str(reason) for reason in all_left_out().values()}),
            "for_himself": subject.for_himself,
        }
        page = render_to_string("learners/personal_data/record.html", context)
        archive.writestr("du-lieu-ca-nhan.html", page)
        whole = {"format": FORMAT, "read_at": now, "record": told}
        text = json.dumps(whole, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
        archive.writestr("du-lieu-ca-nhan.json", text)
    file.seek(0)
    return file


def _add_files(archive: zipfile.ZipFile, source: Source, subject: Subject) -> Iterable[str]:
    """Put the source's files in; the names of those that the store has lost."""
    lost = []
    for piece in source.files(subject):
        try:
            with piece.open() as content:
                archive.writestr(piece.path, content.read())
        except FileNotFoundError:
            lost.append(piece.path)
    return lost


def _table(source: Source, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """For the page: one row is told as a list of facts, several as a table."""
    readable = [[_readable(value) for value in row] for row in rows]
    titles = [str(title) for title in source.columns.values()]
    facts = [list(zip(titles, row, strict=True)) for row in readable]
    return {"name": source.name, "title": str(source.title), "rows": readable, "titles": titles} | {
        "facts": facts[0] if len(facts) == 1 and source.name in ("identity", "account") else None
    }


def _readable(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)
