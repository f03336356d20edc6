"""What training did for the plan's tasks and solutions, and saying what a class serves."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_POST

from courses.choices import PLAN_VOCABULARIES
from learners.actions.plan_tags import tag_classes
from learners.exports import Column, Kind, Sheet
from learners.permissions import (
    EXPORT_PEOPLE,
    SEE_REPORTS,
    account_of,
    online_results_for,
    participations_for,
    posted_within,
    refuse,
    results_elsewhere_for,
    taggable_classes,
)
from learners.reports.plan_tags import NOT_TAGGED, WHOLE, TagReport, TagRow, signed_at
from learners.reports.results import Results
from learners.views.downloads import source_lines
from learners.views.frame import PARAMETERS, Frame, frame_of
from learners.views.list_pages import list_sheet
from learners.views.lists import ResultList, shown_rows
from learners.views.result_groups import Classes, Courses
from learners.views.result_lists import Completions, Lots, People
from learners.views.ticked import ticked_keys

FIELDS = {"nhiem-vu": "tasks", "giai-phap": "solutions", "linh-vuc": "city_fields"}
"""Vocabularies as they stand in addresses; the first is the default."""

LISTS: dict[str, type[ResultList]] = {
    "lop": Classes,
    "khoa-hoc": Courses,
    "luot": Lots,
    "nguoi": People,
    "hoan-thanh": Completions,
}
"""Lists behind a line, as they stand in addresses; the first is the default."""


@dataclass(frozen=True)
class TagSelection:
    frame: Frame
    by: str
    """A key of FIELDS."""
    as_of: datetime | None
    report: TagReport

    @property
    def heading(self) -> str:
        return _headings()[self.by]


def _headings() -> dict[str, str]:
    return {
        "nhiem-vu": _("Tasks of the plan"),
        "giai-phap": _("Solutions of the plan"),
        "linh-vuc": _("Fields of the smart city"),
    }


def tag_selection(request: HttpRequest, right: str = SEE_REPORTS) -> TagSelection:
    """The report that the address names. 404 for a vocabulary that does not exist."""
    frame = frame_of(request, right)
    by = request.GET.get(PARAMETERS["by"]) or next(iter(FIELDS))
    if by not in FIELDS:
        raise Http404
    lots = participations_for(frame.viewer, frame.period)
    if frame.units is not None:
        lots = lots.filter(organisation__in=frame.units)
    online = posted_within(online_results_for(frame.viewer, frame.period), frame.units)
    as_of = signed_at(frame.period)
    report = TagReport(FIELDS[by], Results(lots, online), as_of)
    return TagSelection(frame, by, as_of, report)


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """One line a task: courses, classes, lượt, people, completions, hours."""
    selection = tag_selection(request)
    context = {
        "frame": selection.frame,
        "selection": selection,
        "rows": selection.report.rows,
        "elsewhere": posted_within(
            results_elsewhere_for(request.user, selection.frame.period), selection.frame.units
        ).count(),
        "headings": _headings().items(),
        "not_tagged": NOT_TAGGED,
        "whole": WHOLE,
    }
    return render(request, "learners/plan_tags/index.html", context)


def plan_tags_sheet(request: HttpRequest) -> Sheet:
    """The rows of the page; the total is its last one."""
    selection = tag_selection(request, EXPORT_PEOPLE)
    *rows, whole = selection.report.rows
    source = source_lines(selection.frame)
    if selection.as_of is not None:
        text = _("What courses and classes serve: as ticked on %(day)s, when the year was signed")
        source.insert(-1, text % {"day": date_format(localdate(selection.as_of))})
    return Sheet(
        name=selection.heading,
        unit=selection.frame.name,
        title=_("What training did: %(heading)s") % {"heading": selection.heading.lower()},
        source=source,
        columns=[
            Column(selection.heading, 60),
            Column(_("Courses"), 10, Kind.NUMBER, whole.courses, is_sum=False),
            Column(_("Classes"), 10, Kind.NUMBER, whole.classes, is_sum=False),
            Column(_("Participations"), 12, Kind.NUMBER, whole.lots, is_sum=False),
            Column(_("People"), 12, Kind.NUMBER, whole.people, is_sum=False),
            Column(_("Completed"), 12, Kind.NUMBER, whole.completed, is_sum=False),
            Column(_("Hours in all"), 12, Kind.NUMBER, whole.hours, is_sum=False),
        ],
        rows=(
            [
                row.label,
                row.courses,
                row.classes,
                row.lots,
                row.people,
                row.completed,
                row.hours,
            ]
            for row in rows
        ),
        total_label=whole.label,
    )


# ------------------------------------------------------------------ the lists behind a line


@dataclass(frozen=True)
class TagList:
    selection: TagSelection
    code: str
    kind: str
    """A key of LISTS."""
    listing: ResultList
    row: TagRow

    @property
    def label(self) -> str:
        return self.selection.report.label(self.code)


def tag_list(request: HttpRequest, right: str = SEE_REPORTS) -> TagList:
    """The list that the address names. 404 for a code or a list that does not exist."""
    selection = tag_selection(request, right)
    code = request.GET.get(PARAMETERS["code"]) or WHOLE
    kind = request.GET.get(PARAMETERS["list"]) or next(iter(LISTS))
    if code not in selection.report.codes or kind not in LISTS:
        raise Http404
    row = selection.report.row(code)
    count = {
        "lop": row.classes,
        "khoa-hoc": row.courses,
        "luot": row.lots,
        "nguoi": row.people,
        "hoan-thanh": row.completed,
    }
    listing = LISTS[kind](selection.report.results_of(code), selection.frame.tree, count[kind])
    return TagList(selection, code, kind, listing, row)


@login_required
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """The courses, classes, lượt, people or completions that one line counts."""
    found = tag_list(request)
    selection, row = found.selection, found.row
    page = found.listing.page(request.GET.get(PARAMETERS["page"]))
    rows = found.listing.rows(list(page.object_list))
    shown = shown_rows(request.user, selection.frame, found.listing, rows)
    context = {
        "frame": selection.frame,
        "selection": selection,
        "found": found,
        "listing": found.listing,
        "page": page,
        "rows": shown,
        "taggable": {one.key for one in shown if one.may_tag},
        "codes": PLAN_VOCABULARIES[FIELDS[selection.by]].choices,
        "row": row,
        "lists": [
            ("khoa-hoc", row.courses, _("courses")),
            ("lop", row.classes, _("classes")),
            ("luot", row.lots, pgettext("counted", "participations")),
            ("nguoi", row.people, pgettext("counted", "people")),
            ("hoan-thanh", row.completed, _("completed")),
        ],
    }
    return render(request, "learners/plan_tags/results.html", context)


def tag_list_sheet(request: HttpRequest) -> tuple[Sheet, int]:
    """All rows of the list, and how many."""
    found = tag_list(request, EXPORT_PEOPLE)
    heading = found.selection.heading
    words = f"{heading}: {found.label}"
    return list_sheet(found.selection.frame, found.listing, filters=words), found.listing.count


@login_required
@require_POST
def tag(request: HttpRequest) -> HttpResponse:
    """Say of the classes ticked that they serve one task, or that they do not."""
    selection = tag_selection(request)
    field = FIELDS[selection.by]
    code, serves = request.POST.get("code", ""), "take_off" not in request.POST
    ticked = ticked_keys(request, "class")
    mine = taggable_classes(request.user).filter(pk__in=ticked)
    if ticked and not mine.exists():
        raise refuse(request.user, "tags of classes", ticked[0])
    back = f"{reverse('reports:plan_tag_list')}?{request.GET.urlencode()}"
    if code not in PLAN_VOCABULARIES[field].values or not ticked:
        messages.warning(
            request, _("Nothing was changed: tick classes, and choose what they serve.")
        )
        return redirect(back)
    pks = mine.values_list("pk", flat=True)
    done = tag_classes(
        classes=pks, field=field, code=code, serves=serves, by=account_of(request.user)
    )
    text = ngettext("%(n)d class changed.", "%(n)d classes changed.", done) % {"n": done}
    messages.success(request, text)
    if selection.as_of is not None:
        messages.info(request, _("The figures of this year stay as they were signed."))
    return redirect(back)
