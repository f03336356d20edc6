"""Completion by unit and course as sheets, with real dates."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _

from learners.choices import StaffKind
from learners.exports import Cell, Column, Kind, Sheet
from learners.models import Post
from learners.permissions import EXPORT_PEOPLE
from learners.reports.batches import id_batches
from learners.reports.course_matrix import MatrixRow, marks_of
from learners.reports.names import short_name, unit_names
from learners.views.downloads import source_lines
from learners.views.matrix_selection import MatrixPeople, matrix_of, matrix_people
from learners.views.wording import mark_label


def course_matrix_sheet(request: HttpRequest) -> Sheet:
    """The rows of the page with their totals; three columns a course."""
    matrix = matrix_of(request, EXPORT_PEOPLE)
    columns = [Column(_("Unit"), 44)]
    for column, total in zip(matrix.columns, matrix.total, strict=True):
        title = column.course.title
        columns += [
            Column(_("%(course)s: completed") % {"course": title}, 18, Kind.NUMBER, total.done),
            Column(_("of"), 10, Kind.NUMBER, total.of),
            Column(_("Share (%)"), 10, Kind.PERCENT, total.percent),
        ]
    return Sheet(
        name=_("Completion"),
        unit=matrix.frame.name,
        title=_("Completion by unit and course"),
        source=source_lines(matrix.frame, filters=matrix.filters),
        columns=columns,
        rows=(_unit_cells(row) for row in matrix.rows),
        total_label=_("Total"),
    )


def _unit_cells(row: MatrixRow) -> list[Cell]:
    name = row.name or _("Units no longer in the tree")
    cells: list[Cell] = [_("%(unit)s, own staff") % {"unit": name} if row.is_own else name]
    for cell in row.cells:
        cells += [cell.done, cell.of, cell.percent]
    return cells


def matrix_people_sheet(request: HttpRequest) -> tuple[Sheet, int]:
    """Every person of the list; two columns a course: how far, and the day of completion."""
    found = matrix_people(request, EXPORT_PEOPLE)
    matrix = found.matrix
    columns = [
        Column(_("Full name"), 28),
        Column(_("Staff number"), 16),
        Column(_("Unit"), 40),
        Column(_("Position"), 28),
        Column(_("Kind of staff"), 20),
    ]
    for column in matrix.columns:
        title = column.course.title
        columns += [
            Column(title, 20),
            Column(_("%(course)s: completed on") % {"course": title}, 14, Kind.DAY),
        ]
    words = [matrix.filters]
    if found.one is not None:
        words.append(f"{found.one.course.title}: {found.label}")
    if found.words:
        words.append(found.words)
    sheet = Sheet(
        name=_("People"),
        unit=matrix.frame.name,
        title=_("Completion by person and course"),
        source=source_lines(matrix.frame, filters=", ".join(words)),
        columns=columns,
        rows=_people_cells(found),
        total_label=_("Total: %(count)s people") % {"count": found.count},
    )
    return sheet, found.count


def _people_cells(found: MatrixPeople) -> Iterator[list[Cell]]:
    whole = Post.objects.select_related("person")
    for batch in id_batches(found.posts):
        by_pk = whole.in_bulk(batch)
        posts = [by_pk[pk] for pk in batch if pk in by_pk]
        names = unit_names((post.managing_unit_id for post in posts), found.matrix.frame.tree)
        marks = marks_of(posts, found.matrix.columns)
        for post, line in zip(posts, marks, strict=True):
            cells: list[Cell] = [
                post.person.full_name,
                post.person.staff_number or "",
                short_name(names[post.managing_unit_id]),
                post.title,
                str(StaffKind(post.staff_kind).label),
            ]
            for mark in line:
                cells += [mark_label(mark.state), mark.day]
            yield cells
