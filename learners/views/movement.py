"""Headcount movement of a unit and those below it, and the names behind each of its figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from learners.choices import EndReason, IndicatorCode
from learners.exports import Cell, Column, Kind, Sheet, stamp
from learners.models import Person
from learners.permissions import SEE_REPORTS, records_for
from learners.reports.counting import staff_kinds_of
from learners.reports.movement import (
    ELSEWHERE,
    Asked,
    Figures,
    Line,
    Movement,
    Reason,
    RowKey,
    movement_of,
)
from learners.reports.movement_lists import (
    MovementRow,
    all_rows,
    entries,
    entry_rows,
    post_rows,
    standing_there,
    with_page,
)
from learners.reports.names import short_name
from learners.reports.paging import CountedPaginator
from learners.reports.places import FixedPlaces, Places
from learners.reports.plan import targets_of
from learners.reports.windows import is_long
from learners.views.frame import PARAMETERS, Frame, frame_of
from learners.views.windows import too_long

ON_A_PAGE = 50
OWN = "rieng-"
"""Before the id of a unit: its own people, without those below it."""
GONE = "khac"
FLOWS = (Line.JOINED, Line.LEFT, Line.CAME, Line.WENT)


def line_label(line: str) -> str:
    return {
        Line.OPENING: _("At the beginning"),
        Line.JOINED: _("Joined"),
        Line.LEFT: _("Left"),
        Line.CAME: _("Transferred in"),
        Line.WENT: _("Transferred out"),
        Line.CLOSING: _("At the end"),
    }[Line(line)]


def reason_label(reason: str) -> str:
    """Why somebody joined, left or was transferred; nothing of who was there all along."""
    if reason in EndReason.values:
        return str(EndReason(reason).label)
    labels = {
        Reason.NEW: _("New in the register"),
        Reason.RETURNED: _("Came back to the service"),
        Reason.NOW_COUNTED: _("Change of staff kind: counted since"),
        Reason.NOT_COUNTED: _("Change of staff kind: no longer counted"),
        Reason.REORGANISED: _("Reorganisation of units"),
        Reason.UNKNOWN: _("Reason not recorded"),
    }
    return labels[Reason(reason)] if reason else ""


def row_address(key: RowKey | None) -> str:
    """A line of the table as addresses name it."""
    if key is None:
        return ""
    if key == ELSEWHERE:
        return GONE
    return f"{OWN}{key.unit}" if key.kind == "own" else str(key.unit)


def _row_asked(request: HttpRequest) -> RowKey | None:
    asked = request.GET.get(PARAMETERS["row"], "")
    if not asked:
        return None
    if asked == GONE:
        return ELSEWHERE
    kind, number = ("own", asked.removeprefix(OWN)) if asked.startswith(OWN) else ("child", asked)
    if not (number.isascii() and number.isdigit()):
        raise Http404
    return RowKey(kind, int(number))


def frame_movement(frame: Frame) -> Movement:
    """The movement of the frame's unit and days, in the words of its tree.

    Where the address names a tree, all is told by that one tree: what a reorganisation does is
    no movement then.
    """
    kinds = staff_kinds_of(frame.period.year)
    first, last = frame.window.starts_on, frame.cut_off
    eve = Asked.eve_of(first)
    places = Places(frame.tree, eve, last)
    if frame.tree_day is not None:
        places = FixedPlaces(frame.tree, places.units(), eve, last)
    return movement_of(Asked(places, frame.unit, first, last, kinds))


@dataclass(frozen=True)
class MovementLine:
    """One line of the table."""

    key: RowKey
    address: str
    name: str
    unit: int | None
    """Of a unit with a page of its own."""
    figures: Figures


def table_of(movement: Movement) -> list[MovementLine]:
    return [
        MovementLine(
            key,
            row_address(key),
            row_name(movement, key),
            key.unit if key.kind == "child" else None,
            figures,
        )
        for key, figures in movement.rows.items()
    ]


def row_name(movement: Movement, key: RowKey) -> str:
    tree = movement.asked.places.tree
    if key == ELSEWHERE or key.unit not in tree:
        return _("Units that are no more, or no longer below this one")
    name = short_name(tree.name(key.unit))
    return _("%(unit)s, own staff") % {"unit": name} if key.kind == "own" else name


def movement_frame(request: HttpRequest, right: str = SEE_REPORTS) -> Frame:
    """Units whole with all below them: a part of a unit is a line of its table."""
    frame = frame_of(request, right, windows=True)
    if frame.part:
        raise Http404
    return frame


@login_required
@require_GET
def movement(request: HttpRequest) -> HttpResponse:
    """Opening + joined − left + came − went = closing, for the unit and each line below it."""
    frame = movement_frame(request)
    if is_long(frame.cut_off, frame.units):
        return too_long(request, frame, "movement")
    found = frame_movement(frame)
    context = {
        "frame": frame,
        "movement": found,
        "lines": list(Line),
        "rows": table_of(found),
        "opening_day": found.asked.eve,
        "reasons": [
            (line, reason_label(reason), people)
            for line in FLOWS
            for reason, people in found.reasons.get(line, {}).items()
        ],
        "tree_sentence": tree_sentence(frame),
        "denominator": targets_of(frame.period).get(IndicatorCode.STAFF_TRAINED),
    }
    return render(request, "learners/reports/movement.html", context)


# ------------------------------------------------------------------ names


@dataclass(frozen=True)
class MovementSelection:
    """The people behind one figure."""

    frame: Frame
    line: Line
    row: RowKey | None

    @cached_property
    def movement(self) -> Movement:
        """Counted when first asked for."""
        return frame_movement(self.frame)

    @cached_property
    def count(self) -> int:
        """The figure on the page that leads here."""
        figures = self.movement.whole
        if self.row is not None:
            figures = self.movement.rows.get(self.row, Figures())
        return figures.of[self.line]

    @property
    def is_flow(self) -> bool:
        return self.line in FLOWS

    @property
    def name(self) -> str:
        """Whose people."""
        return self.frame.name if self.row is None else row_name(self.movement, self.row)

    @property
    def day(self) -> date:
        """Of the opening or closing figure."""
        asked = self.movement.asked
        return asked.eve if self.line == Line.OPENING else asked.last

    def page(self, number: str, seen: QuerySet[Person]) -> tuple[Page, list[MovementRow]]:
        """Fifty of them; `seen` are the people whose page the viewer may open."""
        if self.is_flow:
            found = entries(self.movement, self.line, self.row)
            shown = Paginator(found, ON_A_PAGE).get_page(number)
            return shown, entry_rows(self.movement, list(shown.object_list), seen)
        posts = standing_there(self.movement, self.line, self.row).select_related("person")
        page = CountedPaginator(with_page(posts, seen), ON_A_PAGE, self.count).get_page(number)
        return page, post_rows(list(page.object_list), self.day)

    def rows(self) -> Iterator[MovementRow]:
        return all_rows(self.movement, self.line, self.row)


def movement_selection(request: HttpRequest, right: str = SEE_REPORTS) -> MovementSelection:
    """The figure that the address names; 404 for one that does not exist."""
    frame = movement_frame(request, right)
    asked = request.GET.get(PARAMETERS["line"]) or Line.OPENING
    if asked not in set(Line):
        raise Http404
    return MovementSelection(frame, Line(asked), _row_asked(request))


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The names behind one figure, fifty a page."""
    selection = movement_selection(request)
    if is_long(selection.frame.cut_off, selection.frame.units):
        return too_long(request, selection.frame, "movement_people")
    page, rows = selection.page(request.GET.get("trang", ""), records_for(request.user))
    context = {
        "frame": selection.frame,
        "selection": selection,
        "label": line_label(selection.line),
        "page": page,
        "rows": [(row, reason_label(row.reason)) for row in rows],
        "row": row_address(selection.row),
        "line": selection.line.value,
        "lines": [(line.value, line_label(line)) for line in Line],
        "keep": {"line": selection.line.value, "row": row_address(selection.row)},
    }
    return render(request, "learners/reports/movement_people.html", context)


