"""The plan's two smaller indicators: institutions that teach, agencies with an IT officer."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses.text import fold
from learners.choices import IndicatorCode, Level
from learners.exports import Cell, Column, Kind, Sheet
from learners.permissions import EXPORT_PEOPLE, SEE_REPORTS, people_for, refuse
from learners.reports.completion import percent
from learners.reports.institutions import InstitutionRow, Reason, institution_rows
from learners.reports.it_officers import Agency, agency_rows
from learners.reports.names import short_name
from learners.reports.plan import rules_on, targets_of
from learners.views.downloads import source_lines
from learners.views.frame import PARAMETERS, Frame, frame_of


@dataclass(frozen=True)
class Institutions:
    frame: Frame
    rows: list[InstitutionRow]

    @property
    def counted(self) -> int:
        return sum(row.is_counted for row in self.rows)


def _institutions(request: HttpRequest, right: str = SEE_REPORTS) -> Institutions:
    """For whoever sees the whole province, of which the plan asks it."""
    frame = frame_of(request, right)
    if frame.roots is not None:
        raise refuse(request.user, "institutions of", frame.period.year)
    return Institutions(frame, institution_rows(frame.period, timezone.localdate()))


@login_required
@require_GET
def institutions(request: HttpRequest) -> HttpResponse:
    """Each institution: counted, with the class that proves it, or why it is not."""
    found = _institutions(request)
    day = found.frame.period.cut_off()
    context = {
        "frame": found.frame,
        "found": found,
        "rows": [(row, reason_words(row)) for row in found.rows],
        "target": targets_of(found.frame.period).get(IndicatorCode.PROVIDERS),
        "rule": rules_on(day).get(IndicatorCode.PROVIDERS),
    }
    return render(request, "learners/reports/institutions.html", context)


def reason_words(row: InstitutionRow) -> str:
    """Why the institution counts or does not, in one sentence."""
    day = date_format(row.begins_on) if row.begins_on else ""
    return {
        Reason.COUNTED: _("Somebody has completed one of its e-commerce classes."),
        Reason.NO_INSTITUTION: _("It is no educational institution, so it is not counted."),
        Reason.NO_CLASS: _("It has no e-commerce class this year."),
        Reason.AHEAD: _("Its first e-commerce class begins on %(day)s."),
        Reason.NOBODY: _("Nobody has taken part in its e-commerce classes yet."),
        Reason.NOT_COMPLETED: _("People took part, and nobody has completed the class yet."),
    }[row.reason] % {"day": day}


def institutions_sheet(request: HttpRequest) -> Sheet:
    found = _institutions(request, EXPORT_PEOPLE)
    return Sheet(
        name=_("Institutions"),
        unit=found.frame.name,
        title=_("Educational institutions that teach e-commerce"),
        source=source_lines(found.frame, IndicatorCode.PROVIDERS),
        columns=[
            Column(_("Provider"), 40),
            Column(_("Counted"), 10, Kind.NUMBER, found.counted),
            Column(_("Reason"), 50),
            Column(_("Class that proves it"), 40),
            Column(_("E-commerce classes"), 12, Kind.NUMBER, sum(r.classes for r in found.rows)),
            Column(_("Participations"), 12, Kind.NUMBER, sum(r.lots for r in found.rows)),
            Column(_("Completed"), 12, Kind.NUMBER, sum(r.completed for r in found.rows)),
        ],
        rows=(
            [
                row.provider.name,
                int(row.is_counted),
                reason_words(row),
                str(row.proof) if row.proof else "",
                row.classes,
                row.lots,
                row.completed,
            ]
            for row in found.rows
        ),
        total_label=_("Total"),
    )


# ------------------------------------------------------------------ officers in charge of IT


@dataclass(frozen=True)
class Agencies:
    frame: Frame
    all: list[Agency]
    state: str
    """Empty, "co" (has one) or "chua" (has none)."""
    level: str
    words: str

    @property
    def covered(self) -> int:
        return sum(bool(agency.officers) for agency in self.all)

    @property
    def rows(self) -> list[Agency]:
        wanted = fold(self.words)
        return [
            agency
            for agency in self.all
            if self.state in ("", "co" if agency.officers else "chua")
            and self.level in ("", agency.level)
            and wanted in fold(agency.name)
        ]


def _agencies(request: HttpRequest, right: str = SEE_REPORTS) -> Agencies:
    """The agencies that the address names. 404 for a state or level that does not exist."""
    frame = frame_of(request, right)
    state = request.GET.get(PARAMETERS["status"], "")
    level = request.GET.get(PARAMETERS["level"], "")
    if state not in ("", "co", "chua") or level not in ("", *Level.values):
        raise Http404
    rows = agency_rows(frame.tree, frame.unit, frame.period.cut_off())
    return Agencies(frame, rows, state, level, request.GET.get(PARAMETERS["search"], ""))


@login_required
@require_GET
def it_officers(request: HttpRequest) -> HttpResponse:
    """Each agency with its officers in charge of IT, those without one first."""
    found = _agencies(request)
    rows = found.rows
    people = [post.person_id for agency in rows for post in agency.officers]
    visible = people_for(request.user).filter(pk__in=people)
    day = found.frame.period.cut_off()
    context = {
        "frame": found.frame,
        "found": found,
        "rows": [(agency, short_name(agency.name)) for agency in rows],
        "share": percent(found.covered, len(found.all)),
        "missing": len(found.all) - found.covered,
        "levels": [one for one in Level if any(agency.level == one for agency in found.all)],
        "with_page": set(visible.values_list("pk", flat=True)),
        "target": targets_of(found.frame.period).get(IndicatorCode.IT_OFFICERS),
        "rule": rules_on(day).get(IndicatorCode.IT_OFFICERS),
    }
    return render(request, "learners/reports/it_officers.html", context)


def it_officers_sheet(request: HttpRequest) -> Sheet:
    found = _agencies(request, EXPORT_PEOPLE)
    rows = found.rows
    return Sheet(
        name=_("IT officers"),
        unit=found.frame.name,
        title=_("Officers in charge of information technology"),
        source=source_lines(found.frame, IndicatorCode.IT_OFFICERS, found.words),
        columns=[
            Column(_("Agency"), 46),
            Column(_("Level"), 16),
            Column(_("Has one"), 10, Kind.NUMBER, sum(bool(row.officers) for row in rows)),
            Column(_("Officers"), 50),
            Column(_("Since"), 12, Kind.DAY),
        ],
        rows=_agency_cells(rows),
        total_label=_("Total: %(count)s agencies") % {"count": len(rows)},
    )


def _agency_cells(rows: list[Agency]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            row.name,
            str(Level(row.level).label),
            int(bool(row.officers)),
            ", ".join(post.person.full_name for post in row.officers),
            min((post.valid_from for post in row.officers), default=None),
        ]
