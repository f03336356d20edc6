"""Completion by unit and course, and the people behind each cell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from learners.choices import StaffKind
from learners.permissions import REMIND_PEOPLE, granted_roots, people_for
from learners.reports.assignments import DONE, LEARNING, LEFT, NOT_BEGUN
from learners.reports.course_matrix import Cell, MatrixRow, marks_of
from learners.reports.names import short_name, unit_names
from learners.views.frame import OUTSIDE_TREE, OWN_PEOPLE, PARAMETERS
from learners.views.matrix_selection import (
    MOST_COURSES,
    Matrix,
    MatrixPeople,
    matrix_of,
    matrix_people,
    of_labels,
)
from learners.views.wording import state_labels

ON_A_PAGE = 50


@dataclass(frozen=True)
class ShownCell:
    cell: Cell
    of_url: str
    done_url: str
    left_url: str


@dataclass(frozen=True)
class ShownRow:
    row: MatrixRow
    url: str
    """The unit's own table; empty where there is none."""
    cells: list[ShownCell]


@login_required
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Units down, courses across; each number opens its people."""
    matrix = matrix_of(request)
    sort = request.GET.get(PARAMETERS["sort"], "")
    context = {
        "frame": matrix.frame,
        "matrix": matrix,
        "heads": [
            (column, f"?{matrix.query(**{PARAMETERS['sort']: column.course.pk})}", n == sort)
            for column in matrix.columns
            for n in [str(column.course.pk)]
        ],
        "rows": [_shown(matrix, row) for row in _sorted(matrix, sort)],
        "total": [_shown_cell(matrix, n, cell, {}) for n, cell in enumerate(matrix.total)],
        "sort": sort,
        "by_name_url": f"?{matrix.query()}",
        "of_labels": of_labels().items(),
        "kinds": list(StaffKind),
        "most": MOST_COURSES,
        "people_url": f"{reverse('reports:course_matrix_people')}?{matrix.query()}",
        "xlsx": f"{reverse('reports:course_matrix_xlsx')}?{matrix.query()}",
        "switch": _switch(matrix),
    }
    return render(request, "learners/matrix/table.html", context)


def _sorted(matrix: Matrix, sort: str) -> list[MatrixRow]:
    """In the order of the tree, or by one course, the lowest share first."""
    places = [str(column.course.pk) for column in matrix.columns]
    if sort not in places:
        return matrix.rows
    n = places.index(sort)
    key: Callable[[MatrixRow], Any] = lambda row: (  # noqa: E731  what the table is sorted by
        row.cells[n].percent is None,
        row.cells[n].percent or 0,
        -row.cells[n].left,
    )
    return sorted(matrix.rows, key=key)


def _place(row: MatrixRow) -> dict[str, object]:
    if row.unit_id is None:
        return {"unit": None, "part": OUTSIDE_TREE}
    return {"unit": row.unit_id, "part": OWN_PEOPLE if row.is_own else ""}


def _shown(matrix: Matrix, row: MatrixRow) -> ShownRow:
    place = _place(row)
    leads_on = row.unit_id is not None and not row.is_own
    return ShownRow(
        row,
        f"?{matrix.query(**place)}" if leads_on else "",
        [_shown_cell(matrix, n, cell, place) for n, cell in enumerate(row.cells)],
    )


def _shown_cell(matrix: Matrix, n: int, cell: Cell, place: dict[str, object]) -> ShownCell:
    address = reverse("reports:course_matrix_people")
    course = matrix.columns[n].course.pk

    def of(number: int, state: str) -> str:
        query = matrix.query(**place, **{"mot": course, "tien-do": state})
        return f"{address}?{query}" if number else ""

    return ShownCell(cell, of(cell.of, ""), of(cell.done, DONE), of(cell.left, LEFT))


def _switch(matrix: Matrix) -> list[tuple[str, str, bool]]:
    """Years and the viewer's other units."""
    frame = matrix.frame
    years = [
        (str(one.year), f"?{matrix.query(year=one.year, part='')}", one == frame.period)
        for one in frame.periods
    ]
    others = [
        (label, f"?{matrix.query(unit=unit, part='')}", False) for unit, label in frame.others
    ]
    return years + others


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """People down, courses across: when each was completed; fifty a page, by given name."""
    found = matrix_people(request)
    frame = found.matrix.frame
    posts = found.posts.select_related("person")
    page = Paginator(posts, ON_A_PAGE).get_page(request.GET.get(PARAMETERS["page"]))
    shown = list(page.object_list)
    names = unit_names((post.managing_unit_id for post in shown), frame.tree)
    visible = people_for(request.user).filter(pk__in=[post.person_id for post in shown])
    context = {
        "frame": frame,
        "found": found,
        "matrix": found.matrix,
        "page": page,
        "query": found.query(),
        "rows": [
            (post, short_name(names[post.managing_unit_id]), marks)
            for post, marks in zip(shown, marks_of(shown, found.matrix.columns), strict=True)
        ],
        "with_page": set(visible.values_list("pk", flat=True)),
        "states": state_labels().items() if found.one else [],
        "xlsx": f"{reverse('reports:course_matrix_people_xlsx')}?{found.query()}",
        "table_url": f"{reverse('reports:course_matrix')}?{found.matrix.query()}",
        "remind_url": (
            f"{reverse('reports:remind_course')}?{found.query()}"
            if _may_remind(request, found)
            else ""
        ),
    }
    return render(request, "learners/matrix/people.html", context)


def _may_remind(request: HttpRequest, found: MatrixPeople) -> bool:
    """Whether somebody on the list still has the course to do, in the running year."""
    period, today = found.matrix.frame.period, timezone.localdate()
    return (
        found.one is not None
        and found.state in (LEFT, LEARNING, NOT_BEGUN)
        and found.count > 0
        and period.starts_on <= today <= period.ends_on
        and granted_roots(request.user, REMIND_PEOPLE) != []
    )
