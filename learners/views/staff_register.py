"""The register of a unit's staff as a list that can be sent back."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.choices import KIND_NAMES
from learners.exports import Cell, Column, Kind, Sheet, stamp
from learners.imports.staff_columns import COLUMNS
from learners.models import Post
from learners.permissions import EXPORT_PEOPLE
from learners.reports.names import short_name
from learners.tree import Tree, tree_on
from learners.views.frame import Frame, frame_of

_HEADINGS = {
    "full_name": 28,
    "birth_date": 12,
    "personal_number": 16,
    "staff_number": 16,
    "unit_code": 16,
    "unit": 40,
    "using_unit": 16,
    "staff_kind": 20,
    "title": 28,
    "phone": 16,
    "since": 12,
    "second": 12,
    "it_officer": 14,
}
"""Columns of the list by their width, in the import's own order."""
TICK = "x"


def register_sheet(request: HttpRequest) -> tuple[Sheet, int]:
    """Every post of today in the unit asked for, and how many there are.

    Sent back as it is, the list changes nothing. Personal numbers are covered; a list that
    covers them leaves them as they are.
    """
    frame = frame_of(request, EXPORT_PEOPLE)
    today = timezone.localdate()
    posts = _posts(frame)
    days = ("birth_date", "since")
    return (
        Sheet(
            name=_("Staff"),
            title=_("Staff of %(unit)s") % {"unit": frame.name},
            source=[stamp()],
            columns=[
                Column(COLUMNS[name][0], width, Kind.DAY if name in days else Kind.TEXT)
                for name, width in _HEADINGS.items()
            ],
            rows=_rows(frame, tree_on(today)),
        ),
        posts.count(),
    )


def _posts(frame: Frame) -> QuerySet[Post]:
    posts = Post.objects.on(timezone.localdate())
    return posts if frame.units is None else posts.filter(managing_unit__in=frame.units)


def _rows(frame: Frame, tree: Tree) -> Iterator[list[Cell]]:
    posts = _posts(frame).select_related("person").prefetch_related("person__personal_numbers")
    for post in posts.order_by("managing_unit", "person__name_key", "pk").iterator(chunk_size=500):
        person, unit, using = post.person, post.managing_unit_id, post.using_unit_id
        number = next(iter(person.personal_numbers.all()), None)
        yield [
            person.full_name,
            person.birth_date,
            number.masked if number else "",
            person.staff_number or "",
            tree[unit].code if unit in tree else "",
            short_name(tree.name(unit)) if unit in tree else "",
            tree[using].code if using != unit and using in tree else "",
            KIND_NAMES[post.staff_kind],
            post.title,
            person.phone,
            post.valid_from,
            "" if post.is_main else TICK,
            TICK if post.is_it_officer else "",
        ]
