"""Quizzes whose questions come in a bank's shape: into the bank, and drawn from it."""

from django.utils.translation import gettext as _

from courses.import_report import ImportReport
from courses.imports.draft import CourseDraft, ItemDraft
from courses.imports.questions.parsed import Source
from courses.imports.questions.store import store_questions
from courses.models import Question, QuestionBank, QuestionCategory, QuizDraw

MOST = 100
"""Questions in one quiz: as many as a draw may ask for."""


def store_drawn(course: CourseDraft, report: ImportReport) -> None:
    """All questions of the course's quizzes into the bank of its name. Idempotent."""
    items = [
        question
        for module in course.modules
        for item in module.items
        if item.drawn is not None
        for question in item.drawn.items
    ]
    if not items:
        return
    stored = store_questions(Source(items=items), bank=course.title, origin=course.title)
    report.read += stored.read
    report.created += stored.created
    report.updated += stored.updated
    report.unchanged += stored.unchanged
    report.skipped += stored.skipped
    report.warnings += stored.warnings


def draws_of(course: CourseDraft, item: ItemDraft, report: ImportReport) -> list[QuizDraw]:
    """One draw that asks everything of the quiz's own category; none when nothing came in."""
    bank = QuestionBank.objects.filter(name=course.title[:200]).first()
    category = QuestionCategory.objects.filter(bank=bank, name=item.title, parent=None).first()
    if bank is None or category is None:
        report.warnings.append(
            _("%(quiz)s: no question could be taken, so there is no quiz.") % {"quiz": item.title}
        )
        return []
    draw = QuizDraw(bank=bank, category=category, count=1)
    found = Question.objects.drawn_by(draw.rule()).count()
    if found > MOST:
        report.warnings.append(
            _("%(quiz)s: asks %(most)d of its %(found)d questions.")
            % {"quiz": item.title, "most": MOST, "found": found}
        )
    draw.count = min(found, MOST)
    return [draw] if found else []
