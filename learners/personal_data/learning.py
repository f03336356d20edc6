"""What somebody has learnt here and elsewhere, and what proves it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.questions import answer_lines
from learners.evidence.pieces import Piece
from learners.models import (
    Attempt,
    Attendance,
    ClassTold,
    EditionMove,
    Enrolment,
    LessonTick,
    ManualMark,
    OutsideRow,
    PackageState,
    Participation,
    Proof,
    Recheck,
    RecordStep,
    Seat,
    SurveyTicket,
    TrainingRecord,
)
from learners.personal_data.sources import Source, Subject, columns, name_of


def _enrolments(subject: Subject) -> Iterator[list[Any]]:
    rows = Enrolment.objects.filter(person__in=subject.people).select_related(
        "edition", "class_group"
    )
    for row in rows.order_by("started_at", "pk"):
        group = row.class_group.title if row.class_group else ""
        title = row.title or row.edition.title
        yield [title, group, row.started_at, row.completed_at, row.hours, row.score]


def _ticks(subject: Subject) -> Iterator[list[Any]]:
    rows = LessonTick.objects.filter(enrolment__person__in=subject.people)
    for row in rows.select_related("enrolment__edition", "item").order_by("done_at", "pk"):
        yield [row.enrolment.edition.title, row.item.title, row.done_at]


def _attempts(subject: Subject) -> Iterator[list[Any]]:
    rows = Attempt.objects.filter(enrolment__person__in=subject.people)
    rows = rows.select_related("item", "enrolment__edition", "entered_by")
    for row in rows.order_by("started_at", "pk"):
        yield [
            row.enrolment.edition.title,
            row.item.title,
            row.number,
            row.started_at,
            row.submitted_at,
            row.score,
            row.passed,
            [
                f"{index}. {' / '.join(answer_lines(asked, row.answer(index - 1)))}"
                for index, asked in enumerate(row.asked(), start=1)
            ],
            name_of(row.entered_by),
            row.entry_reason,
        ]


def _marks(subject: Subject) -> Iterator[list[Any]]:
    rows = ManualMark.objects.filter(attempt__enrolment__person__in=subject.people)
    for row in rows.select_related("attempt__item", "marked_by").order_by("marked_at", "pk"):
        who = name_of(row.marked_by)
        yield [row.attempt.item.title, row.index + 1, row.percent, row.comment, who, row.marked_at]


def _packages(subject: Subject) -> Iterator[list[Any]]:
    rows = PackageState.objects.filter(enrolment__person__in=subject.people)
    for row in rows.select_related("item").order_by("item", "part"):
        yield [row.item.title, row.part, row.is_done, row.score, row.changed_at, row.cmi]


def _moves(subject: Subject) -> Iterator[list[Any]]:
    rows = EditionMove.objects.filter(enrolment__person__in=subject.people)
    for row in rows.select_related("enrolment__edition").order_by("pk"):
        yield [row.enrolment.edition.title, row.at, row.reason]


def _records(subject: Subject) -> Iterator[list[Any]]:
    for row in TrainingRecord.objects.filter(person__in=subject.people).order_by(
        "completed_on", "pk"
    ):
        yield [
            row.title,
            row.get_mode_display(),
            row.get_state_display(),
            row.get_topic_display() if row.topic else "",
            row.hours,
            row.completed_on,
            row.source,
            row.certificate_number,
            row.created_at,
        ]


def _steps(subject: Subject) -> Iterator[list[Any]]:
    rows = RecordStep.objects.filter(record__person__in=subject.people)
    for row in rows.select_related("record", "by").order_by("at", "pk"):
        yield [row.record.title, row.get_step_display(), name_of(row.by), row.at, row.reason]


def _proofs(subject: Subject) -> Iterator[list[Any]]:
    for row, path in _proof_paths(subject):
        yield [row.record.title, path, row.fingerprint, row.added_at, row.replaced_at]


def _proof_files(subject: Subject) -> Iterator[Piece]:
    for row, path in _proof_paths(subject):
        what = gettext("Proof of “%(title)s”") % {"title": row.record.title}
        yield Piece(path, what, partial(row.file.open, "rb"))


def _proof_paths(subject: Subject) -> Iterator[tuple[Proof, str]]:
    """Each proof that is still kept as a file, with its place in the zip."""
    rows = Proof.objects.filter(record__person__in=subject.people).exclude(file="")
    rows = rows.select_related("record").order_by("added_at", "pk")
    for number, row in enumerate(rows, start=1):
        yield row, f"minh-chung/{number:02}.{str(row.file.name).rpartition('.')[2]}"


def _rechecks(subject: Subject) -> Iterator[list[Any]]:
    rows = Recheck.objects.filter(person__in=subject.people).select_related("record")
    for row in rows:
        yield [row.record.title, row.drawn_at, row.get_outcome_display(), row.note, row.checked_at]


def _outside(subject: Subject) -> Iterator[list[Any]]:
    rows = OutsideRow.objects.filter(record__person__in=subject.people)
    for row in rows.select_related("record", "file").order_by("file__brought_at", "line"):
        yield [row.record.title if row.record else "", row.file.name, row.line, row.cells]


def _participations(subject: Subject) -> Iterator[list[Any]]:
    rows = Participation.objects.filter(person__in=subject.people).select_related(
        "class_group__provider"
    )
    for row in rows.order_by("happened_on", "pk"):
        yield [
            row.class_group.title,
            row.class_group.provider.name,
            row.happened_on,
            row.get_audience_display(),
            row.completed,
            row.source,
        ]


def _seats(subject: Subject) -> Iterator[list[Any]]:
    for row in (
        Seat.objects.filter(person__in=subject.people)
        .select_related("class_group")
        .order_by("queued_at", "pk")
    ):
        yield [row.class_group.title, row.get_state_display(), row.queued_at]


def _class_told(subject: Subject) -> Iterator[list[Any]]:
    rows = ClassTold.objects.filter(person__in=subject.people)
    for row in rows.select_related("notice__class_group").order_by("notice__made_at", "pk"):
        yield [
            row.notice.class_group.title,
            row.notice.get_kind_display(),
            row.notice.session_at,
            row.notice.made_at,
            row.get_channel_display(),
            row.get_state_display(),
        ]


def _attendances(subject: Subject) -> Iterator[list[Any]]:
    rows = Attendance.objects.filter(person__in=subject.people).select_related(
        "session__class_group", "by"
    )
    for row in rows.order_by("at", "pk"):
        yield [
            row.session.class_group.title,
            row.session.starts_at,
            row.get_way_display(),
            row.at,
            name_of(row.by),
            row.revoked_at,
        ]


def _tickets(subject: Subject) -> Iterator[list[Any]]:
    rows = SurveyTicket.objects.filter(person__in=subject.people)
    for row in rows.select_related("class_group", "course"):
        about = row.class_group or row.course
        yield [about.title if about else ""]


SOURCES = [
    Source(
        "enrolments",
        _("Courses"),
        {
            "course": _("Course"),
            "class": _("Class"),
            "started_at": _("Begun"),
            "completed_at": _("Completed on"),
            "hours": _("Hours"),
            "score": _("Score"),
        },
        _enrolments,
        columns("learners.Enrolment.person"),
    ),
    Source(
        "lessons",
        _("Lessons done"),
        {"course": _("Course"), "lesson": _("Lesson"), "at": _("When")},
        _ticks,
        columns("learners.LessonTick.enrolment"),
    ),
    Source(
        "attempts",
        _("Attempts at quizzes"),
        {
            "course": _("Course"),
            "quiz": _("Quiz"),
            "number": _("Attempt"),
            "started_at": _("Begun"),
            "submitted_at": _("Handed in"),
            "score": _("Score"),
            "passed": _("Passed"),
            "answers": _("Your answers"),
            "entered_by": _("Entered by"),
            "entry_reason": _("Reason"),
        },
        _attempts,
        columns("learners.Attempt.enrolment"),
    ),
    Source(
        "manual_marks",
        _("Marks given by hand"),
        {
            "quiz": _("Quiz"),
            "question": _("Question"),
            "percent": _("Score"),
            "comment": _("Comment"),
            "by": _("By whom"),
            "at": _("When"),
        },
        _marks,
        columns("learners.ManualMark.attempt"),
    ),
    Source(
        "packages",
        _("What learning packages remember"),
        {
            "lesson": _("Lesson"),
            "part": _("Part"),
            "is_done": _("Done"),
            "score": _("Score"),
            "changed_at": _("When"),
            "data": _("Data"),
        },
        _packages,
        columns("learners.PackageState.enrolment"),
    ),
    Source(
        "edition_moves",
        _("Moved to a newer edition"),
        {"course": _("Course"), "at": _("When"), "reason": _("Reason")},
        _moves,
        columns("learners.EditionMove.enrolment"),
    ),
    Source(
        "records",
        _("Training recorded"),
        {
            "title": _("Title"),
            "mode": _("Mode"),
            "state": _("State"),
            "topic": _("Topic"),
            "hours": _("Hours"),
            "completed_on": _("Completed on"),
            "source": _("Source"),
            "certificate_number": _("Certificate number"),
            "created_at": _("Entered"),
        },
        _records,
        columns("learners.TrainingRecord.person", "learners.TrainingRecord.enrolment"),
    ),
    Source(
        "claim_steps",
        _("Steps of your self-training"),
        {
            "title": _("Title"),
            "step": _("Step"),
            "by": _("By whom"),
            "at": _("When"),
            "reason": _("Reason"),
        },
        _steps,
        columns("learners.RecordStep.record"),
    ),
    Source(
        "proofs",
        _("Proofs you handed in"),
        {
            "title": _("Title"),
            "file": _("File"),
            "sha256": _("SHA-256"),
            "added_at": _("Handed in"),
            "replaced_at": _("Replaced"),
        },
        _proofs,
        columns("learners.Proof.record"),
        _proof_files,
    ),
    Source(
        "rechecks",
        _("Second looks at your self-training"),
        {
            "title": _("Title"),
            "drawn_at": _("Drawn by lot"),
            "outcome": _("Outcome"),
            "note": _("What was found"),
            "checked_at": _("When"),
        },
        _rechecks,
        columns("learners.Recheck.person", "learners.Recheck.record"),
    ),
    Source(
        "outside_rows",
        _("Rows of lists of results"),
        {"title": _("Title"), "list": _("List"), "row": _("Row"), "cells": _("Data")},
        _outside,
        columns("learners.OutsideRow.record"),
    ),
    Source(
        "participations",
        _("Participations in classes"),
        {
            "class": _("Class"),
            "provider": _("Provider"),
            "on": _("Date"),
            "audience": _("Audience"),
            "completed": _("Completed"),
            "source": _("Source"),
        },
        _participations,
        columns("learners.Participation.person"),
    ),
    Source(
        "seats",
        _("Sign-ups for classes"),
        {"class": _("Class"), "state": _("State"), "at": _("When")},
        _seats,
        columns("learners.Seat.person"),
    ),
    Source(
        "class_notices",
        _("What you were told of classes"),
        {
            "class": _("Class"),
            "kind": _("Kind"),
            "session": _("Session"),
            "at": _("When"),
            "way": _("Way"),
            "state": _("State"),
        },
        _class_told,
        columns("learners.ClassTold.person"),
    ),
    Source(
        "attendances",
        _("Attendance"),
        {
            "class": _("Class"),
            "session": _("Session"),
            "way": _("Way"),
            "at": _("When"),
            "by": _("By whom"),
            "revoked_at": _("Taken back"),
        },
        _attendances,
        columns("learners.Attendance.person"),
    ),
    Source(
        "surveys",
        _("Surveys you answered (what you answered is kept without your name)"),
        {"about": _("Class or course")},
        _tickets,
        columns("learners.SurveyTicket.person"),
    ),
]
