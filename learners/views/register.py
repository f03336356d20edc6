"""The register as HR looks into it: the people of a unit, found by name, number or state."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from learners.choices import StaffKind
from learners.models import Person
from learners.permissions import (
    MANAGE_STAFF,
    SEE_REPORTS,
    granted_roots,
    granted_units,
    records_for,
    refuse,
)
from learners.reports.accounts import found
from learners.reports.names import short_name
from learners.reports.paging import page_of
from learners.reports.register import COUNTED_UP_TO, Part, Wanted, people_of, register_rows
from learners.tree import Tree, tree_on
from learners.views.frame import PARAMETERS, is_within
from learners.views.searching import searched


@login_required
@searched
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The people of one unit or of all in scope, fifty a page, by given name."""
    today = timezone.localdate()
    tree = tree_on(today)
    roots = granted_roots(request.user, SEE_REPORTS)
    if roots == []:
        raise refuse(request.user, "register", SEE_REPORTS)
    unit = _unit(request, tree, roots)
    if unit is None:
        units = granted_units(request.user, today)
    else:
        units = frozenset(tree.subtree_ids(unit))
    part, kind = _choice(request, "phan", Part.values), _choice(request, "loai", StaffKind.values)
    wanted = Wanted(units, Part(part), kind, today)
    words = request.GET.get(PARAMETERS["search"], "").strip()
    people = found(people_of(wanted), words)
    page = page_of(
        people,
        "name_key",
        after=_cursor(request, people, "after"),
        before=_cursor(request, people, "before"),
    )
    seen = records_for(request.user).filter(pk__in=[person.pk for person in page.rows])
    count = people.order_by()[: COUNTED_UP_TO + 1].count()
    context = {
        "page": page,
        "rows": register_rows(page.rows, wanted),
        "with_page": set(seen.values_list("pk", flat=True)),
        "count": min(count, COUNTED_UP_TO),
        "is_more": count > COUNTED_UP_TO,
        "unit": unit,
        "unit_name": short_name(tree.name(unit)) if unit else "",
        "units": _offered(tree, roots, unit),
        "part": part,
        "parts": Part.choices,
        "kind": kind,
        "kinds": StaffKind.choices,
        "words": words,
        "may_manage": granted_roots(request.user, MANAGE_STAFF) != [],
        "query": _query(request),
        "list_query": f"?{PARAMETERS['unit']}={unit}" if unit else "",
    }
    return render(request, "learners/reports/register.html", context)


def _unit(request: HttpRequest, tree: Tree, roots: list[int] | None) -> int | None:
    """The unit that the address asks for, within the viewer's; None for all of them."""
    asked = request.GET.get(PARAMETERS["unit"], "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit()):
        raise Http404
    unit = int(asked)
    if not is_within(tree, unit, roots):
        raise refuse(request.user, "unit", unit)
    return unit


def _offered(tree: Tree, roots: list[int] | None, unit: int | None) -> list[tuple[int, str]]:
    """The way down to the unit and the units below it: a step up or down at a time."""
    tops = tree.roots() if roots is None else [root for root in roots if root in tree]
    if unit is None:
        shown = [*tops, *tree.children(tops[0])] if len(tops) == 1 else tops
    else:
        above = [one for one in tree.ancestors(unit) if is_within(tree, one, roots)]
        shown = [*above, unit, *tree.children(unit)]
    return [(one, short_name(tree.name(one))) for one in shown]


def _choice(request: HttpRequest, name: str, known: list[str]) -> str:
    asked = request.GET.get(name, "")
    if asked not in ("", *known):
        raise Http404
    return asked


def _query(request: HttpRequest) -> str:
    """The filters of the address, for links to other pages of the list."""
    kept = request.GET.copy()
    for name in ("after", "before"):
        kept.pop(PARAMETERS[name], None)
    return kept.urlencode()


def _cursor(request: HttpRequest, people: QuerySet[Person], name: str) -> Person | None:
    """Where the page begins or ends; somebody who is gone begins the list anew."""
    asked = request.GET.get(PARAMETERS[name], "")
    return people.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() else None
