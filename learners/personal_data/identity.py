"""Who somebody is and was, where, and on which lists."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learners.models import KeptApart, Leave, Merge, PersonalNumber, Post, StaffImportRow, Standing
from learners.personal_data.sources import Source, Subject, columns, name_of
from learners.reports.names import names_on
from learners.tree import tree_on


def _identity(subject: Subject) -> Iterator[list[Any]]:
    for person in subject.people:
        commune = person.commune.versions.last() if person.commune else None
        yield [
            person.full_name,
            person.staff_number,
            person.birth_date,
            person.phone,
            person.get_audience_display() if person.audience else "",
            commune.name if commune else "",
            person.business.name if person.business else "",
        ]


def _numbers(subject: Subject) -> Iterator[list[Any]]:
    for number in PersonalNumber.objects.filter(person__in=subject.people):
        yield [number.length, number.in_full() if subject.for_himself else number.masked]


def _posts(subject: Subject) -> Iterator[list[Any]]:
    posts = list(Post.objects.filter(person__in=subject.people).order_by("valid_from", "pk"))
    managing = {post.pk: (post.managing_unit_id, post.valid_from) for post in posts}
    using = {post.pk: (post.using_unit_id, post.valid_from) for post in posts}
    names = names_on([*managing.values(), *using.values()])
    for post in posts:
        yield [
            names.get(managing[post.pk], ""),
            names.get(using[post.pk], ""),
            post.title,
            post.get_staff_kind_display(),
            post.is_main,
            post.is_it_officer,
            post.valid_from,
            post.valid_to,
            post.get_end_reason_display(),
        ]


def _leaves(subject: Subject) -> Iterator[list[Any]]:
    for leave in Leave.objects.filter(person__in=subject.people).order_by("valid_from"):
        yield [leave.get_kind_display(), leave.valid_from, leave.valid_to]


def _standings(subject: Subject) -> Iterator[list[Any]]:
    rows = Standing.objects.filter(person__in=subject.people).select_related("period")
    for row in rows.order_by("period__year"):
        tree = tree_on(row.period.cut_off())
        unit = tree.name(row.organisation_id) if row.organisation_id in tree else ""
        yield [row.period.year, unit, row.get_status_display(), row.reached_on]


def _list_rows(subject: Subject) -> Iterator[list[Any]]:
    rows = StaffImportRow.objects.filter(person__in=subject.people).select_related("run")
    for row in rows.order_by("run", "line"):
        yield [row.run.name, row.line, row.get_outcome_display(), row.what, row.run.created_at]


def _mergers(subject: Subject) -> Iterator[list[Any]]:
    rows = Merge.objects.filter(Q(kept__in=subject.people) | Q(dropped__in=subject.people))
    for row in rows.select_related("by").order_by("at", "pk"):
        yield [row.at, name_of(row.by), row.reason, row.undone_at]


def _apart(subject: Subject) -> Iterator[list[Any]]:
    rows = KeptApart.objects.filter(Q(first__in=subject.people) | Q(second__in=subject.people))
    for row in rows.select_related("by").order_by("at", "pk"):
        yield [row.at, name_of(row.by)]


SOURCES = [
    Source(
        "identity",
        _("Who you are"),
        {
            "full_name": _("Full name"),
            "staff_number": _("Staff number"),
            "birth_date": _("Date of birth"),
            "phone": _("Phone"),
            "audience": _("Audience"),
            "commune": _("Commune"),
            "business": _("Business"),
        },
        _identity,
        columns("learners.Person.user", "learners.Person.merged_into"),
    ),
    Source(
        "personal_numbers",
        _("Personal numbers"),
        {"digits": _("Digits"), "number": _("Personal number")},
        _numbers,
        columns("learners.PersonalNumber.person"),
    ),
    Source(
        "posts",
        _("Posts"),
        {
            "managing_unit": _("Managing unit"),
            "using_unit": _("Using unit"),
            "title": _("Position"),
            "staff_kind": _("Kind of staff"),
            "is_main": _("Main post"),
            "is_it_officer": _("IT officer"),
            "valid_from": _("From"),
            "valid_to": _("To"),
            "end_reason": _("Why it ended"),
        },
        _posts,
        columns("learners.Post.person"),
    ),
    Source(
        "leaves",
        _("Long leaves"),
        {"kind": _("Kind of leave"), "valid_from": _("From"), "valid_to": _("To")},
        _leaves,
        columns("learners.Leave.person"),
    ),
    Source(
        "standings",
        _("How the yearly goal counts you"),
        {
            "year": _("Year"),
            "unit": _("Unit"),
            "status": _("State"),
            "reached_on": _("Reached on"),
        },
        _standings,
        columns("learners.Standing.person"),
    ),
    Source(
        "staff_list_rows",
        _("Lists of staff that changed your record"),
        {
            "list": _("List"),
            "row": _("Row"),
            "outcome": _("Outcome"),
            "what": _("What was changed"),
            "at": _("When"),
        },
        _list_rows,
        columns("learners.StaffImportRow.person"),
    ),
    Source(
        "mergers",
        _("Two records of you brought together"),
        {
            "at": _("When"),
            "by": _("By whom"),
            "reason": _("Reason"),
            "undone_at": _("Taken back"),
        },
        _mergers,
        columns("learners.Merge.kept", "learners.Merge.dropped"),
    ),
    Source(
        "kept_apart",
        _("Somebody alike, found to be another person"),
        {"at": _("When"), "by": _("By whom")},
        _apart,
        columns("learners.KeptApart.first", "learners.KeptApart.second"),
    ),
]
