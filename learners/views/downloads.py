"""The same rows as on the pages, as sheets that become workbooks, CSV or PDF."""

import logging
from collections.abc import Iterator, Sequence
from typing import IO

from django.http import FileResponse, HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from learners.actions.audit import note
from learners.choices import Act, IndicatorCode, Status
from learners.exports import Cell, Column, Kind, Sheet, stamp
from learners.models import Participation
from learners.permissions import EXPORT_PEOPLE, account_of
from learners.reports.batches import id_batches
from learners.reports.completion import UnitRow, arranged, total_of, unit_rows
from learners.reports.names import unit_names
from learners.reports.plan import rules_on
from learners.reports.windows import IN_WINDOW
from learners.views.frame import Frame, frame_of
from learners.views.selection import (
    ParticipationSelection,
    PeopleSelection,
    audience_label,
    topic_label,
)
from learners.views.windows import frame_people
from learners.views.wording import status_label

logger = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def units_sheet(request: HttpRequest) -> Sheet:
    """All rows of the table of units, lowest share first."""
    frame = frame_of(request, EXPORT_PEOPLE, windows=True)
    found = frame_people(frame)
    rows = arranged(
        unit_rows(frame.period, frame.tree, frame.unit, found.by_unit if found else None)
    )
    total = total_of(rows)
    new = [Column(status_label(IN_WINDOW), 12, Kind.NUMBER, total.of(IN_WINDOW))]
    statuses = [
        Column(status_label(status), 11, Kind.NUMBER, total.of(status)) for status in Status
    ]
    return Sheet(
        name=_("Units"),
        unit=frame.name,
        title=_("Digital training of staff by unit"),
        source=source_lines(frame, IndicatorCode.STAFF_TRAINED),
        columns=[
            Column(_("Unit"), 44),
            Column(_("Headcount"), 10, Kind.NUMBER, total.headcount),
            *(new if frame.is_part else []),
            Column(_reached_title(frame), 12, Kind.NUMBER, total.reached),
            Column(_("Missing"), 10, Kind.NUMBER, total.missing),
            Column(_("Share (%)"), 10, Kind.PERCENT, total.percent),
            *statuses,
        ],
        rows=(unit_cells(row, with_new=frame.is_part) for row in rows),
        total_label=_("Total"),
    )


def _reached_title(frame: Frame) -> str:
    return _("Reached since the year began") if frame.is_part else _("Reached")


def unit_cells(row: UnitRow, *, with_new: bool = False) -> list[Cell]:
    name = row.name or _("Units no longer in the tree")
    return [
        _("%(unit)s, own staff") % {"unit": name} if row.is_own else name,
        row.counts.headcount,
        *([row.counts.of(IN_WINDOW)] if with_new else []),
        row.counts.reached,
        row.counts.missing,
        row.counts.percent,
        *(row.counts.of(status) for status in Status),
    ]


def people_sheet(selection: PeopleSelection) -> Sheet:
    """Every person of the list, in its order."""
    frame = selection.frame
    reach = status_label(IN_WINDOW) if selection.reach else ""
    filters = [reach, selection.using_label, selection.words]
    return Sheet(
        unit=frame.name,
        name=status_label(selection.status),
        title=_("Staff list: %(status)s") % {"status": status_label(selection.status)},
        source=source_lines(frame, IndicatorCode.STAFF_TRAINED, _filter_words(filters)),
        columns=[
            Column(_("Full name"), 28),
            Column(_("Staff number"), 16),
            Column(_("Unit"), 40),
            Column(_("Using unit"), 40),
            Column(_("Position"), 28),
            Column(_("Status"), 20),
            Column(_("Evidence or reason"), 40),
            Column(_("Date"), 12, Kind.DAY),
        ],
        rows=_person_cells(selection),
        total_label=_("Total: %(count)s people") % {"count": selection.count},
    )


def _person_cells(selection: PeopleSelection) -> Iterator[list[Cell]]:
    for row in selection.rows():
        yield [
            row.full_name,
            row.staff_number,
            row.unit,
            row.using_unit,
            row.title,
            status_label(row.status),
            row.reason,
            row.day,
        ]


def participations_sheet(selection: ParticipationSelection) -> Sheet:
    """Every participation of the list, the newest first."""
    frame = selection.frame
    return Sheet(
        unit=frame.name,
        name=_("Participations"),
        title=_("Participations in e-commerce training"),
        source=source_lines(frame, IndicatorCode.PARTICIPATIONS, _filter_words(selection.filters)),
        columns=[
            Column(_("Full name"), 28),
            Column(_("Audience"), 26),
            Column(_("Unit or commune"), 40),
            Column(_("Topic"), 24),
            Column(_("Class"), 40),
            Column(_("Provider"), 30),
            Column(_("Completed"), 14),
            Column(_("Date"), 12, Kind.DAY),
        ],
        rows=_participation_cells(selection),
        total_label=_("Total: %(count)s participations") % {"count": selection.count},
    )


def _participation_cells(selection: ParticipationSelection) -> Iterator[list[Cell]]:
    found = selection.participations.order_by("-happened_on", "-pk")
    units = found.order_by().values_list("organisation_id", flat=True).distinct()
    names = unit_names(units, selection.frame.tree)
    whole = Participation.objects.select_related("person", "class_group__provider")
    for batch in id_batches(found):
        by_pk = whole.in_bulk(batch)
        for row in (by_pk[pk] for pk in batch if pk in by_pk):
            yield [
                row.person.full_name,
                audience_label(row.audience),
                names.get(row.organisation_id, ""),
                topic_label(row.class_group.topic),
                row.class_group.title,
                row.class_group.provider.name,
                _("Yes") if row.completed else _("No"),
                row.happened_on,
            ]


def source_lines(
    frame: Frame, indicator: IndicatorCode | None = None, filters: str = ""
) -> list[str]:
    """Where the figures come from, in words: unit, period, tree, filter, rule, time."""
    rule = rules_on(frame.cut_off).get(indicator) if indicator else None
    lines = [
        _("Unit: %(unit)s") % {"unit": frame.name},
        _("Period %(first)s to %(last)s, units as on %(day)s")
        % {
            "first": date_format(frame.window.starts_on),
            "last": date_format(frame.window.ends_on),
            "day": date_format(frame.grouped_on),
        },
    ]
    if frame.is_part:
        lines.insert(1, frame.window_name)
        lines.append(
            _("“Since the year began” counts from %(since)s; read on %(day)s.")
            % {
                "since": date_format(frame.window.year_starts_on),
                "day": date_format(frame.cut_off),
            }
        )
    if filters:
        lines.append(_("Only: %(filters)s") % {"filters": filters})
    if rule:
        lines.append(
            _("Rule %(version)s: %(rule)s") % {"version": rule.version, "rule": rule.sentence}
        )
    return [*lines, stamp()]


def _filter_words(filters: Sequence[str]) -> str:
    return ", ".join(word for word in filters if word)


def download(
    request: HttpRequest,
    file: IO[bytes],
    name: str,
    content_type: str = XLSX,
    act: Act = Act.LIST_TAKEN_OUT,
) -> FileResponse:
    logger.info("download: account %s, %s", request.user.pk, name)
    note(act, name, by=account_of(request.user))
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