# ------------------------------------------------------------------ files


def movement_sheet(frame: Frame) -> Sheet:
    """The table; its last line takes out the transfers between lines, so that it adds up."""
    found = frame_movement(frame)
    return Sheet(
        name=pgettext("sheet", "Movement"),
        unit=frame.name,
        title=_("Headcount movement"),
        source=_source(found, frame),
        columns=[
            Column(_("Unit"), 44),
            *(Column(line_label(line), 12, Kind.NUMBER, found.whole.of[line]) for line in Line),
        ],
        rows=_table_cells(found),
        total_label=_("Total"),
    )


def _table_cells(movement: Movement) -> Iterator[list[Cell]]:
    for line in table_of(movement):
        yield [line.name, *(line.figures.of[one] for one in Line)]
    if movement.inside:
        inside = {Line.CAME: -movement.inside, Line.WENT: -movement.inside}
        yield [_("Less transfers between these lines"), *(inside.get(one, 0) for one in Line)]


def movement_people_sheet(selection: MovementSelection) -> Sheet:
    """Everybody behind one figure."""
    frame = selection.frame
    return Sheet(
        name=line_label(selection.line),
        unit=frame.name,
        title=_("Headcount movement: %(line)s, %(unit)s")
        % {"line": line_label(selection.line).lower(), "unit": selection.name},
        source=_source(selection.movement, frame),
        columns=[
            Column(_("Full name"), 28),
            Column(_("Staff number"), 16),
            Column(_("Kind of staff"), 18),
            Column(_("Position"), 24),
            Column(_("From unit"), 36),
            Column(_("To unit"), 36),
            Column(_("Since"), 12, Kind.DAY),
            Column(_("Reason"), 28),
            Column(_("Decision"), 36),
        ],
        rows=(
            [
                row.full_name,
                row.staff_number,
                row.staff_kind,
                row.title,
                row.origin,
                row.target,
                row.day,
                reason_label(row.reason),
                row.decision,
            ]
            for row in selection.rows()
        ),
        total_label=_("Total: %(count)s people") % {"count": selection.count},
    )


def _source(movement: Movement, frame: Frame) -> list[str]:
    target = targets_of(frame.period).get(IndicatorCode.STAFF_TRAINED)
    lines = [
        _("Unit: %(unit)s") % {"unit": frame.name},
        frame.window_name,
        _("From the evening of %(eve)s to %(last)s, units as on %(day)s")
        % {
            "eve": date_format(movement.asked.eve),
            "last": date_format(movement.asked.last),
            "day": date_format(frame.grouped_on),
        },
        tree_sentence(frame),
    ]
    if target and target.denominator:
        lines.append(_("Denominator: %(who)s.") % {"who": target.denominator.sentence})
    return [*lines, stamp()]


def tree_sentence(frame: Frame) -> str:
    """What a reorganisation does to these figures."""
    if frame.tree_day is not None:
        return _(
            "Told by the units of %(day)s throughout: what reorganisations did to units is no"
            " movement here."
        ) % {"day": date_format(frame.tree_day)}
    return _(
        "A unit that was put below another one counts as transferred, with its people; a unit that"
        " was merged or renamed in place moved nobody."
    )
