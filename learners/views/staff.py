"""Lists behind the numbers: units, people, participations, and one person's history."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from courses.choices import ECOMMERCE_TOPICS, Audience
from learners.choices import IndicatorCode, Level, Status
from learners.permissions import (
    granted_roots,
    people_for,
)
from learners.reports.completion import GROUPS, SORTS, arranged, staff_figures, total_of, unit_rows
from learners.reports.names import short_name, unit_names
from learners.reports.paging import page_of
from learners.reports.participations import extent_of
from learners.reports.people import person_rows
from learners.reports.plan import rules_on
from learners.reports.windows import IN_WINDOW
from learners.views.frame import PARAMETERS, frame_of
from learners.views.lots import LISTS, beside
from learners.views.reminders import may_remind
from learners.views.searching import searched
from learners.views.selection import cursor, participation_selection, people_selection
from learners.views.windows import frame_people, is_too_long, too_long
from learners.views.wording import status_label


@login_required
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The units below one unit, with their shares; the sums equal the unit's own figures."""
    frame = frame_of(request, windows=True)
    if is_too_long(frame):
        return too_long(request, frame, "units")
    found = frame_people(frame)
    rows = unit_rows(frame.period, frame.tree, frame.unit, found.by_unit if found else None)
    sort = request.GET.get(PARAMETERS["sort"]) or next(iter(SORTS))
    level = request.GET.get(PARAMETERS["level"], "")
    if sort not in SORTS or level not in ("", *Level.values):
        raise Http404
    words = request.GET.get(PARAMETERS["search"], "")
    shown = arranged(rows, sort=sort, words=words, level=level)
    context = {
        "frame": frame,
        "rows": shown,
        "row_count": len(rows),
        "total": total_of(shown),
        "is_whole": len(shown) == len(rows),
        "figures": found.counts if found else staff_figures(frame.period, frame.whole_units).counts,
        "sort": sort,
        "sorts": list(SORTS),
        "level": level,
        "levels": [choice for choice in Level if any(row.level == choice for row in rows)],
        "words": words,
        "keep": {"sort": sort, "level": level, "search": words},
        "rule": rules_on(frame.cut_off).get(IndicatorCode.STAFF_TRAINED),
    }
    return render(request, "learners/reports/units.html", context)


@login_required
@searched
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The people behind one number of goal 1, fifty a page, by name."""
    selection = people_selection(request, windows=True)
    frame = selection.frame
    if is_too_long(frame):
        return too_long(request, frame, "people")
    page = selection.page(*_asked_page(request))
    visible = people_for(request.user).filter(pk__in=[row.person_id for row in page.rows])
    context = {
        "frame": frame,
        "selection": selection,
        "page": page,
        "rows": person_rows(page.rows, frame.days, frame.tree),
        "with_page": set(visible.values_list("pk", flat=True)),
        "choices": [
            (name, status_label(name), selection.counts.of(name))
            for name in [*GROUPS, *([IN_WINDOW] if frame.is_part else []), *Status]
        ],
        "keep": {
            "status": selection.status,
            "search": selection.words,
            "reach": selection.reach,
            "using": selection.using,
        },
        "rule": rules_on(frame.cut_off).get(IndicatorCode.STAFF_TRAINED),
        "may_remind": may_remind(request, selection),
    }
    return render(request, "learners/reports/people.html", context)


@login_required
@searched
@require_GET
def participations(request: HttpRequest) -> HttpResponse:
    """The participations behind one number of goal 2, the newest first; or the people,
    organisations, classes or completions behind the number beside it."""
    selection = participation_selection(request)
    frame = selection.frame
    kind = request.GET.get(PARAMETERS["list"], "")
    if kind in LISTS:
        return beside(request, selection, kind)
    if kind:
        raise Http404
    after, before = _asked_page(request)
    page = page_of(
        selection.participations.select_related("person", "class_group__provider"),
        "happened_on",
        descending=True,
        after=cursor(after, selection.participations),
        before=cursor(before, selection.participations),
    )
    names = unit_names((row.organisation_id for row in page.rows), frame.tree)
    visible = people_for(request.user).filter(pk__in=[row.person_id for row in page.rows])
    context = {
        "frame": frame,
        "selection": selection,
        "page": page,
        "rows": [(row, short_name(names.get(row.organisation_id, ""))) for row in page.rows],
        "with_page": set(visible.values_list("pk", flat=True)),
        "extent": extent_of(selection.participations),
        "audiences": list(Audience),
        "topics": list(ECOMMERCE_TOPICS),
        "keep": selection.asked,
        "rule": rules_on(frame.cut_off).get(IndicatorCode.PARTICIPATIONS),
        "sees_evidence": granted_roots(request.user) is None,
    }
    return render(request, "learners/reports/participations.html", context)


def _asked_page(request: HttpRequest) -> tuple[str, str]:
    """The rows after or before which a page is asked for, as the address names them."""
    return request.GET.get(PARAMETERS["after"], ""), request.GET.get(PARAMETERS["before"], "")
