"""Entries of the audit log in words: units, people and accounts by name, values by label.

The log itself holds keys and codes, because it can never be changed and names can.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import ClassGroup
from learners.choices import (
    AccountStep,
    Act,
    BusinessKind,
    BusinessOutcome,
    EndReason,
    ErasureState,
    LeaveKind,
    ReorganisationStep,
    RequestStep,
    Role,
    RowOutcome,
    SnapshotState,
    StaffKind,
    SubjectRight,
)
from learners.models import (
    AuditEntry,
    Business,
    BusinessList,
    Person,
    Reorganisation,
    StaffImport,
    User,
)
from learners.reports.names import short_name, unit_names
from learners.tree import tree_on

UNITS = ("unit", "managing_unit_id", "using_unit_id", "commune")
PEOPLE = ("into", "from")
"""Of mergers; elsewhere `from` is a day."""
SHOWN_BY_NOBODY = ("sha256", "post", "request")
"""Keys for whoever compares the log with the tables."""

LABELS: dict[str, type[TextChoices]] = {
    "role": Role,
    "staff_kind": StaffKind,
    "why": EndReason,
    "leave": LeaveKind,
    "right": SubjectRight,
    "kind": BusinessKind,
}
STEPS: dict[str, type[TextChoices]] = {
    Act.ACCOUNT: AccountStep,
    Act.SUBJECT_REQUEST: RequestStep,
    Act.REORGANISED: ReorganisationStep,
    Act.FIGURES: SnapshotState,
    Act.ERASURE: ErasureState,
}


def _names() -> dict[str, str]:
    """What the keys are called, in the order in which they are told."""
    return {
        "role": _("role"),
        "unit": _("unit"),
        "managing_unit_id": _("managing unit"),
        "using_unit_id": _("works at"),
        "commune": _("commune"),
        "staff_kind": _("kind of staff"),
        "title": _("position"),
        "is_it_officer": _("IT officer"),
        "from": _("from"),
        "to": _("to"),
        "last_day": _("last day"),
        "why": _("why it ended"),
        "leave": _("kind of leave"),
        "right": _("what is asked"),
        "kind": _("kind"),
        "name": _("name"),
        "recognition": _("recognition"),
        "full_name": _("full name"),
        "birth_date": _("date of birth"),
        "staff_number": _("staff number"),
        "phone": _("phone"),
        "personal_number": _("personal number"),
        "into": _("into the record of"),
        "rows": _("rows"),
        "people": _("number of people"),
        "file": _("file"),
        "files": _("files"),
        "name_stays": _("name stays"),
        "groups": _("groups"),
        "superuser": _("administrator"),
        "active": _("open"),
        "class": _("class"),
    }


@dataclass(frozen=True)
class Told:
    """One entry, ready to print."""

    entry: AuditEntry
    about: str
    address: str
    """Of what it is about; empty where there is no page."""
    before: list[str]
    after: list[str]


def told(entries: Iterable[AuditEntry]) -> list[Told]:
    """In the order given. At most six queries, however many entries."""
    entries = list(entries)
    known = _Known(entries)
    return [
        Told(
            entry,
            *known.about(entry),
            before=list(known.lines(entry, entry.before, beside=entry.after)),
            after=list(known.lines(entry, entry.after, beside=entry.before)),
        )
        for entry in entries
    ]


_ABOUT = re.compile(r"(.+) (\d+)")


class _Known:
    """The names of whatever some entries mention."""

    def __init__(self, entries: list[AuditEntry]) -> None:
        self.names = _names()
        ids: dict[str, set[int]] = {}
        units: set[int] = set()
        for entry in entries:
            kind, key = _split(entry.about)
            ids.setdefault(kind, set()).add(key)
            for said in (entry.before, entry.after):
                for name, value in _items(said):
                    if name in UNITS and str(value).isdigit():
                        units.add(int(value))
                    if name in PEOPLE and entry.act in (Act.MERGED, Act.UNMERGED):
                        ids.setdefault("person", set()).add(int(value))
        self.units = unit_names(units, tree_on(timezone.localdate())) if units else {}
        people = _found(Person, ids.get("person"), "full_name")
        self.things: dict[str, dict[int, str]] = {
            "person": people,
            "account": _found(User, ids.get("account"), "full_name", "username"),
            "list of staff": _found(StaffImport, ids.get("list of staff"), "name"),
            "business": _found(Business, ids.get("business"), "name"),
            "list of businesses": _found(BusinessList, ids.get("list of businesses"), "name"),
            "reorganisation": _found(Reorganisation, ids.get("reorganisation"), "decision_number"),
            "evidence of class": _found(ClassGroup, ids.get("evidence of class"), "code"),
        }

    def about(self, entry: AuditEntry) -> tuple[str, str]:
        if entry.act == Act.FIGURES:
            return _("figures %(code)s") % {"code": entry.about.removeprefix("figures ")}, ""
        kind, key = _split(entry.about)
        if kind not in self.things:
            return entry.about, ""
        name = self.things[kind].get(key) or f"{_kinds()[kind]} {key}"
        page = PAGES.get(kind)
        return name, reverse(page, args=[key]) if page else ""

    def lines(self, entry: AuditEntry, said: Any, *, beside: Any) -> Iterator[str]:
        """What stands in one half; where there are two, only what differs from the other."""
        other = dict(_items(beside))
        for name, value in _items(said):
            same = other and other.get(name) == value
            if same or name in SHOWN_BY_NOBODY or value in ("", None):
                continue
            yield self._line(entry, name, value)

    def _line(self, entry: AuditEntry, name: str, value: Any) -> str:
        if name in ("step", "state"):
            return _label(STEPS.get(entry.act), value)
        if name == "entered":
            return _("new record")
        if entry.act == Act.STAFF_LIST:
            return f"{_label(RowOutcome, name)}: {value}"
        if entry.act == Act.BUSINESS_LIST:
            return f"{_label(BusinessOutcome, name)}: {value}"
        called = self.names.get(name, name)
        if name == "from" and entry.act == Act.UNMERGED:
            called = _("out of the record of")
        return f"{called}: {self._value(entry, name, value)}"

    def _value(self, entry: AuditEntry, name: str, value: Any) -> str:
        if name in UNITS and str(value).isdigit():
            return short_name(self.units.get(int(value), str(value)))
        if name in PEOPLE and entry.act in (Act.MERGED, Act.UNMERGED):
            return self.things["person"].get(int(value), str(value))
        if name in LABELS:
            return _label(LABELS[name], value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, dict):
            return str(sum(value.values()))
        if isinstance(value, list):
            return str(len(value))
        return _as_day(str(value))


PAGES = {
    "person": "reports:person",
    "list of staff": "reports:staff_list",
    "business": "reports:business",
    "list of businesses": "reports:business_list",
    "reorganisation": "reports:reorganisation",
    "evidence of class": "learners:evidence",
}


def _kinds() -> dict[str, str]:
    return {
        "person": _("record"),
        "account": _("account"),
        "list of staff": _("list of staff"),
        "business": _("business"),
        "list of businesses": _("list of businesses"),
        "reorganisation": _("document"),
        "evidence of class": _("evidence of class"),
    }


def _split(about: str) -> tuple[str, int]:
    found = _ABOUT.fullmatch(about)
    return (found[1], int(found[2])) if found else (about, 0)


@cache
def _places() -> dict[str, int]:
    return {key: place for place, key in enumerate(_names())}


def _items(said: Any) -> list[tuple[str, Any]]:
    """In one order on every database: PostgreSQL keeps keys in another than they were written."""
    if not isinstance(said, dict):
        return []
    places = _places()
    return sorted(said.items(), key=lambda item: places.get(item[0], len(places)))


def _found(model: Any, keys: set[int] | None, *names: str) -> dict[int, str]:
    if not keys:
        return {}
    rows = model.objects.filter(pk__in=keys).order_by().values_list("pk", *names)
    return {pk: next((name for name in said if name), "") for pk, *said in rows}


def _label(choices: type[TextChoices] | None, value: Any) -> str:
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    return str(value)


def _as_day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text))
    except ValueError:
        return text
