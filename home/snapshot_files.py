"""Signed figures on paper and as a workbook; both carry their number and their hash."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from home.official_pdf import sheet_pdf
from home.report_files import CONTENT_TYPES
from learners.choices import Status
from learners.exports import Cell, Column, Kind, Sheet, workbook
from learners.models import Snapshot
from learners.permissions import EXPORT_PEOPLE
from learners.reports.completion import percent
from learners.reports.names import short_name
from learners.reports.snapshots import headcount, reached
from learners.reports.windows import IN_WINDOW
from learners.views.downloads import download
from learners.views.snapshots import snapshot_of
from learners.views.wording import indicator_label, status_label, window_label


@login_required
@require_GET
def snapshot_file(request: HttpRequest, pk: int, form: str) -> FileResponse:
    """The figures as XLSX or PDF, drawn from what was kept and from nothing else."""
    shown = snapshot_of(request, pk, EXPORT_PEOPLE)
    draw = sheet_pdf if form == "pdf" else workbook
    name = f"so-lieu-{shown.code}.{form}"
    return download(request, draw(sheet_of(shown)), name, CONTENT_TYPES[form])


def sheet_of(shown: Snapshot) -> Sheet:
    content = shown.content
    name = short_name(content["unit_name"]) or _("The whole province")
    window = content.get("window")
    days = {
        "first": date_format(shown.window.starts_on),
        "last": date_format(shown.cut_off),
        "day": date_format(shown.tree_on),
    }
    hands = [
        (_("Drawn up by"), shown.drawn_by, shown.drawn_at),
        (_("Checked by"), shown.checked_by, shown.checked_at),
        (_("Signed by"), shown.signed_by, shown.signed_at),
        (_("Locked by"), shown.locked_by, shown.locked_at),
    ]
    return Sheet(
        name=_("Figures"),
        title=_title(shown, name),
        unit=name,
        source=[
            _("Period %(first)s to %(last)s, units as on %(day)s") % days,
            *(
                _("%(indicator)s, rule %(version)s: %(rule)s")
                % {"indicator": indicator_label(code), "version": version, "rule": sentence}
                for code, version, sentence, *_hours in content["rules"]
            ),
            *(_since(shown, window) if window else []),
            _("Participations in e-commerce training: %(n)s, by %(people)s people")
            % {"n": content["participations"], "people": content["participants"]},
            *(
                [_("Restated because: %(reason)s") % {"reason": shown.reason}]
                if shown.reason
                else []
            ),
            *(
                f"{label}: {account.get_full_name()}, {date_format(at, 'DATETIME_FORMAT')}"
                for label, account, at in hands
                if account and at
            ),
            f"{shown.code} · {shown.get_state_display()} · SHA-256 {shown.sha256}",
        ],
        columns=[
            Column(_("Unit"), 48),
            Column(_("Unit code"), 14),
            Column(_("Staff counted"), 12, Kind.NUMBER),
            *(Column(str(status.label), 12, Kind.NUMBER) for status in Status),
            *([Column(status_label(IN_WINDOW), 12, Kind.NUMBER)] if window else []),
            Column(_("Reached"), 10, Kind.NUMBER),
            Column("%", 8, Kind.PERCENT),
        ],
        rows=_rows(content, name),
    )


def _title(shown: Snapshot, name: str) -> str:
    if shown.part:
        days = window_label(shown.window)
        return _("Figures, %(days)s: %(unit)s") % {"days": days, "unit": name}
    return _("Figures of %(year)s: %(unit)s") % {"year": shown.period.year, "unit": name}


def _since(shown: Snapshot, window: dict) -> list[str]:
    return [
        _("“Newly reached” counts in the period; everything else since %(since)s.")
        % {"since": date_format(shown.window.year_starts_on)},
        _("Participations in the period: %(n)s, by %(people)s people")
        % {"n": len(window["participations"]), "people": window["participants"]},
    ]


def _rows(content: dict, name: str) -> Iterator[list[Cell]]:
    """The whole province first; then each unit with those below it, from the top."""
    window = content.get("window")
    if not content["unit"]:
        new = [headcount(window["staff"])] if window else []
        yield _row(name, "", content["staff"], new)
    for unit in content["units"]:
        label = short_name(unit["name"]) or _("Units no longer in the tree")
        yield _row(label, unit["code"], unit["all"], unit["new"][1:] if window else [])


def _row(label: str, code: str, counts: dict[str, int], new: list[int]) -> list[Cell]:
    whole, done = headcount(counts), reached(counts)
    by_status = (counts.get(status, 0) for status in Status)
    return [label, code, whole, *by_status, *new, done, percent(done, whole)]
