"""Lists behind the numbers: units, people, participations, and one person's history."""

from typing import TypeVar

from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from courses.choices import ECOMMERCE_TOPICS, Audience
from learners.account_forms import ReasonForm
from learners.choices import IndicatorCode, Level, Status
from learners.models import Person
from learners.permissions import (
    ANSWER_SUBJECTS,
    MANAGE_STAFF,
    granted_roots,
    granted_units,
    people_for,
    records_for,
    refuse,
    subjects_of,
)
from learners.reports.completion import GROUPS, SORTS, arranged, staff_figures, total_of, unit_rows
from learners.reports.names import short_name, unit_names
from learners.reports.paging import page_of
from learners.reports.participations import extent_of
from learners.reports.people import people_page, person_rows
from learners.reports.person import History, history_of
from learners.reports.plan import rules_on
from learners.views.accounts import person_account
from learners.views.frame import PARAMETERS, frame_of
from learners.views.reminders import may_remind
from learners.views.searching import searched
from learners.views.selection import participation_selection, people_selection
from learners.views.wording import status_label

Row = TypeVar("Row", bound=Model)


@login_required
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The units below one unit, with their shares; the sums equal the unit's own figures."""
    frame = frame_of(request)
    rows = unit_rows(frame.period, frame.tree, frame.unit)
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
        "figures": staff_figures(frame.period, frame.units).counts,
        "sort": sort,
        "sorts": list(SORTS),
        "level": level,
        "levels": [choice for choice in Level if any(row.level == choice for row in rows)],
        "words": words,
        "rule": rules_on(frame.period.cut_off()).get(IndicatorCode.STAFF_TRAINED),
    }
    return render(request, "learners/reports/units.html", context)


@login_required
@searched
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The people behind one number of goal 1, fifty a page, by name."""
    selection = people_selection(request)
    frame = selection.frame
    page = people_page(
        selection.standings,
        selection.statuses,
        after=_cursor(request, "after", selection.standings),
        before=_cursor(request, "before", selection.standings),
        is_narrow=bool(selection.words),
    )
    visible = people_for(request.user).filter(pk__in=[row.person_id for row in page.rows])
    context = {
        "frame": frame,
        "selection": selection,
        "page": page,
        "rows": person_rows(page.rows, frame.period, frame.tree),
        "with_page": set(visible.values_list("pk", flat=True)),
        "choices": [
            (name, status_label(name), selection.counts.of(name)) for name in [*GROUPS, *Status]
        ],
        "rule": rules_on(frame.period.cut_off()).get(IndicatorCode.STAFF_TRAINED),
        "may_remind": may_remind(request, selection),
    }
    return render(request, "learners/reports/people.html", context)


@login_required
@searched
@require_GET
def participations(request: HttpRequest) -> HttpResponse:
    """The participations behind one number of goal 2, the newest first."""
    selection = participation_selection(request)
    frame = selection.frame
    page = page_of(
        [selection.participations.select_related("person", "class_group__provider")],
        "happened_on",
        descending=True,
        after=_cursor(request, "after", selection.participations),
        before=_cursor(request, "before", selection.participations),
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
        "rule": rules_on(frame.period.cut_off()).get(IndicatorCode.PARTICIPATIONS),
        "sees_evidence": granted_roots(request.user) is None,
    }
    return render(request, "learners/reports/participations.html", context)


@login_required
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's history, and why the period counts it or does not."""
    # Those who have left are looked for only when nobody else is meant: it costs more.
    found = (
        people_for(request.user).filter(pk=pk).select_related("user").first()
        or records_for(request.user).filter(pk=pk).select_related("user").first()
    )
    if found is None:
        raise refuse(request.user, "person", pk)
    if found.merged_into_id:
        return redirect("reports:person", found.merged_into_id)
    frame = frame_of(request)
    rule = rules_on(frame.period.cut_off()).get(IndicatorCode.STAFF_TRAINED)
    history = history_of(found, frame.period, rule)
    kept = _kept_posts(request, history)
    main = next((line.post for line in history.posts if line.post.is_open_main), None)
    context = {
        "frame": frame,
        "history": history,
        "number_form": _number_form(request, found),
        "data_form": _data_form(request, found),
        "kept_posts": kept,
        "keeps": bool(kept) and (main is None or main.pk in kept),
        "main": main,
        **person_account(request, found),
    }
    return render(request, "learners/reports/person.html", context)


def _kept_posts(request: HttpRequest, history: History) -> frozenset[int]:
    """The posts that the viewer may end or change, by id; none on a learner's own page."""
    units = granted_units(request.user, timezone.localdate(), MANAGE_STAFF)
    if units == frozenset() or history.person.user_id == request.user.pk:
        return frozenset()
    posts = [line.post for line in history.posts]
    return frozenset(p.pk for p in posts if units is None or p.managing_unit_id in units)


def _number_form(request: HttpRequest, person: Person) -> ReasonForm | None:
    """For whoever keeps the person's unit, and not for oneself."""
    mine = person.user_id is not None and person.user_id == request.user.pk
    if mine or granted_roots(request.user, MANAGE_STAFF) == []:
        return None
    may = people_for(request.user, MANAGE_STAFF).filter(pk=person.pk)
    return ReasonForm() if may.exists() and person.personal_numbers.exists() else None


def _data_form(request: HttpRequest, person: Person) -> ReasonForm | None:
    """For whoever answers the people of the unit, and not for oneself."""
    if granted_roots(request.user, ANSWER_SUBJECTS) == []:
        return None
    may = subjects_of(request.user).filter(pk=person.pk)
    return ReasonForm(auto_id="data_%s") if may.exists() else None


def _cursor(request: HttpRequest, name: str, rows: QuerySet[Row]) -> Row | None:
    """The row at which the page begins or ends; one that is gone begins the list anew."""
    asked = request.GET.get(PARAMETERS[name], "")
    return rows.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() else None
