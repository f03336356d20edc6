"""Every row that a document writes, remembered, so that taking it back is exact or refused."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from learners.models import (
    AgeTally,
    Assignment,
    Organisation,
    OrganisationVersion,
    Person,
    Post,
    Reorganisation,
    ReorganisationChange,
    RoleGrant,
    StaffTally,
    Succession,
)

BATCH = 1000

Item = TypeVar("Item")
Values = dict[str, Any]
"""Of a row, by column."""

_DATES = {"valid_from", "valid_to", "effective_from"}


class Table(NamedTuple):
    """A table that documents write, with the columns that undo must find as they were left."""

    name: str
    model: Any
    label: Any
    columns: tuple[str, ...]


POSTS = Table(
    "post",
    Post,
    _("posts"),
    (
        "person_id",
        "managing_unit_id",
        "using_unit_id",
        "staff_kind",
        "title",
        "is_main",
        "is_it_officer",
        "valid_from",
        "valid_to",
    ),
)
GRANTS = Table(
    "grant",
    RoleGrant,
    _("roles"),
    ("user_id", "role", "organisation_id", "valid_from", "valid_to"),
)
ASSIGNMENTS = Table("assignment", Assignment, _("assignments"), ("unit_id",))
RESIDENTS = Table("resident", Person, _("people"), ("commune_id",))
SUCCESSIONS = Table(
    "succession",
    Succession,
    _("successions"),
    ("predecessor_id", "successor_id", "kind", "effective_from", "note"),
)
PERIODS = Table(
    "period",
    OrganisationVersion,
    _("periods of organisations"),
    (
        "organisation_id",
        "code",
        "name",
        "level",
        "parent_id",
        "is_specialised",
        "valid_from",
        "valid_to",
    ),
)
UNITS = Table("unit", Organisation, _("organisations"), ("key",))

HANGING_ON_UNITS = (POSTS, GRANTS, ASSIGNMENTS, RESIDENTS, SUCCESSIONS, PERIODS)


class CannotUndo(Exception):
    """Something that the document wrote was changed since; str() says what. Nothing is undone."""


class Journal:
    """Writes rows and remembers them; `keep` stores what it remembers."""

    def __init__(self, document: Reorganisation) -> None:
        self.document = document
        self._changes: list[ReorganisationChange] = []

    def make(self, table: Table, rows: Sequence[Any]) -> None:
        """Store new rows of one table."""
        table.model.objects.bulk_create(rows, batch_size=BATCH)
        for row in rows:
            became = {name: getattr(row, name) for name in table.columns}
            self._remember(table, row.pk, None, became)

    def change(self, table: Table, values: Mapping[int, tuple[Values, Values]]) -> None:
        """Store other values in rows of one table: by row, those before and those after."""
        _write(table, {row_id: after for row_id, (_before, after) in values.items()})
        for row_id, (before, after) in values.items():
            self._remember(table, row_id, before, after)

    def _remember(self, table: Table, row_id: int, was: Values | None, became: Values) -> None:
        self._changes.append(
            ReorganisationChange(
                reorganisation=self.document,
                table=table.name,
                row_id=row_id,
                was=None if was is None else _plain(was),
                became=_plain(became),
            )
        )

    def keep(self) -> None:
        ReorganisationChange.objects.bulk_create(self._changes, batch_size=BATCH)


def people_moved(document: Reorganisation) -> list[int]:
    """Everybody whose posts the document wrote, unit by unit."""
    rows: set[tuple[int, int]] = set()
    for ids in batches([change.row_id for change in document.changes.filter(table=POSTS.name)]):
        posts = Post.objects.filter(pk__in=ids)
        rows.update(posts.values_list("managing_unit_id", "person_id"))
    return list(dict.fromkeys(person_id for _unit, person_id in sorted(rows)))


def check_untouched(document: Reorganisation) -> None:
    """Raises CannotUndo unless every row is still as the document left it."""
    for table in (*HANGING_ON_UNITS, UNITS):
        touched = 0
        for changes in batches(list(document.changes.filter(table=table.name))):
            wanted = {change.row_id: change.became for change in changes}
            columns = {name for became in wanted.values() for name in became}
            found = table.model.objects.filter(pk__in=wanted).values("pk", *columns)
            rows = {row.pop("pk"): _plain(row) for row in found}
            touched += sum(
                row_id not in rows or not became.items() <= rows[row_id].items()
                for row_id, became in wanted.items()
            )
        if touched:
            text = _(
                "%(n)d rows of “%(table)s” were changed since, by hand or by a later document."
            )
            raise CannotUndo(text % {"n": touched, "table": table.label})


def take_back(document: Reorganisation, table: Table) -> None:
    """Remove the rows that the document made in the table and restore the others.

    Raises CannotUndo when something hangs on a row that it made.
    """
    changes = list(document.changes.filter(table=table.name))
    _remove(table, [change.row_id for change in changes if change.was is None])
    _write(table, {change.row_id: _typed(change.was) for change in changes if change.was})


def _remove(table: Table, ids: Sequence[int]) -> None:
    try:
        for batch in batches(ids):
            if table is UNITS:
                # Nobody is counted there any more; what is not empty is protected.
                for tally in (StaffTally, AgeTally):
                    tally.objects.filter(organisation__in=batch, people=0).delete()
            table.model.objects.filter(pk__in=batch).delete()
    except ProtectedError as error:
        tables = (*HANGING_ON_UNITS, UNITS)
        labels = {type(row): row for row in error.protected_objects}
        known = [str(table.label) for table in tables if table.model in labels]
        text = gettext("New units are in use since (%(what)s). Move or remove that first.")
        what = ", ".join(known) or gettext("results of training")
        raise CannotUndo(text % {"what": what}) from None


def _write(table: Table, values: Mapping[int, Values]) -> None:
    """One statement for all rows that get the same values; the register's stamp moves along."""
    alike: dict[tuple, list[int]] = defaultdict(list)
    for row_id, fields in values.items():
        alike[tuple(fields.items())].append(row_id)
    stamp = {"updated_at": timezone.now()} if table is PERIODS else {}
    for fields_of_all, ids in alike.items():
        for batch in batches(ids):
            rows = table.model.objects.filter(pk__in=batch)
            rows.update(**dict(fields_of_all), **stamp)


def _plain(values: Values) -> Values:
    """As JSON keeps them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _typed(values: Values) -> Values:
    return {
        name: date.fromisoformat(value) if value and name in _DATES else value
        for name, value in values.items()
    }


def batches(rows: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """So many rows at a time as one statement can name."""
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
