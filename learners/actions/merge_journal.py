"""Every row that a merger writes, remembered, so that undoing it is exact or refused."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from learners.actions import participation_tallies
from learners.models import (
    Attendance,
    ClassTold,
    Enrolment,
    Leave,
    Participation,
    Person,
    PersonalNumber,
    Post,
    Recheck,
    Reminder,
    Seat,
    SubjectRequest,
    SurveyTicket,
    TrainingRecord,
    User,
)

TABLES: dict[str, Any] = {
    str(model._meta.model_name): model
    for model in (
        Attendance,
        ClassTold,
        Enrolment,
        Leave,
        Participation,
        Person,
        PersonalNumber,
        Post,
        Recheck,
        Reminder,
        Seat,
        SubjectRequest,
        SurveyTicket,
        TrainingRecord,
        User,
    )
}
"""Whose rows a merger may write; what is not here stays where it was."""


class CannotUndo(Exception):
    """A row was changed since; str() says which. Nothing is undone."""


class Journal:
    """Writes rows one by one and remembers what they were."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def change(self, row: Model, **values: Any) -> None:
        was = {name: getattr(row, name) for name in values}
        if was == values:
            return
        type(row)._default_manager.filter(pk=row.pk).update(**values)
        for name, value in values.items():
            setattr(row, name, value)
        self._remember(row, was, values)

    def make(self, row: Model) -> None:
        row.save(force_insert=True)
        self._remember(row, None, {"person_id": row.person_id})  # type: ignore[attr-defined]

    def remove(self, row: Model) -> None:
        was = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        pk = row.pk
        row.delete()
        row.pk = pk
        self._remember(row, was, None)

    def move(self, rows: Iterable[Model], to: Person) -> None:
        for row in rows:
            self.change(row, person_id=to.pk)

    def _remember(
        self, row: Model, was: dict[str, Any] | None, became: dict[str, Any] | None
    ) -> None:
        table = row._meta.model_name
        key = str(row.pk) if table == SurveyTicket._meta.model_name else row.pk
        self.lines.append({"table": table, "row": key, "was": was, "became": became})

    def counts(self) -> dict[str, int]:
        return counts_of(self.lines)


def counts_of(lines: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Rows by what happened to them: "post moved", "participation removed"."""
    done: Counter[str] = Counter()
    for line in lines:
        if line["became"] is None:
            done[f"{line['table']} removed"] += 1
        elif line["was"] is None:
            done[f"{line['table']} made"] += 1
        elif "person_id" in line["became"]:
            done[f"{line['table']} moved"] += 1
    return dict(sorted(done.items()))


def restore(line: dict[str, Any]) -> None:
    model = TABLES[line["table"]]
    rows = model._default_manager.filter(pk=line["row"])
    counted = rows.select_related("class_group") if model is Participation else []
    for row in counted:
        participation_tallies.remove(row)
    _write_back(model, rows, line)
    for row in model._default_manager.filter(pk=line["row"]) if model is Participation else []:
        participation_tallies.add([row])


def _write_back(model: Any, rows: Any, line: dict[str, Any]) -> None:
    if line["became"] is None:
        was = _typed(model, line["was"])
        model(**was).save(force_insert=True)
        rows.update(**was)  # Columns that the clock fills.
        return
    # A condition on what the merger wrote: whoever changed it since is not overwritten.
    untouched = rows.filter(**_typed(model, line["became"]))
    if line["was"] is None:
        done = untouched.delete()[0]
    else:
        done = untouched.update(**_typed(model, line["was"]))
    if not done:
        text = _("“%(what)s” was changed since the merger: nothing is undone.")
        raise CannotUndo(text % {"what": model._meta.verbose_name})


def _typed(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """As Python holds what JSON kept."""
    return {
        name: None if value is None else model._meta.get_field(name).to_python(value)
        for name, value in values.items()
    }
