"""Freezing a course: from the pages that are live to what a learner is measured against."""

import contextlib
import hashlib
import json
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from wagtail.models import Page

from courses.choices import Completion, ItemKind, PackageRule
from courses.models import CoursePage, Edition, EditionItem, LessonPage, QuizPage
from courses.questions import QuestionError, as_kinded, parse_typed, write_typed

# What a refresh may change in place: wordings, and how a quiz is presented.
_TEXTS = [
    "module_title", "title", "minutes", "body", "shuffles", "closes_at", "key_shown",
]  # fmt: skip

_SAYS_NOTHING = ("feedback", "")


def live_items(course: CoursePage) -> list[EditionItem]:
    """The course's live lessons and quizzes in reading order, unsaved."""
    modules = Page.objects.child_of(course).live().order_by("path")
    pages = Page.objects.descendant_of(course).live().order_by("path").specific()
    module_titles = {module.path: module.title for module in modules}
    items: list[EditionItem] = []
    for page in pages:
        module_title = module_titles.get(page.path[: -Page.steplen])
        if module_title is not None and isinstance(page, (LessonPage, QuizPage)):
            item = _freeze(page, module_title, position=len(items) + 1)
            item.required = item.kind == ItemKind.QUIZ or course.completion != Completion.QUIZZES
            items.append(item)
    return items


def _freeze(page: LessonPage | QuizPage, module_title: str, *, position: int) -> EditionItem:
    item = EditionItem(
        page_id=page.pk,
        position=position,
        module_title=module_title,
        title=page.title,
        minutes=page.minutes,
    )
    if isinstance(page, LessonPage):
        item.kind = ItemKind.LESSON
        item.body = list(page.body.raw_data)
        item.package_id = page.package_id
        item.package_rule, item.package_score = page.package_rule, page.package_score
    else:
        item.kind = ItemKind.QUIZ
        item.body = page.intro
        item.questions = [block.value.parsed() for block in page.questions]
        item.pass_mark = page.pass_mark
        item.attempts_allowed = page.attempts_allowed
        item.draws = [draw.rule() for draw in page.draws.all()]
        item.shuffles = {"questions": page.shuffle_questions, "choices": page.shuffle_choices}
        item.time_limit = page.time_limit
        item.closes_at = page.closes_at
        item.key_shown = page.key_shown
    return item


def signature(items: list[EditionItem]) -> str:
    """A hash of what is required; equal for two courses that ask the same of a learner."""
    required: list[tuple] = [
        (item.page_id, item.kind, item.pass_mark, item.attempts_allowed, item.questions)
        # Only where they are used, so that editions made before there were any still match.
        + ((item.draws, item.time_limit) if item.draws or item.time_limit else ())
        for item in items
    ]
    # Said only where it differs: editions frozen before there was a choice keep their hash.
    required += [("free to read", item.page_id) for item in items if not item.required]
    required += [("package", item.page_id, item.package_id) for item in items if item.package_id]
    required += [
        ("package rule", item.page_id, item.package_rule, item.package_score)
        for item in items
        if item.package_id and item.package_rule != PackageRule.SAID
    ]
    return hashlib.sha256(json.dumps(required, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def publish_edition(course: CoursePage) -> Edition | None:
    """The edition that matches the course's live pages, made or refreshed.

    Idempotent. A change to what is required (items, their order, questions, pass marks)
    makes the next edition; anything else refreshes the newest one's texts in place.
    Returns None while the course asks for nothing; learners keep the edition they have.
    """
    # Locks the course row, so that two publishers cannot make the same number twice.
    course = CoursePage.objects.select_for_update(of=("self",)).get(pk=course.pk)
    items = live_items(course)
    if not course.live or not any(item.required for item in items):
        return None
    wanted = signature(items)
    newest = course.editions.order_by("-number").first()
    if newest is not None and newest.signature == wanted:
        _refresh(newest, course, items)
        return newest
    number = newest.number + 1 if newest else 1
    if newest is not None:
        # An author publishes lesson by lesson; an edition nobody is measured against is noise.
        with contextlib.suppress(ProtectedError):
            newest.delete()
    return _new_edition(course, items, wanted, number=number)


def _new_edition(
    course: CoursePage, items: list[EditionItem], wanted: str, *, number: int
) -> Edition:
    edition = Edition.objects.create(
        course=course,
        number=number,
        title=course.title,
        hours=course.hours or Decimal(0),
        signature=wanted,
    )
    for item in items:
        item.edition = edition
    EditionItem.objects.bulk_create(items)
    return edition


def _refresh(edition: Edition, course: CoursePage, items: list[EditionItem]) -> None:
    edition.title, edition.hours = course.title, course.hours or Decimal(0)
    edition.save(update_fields=["title", "hours", "refreshed_at"])
    kept = {item.position: item for item in edition.items.all()}
    for item in items:
        item.pk, item.edition = kept[item.position].pk, edition
    EditionItem.objects.bulk_update(items, _TEXTS)


def same_quiz(item: EditionItem) -> QuerySet[EditionItem]:
    """The quiz in all editions of its course; only itself once its page is deleted."""
    if item.page_id is None:
        return EditionItem.objects.filter(pk=item.pk)
    return EditionItem.objects.filter(page=item.page_id, kind=ItemKind.QUIZ)


def drawing_from(bank_id: int) -> list[int]:
    """Ids of the quizzes, in every edition of every course, that draw from the bank."""
    quizzes = EditionItem.objects.filter(kind=ItemKind.QUIZ).exclude(draws=[])
    return [
        pk
        for pk, draws in quizzes.values_list("pk", "draws").iterator()
        if any(rule["bank"] == bank_id for rule in draws)
    ]


@transaction.atomic
def correct_fixed_question(*, item: EditionItem, before: dict, after: dict) -> None:
    """Replace a question in every edition of a quiz, without a new edition.

    A quiz whose page was deleted is corrected in its one edition.

    A corrected key is no change of what is required, so the editions' signatures follow and
    the next publishing matches them. The page is corrected as well, unless its author is in
    the middle of other changes: then `page_still_asks` says so.
    """
    for quiz in same_quiz(item).select_for_update():
        if before in quiz.questions:
            quiz.questions = [after if asked == before else asked for asked in quiz.questions]
            quiz.save(update_fields=["questions"])
            edition = Edition.objects.get(pk=quiz.edition_id)
            edition.signature = signature(list(edition.items.all()))
            # With refreshed_at: what is kept of the items per process is out of date.
            edition.save(update_fields=["signature", "refreshed_at"])
    page = QuizPage.objects.filter(pk=item.page_id).first()
    if page is not None and not page.has_unpublished_changes:
        _correct_page(page, before, after)


def page_still_asks(item: EditionItem, question: dict) -> bool:
    """Whether the next publication of the quiz would bring the question back as it was."""
    page = QuizPage.objects.filter(pk=item.page_id).first()
    return page is not None and any(
        _asks(block, question) for block in page.get_latest_revision_as_object().questions
    )


def _correct_page(page: QuizPage, before: dict, after: dict) -> None:
    found = False
    for block in page.questions:
        if _asks(block, before) and (typed := retyped(after)) is not None:
            block.value["kind"], block.value["choices"] = after["kind"], typed
            found = True
    if found:
        page.save()
        page.save_revision()


def _asks(block: Any, question: dict) -> bool:
    """Whether a block of a page is the question; drafts that cannot be read are none."""
    try:
        return _essence(block.value.parsed()) == _essence(as_kinded(question))
    except QuestionError:
        return False


def retyped(question: dict) -> str | None:
    """The answers as an author would type them; None when reading them would lose something."""
    typed = write_typed(question)
    if question["explanation"]:
        typed += f"\n> {question['explanation']}"
    try:
        read = parse_typed(
            question["kind"],
            question["stem"],
            typed,
            fold_answers=bool(question.get("fold", True)),
            all_or_nothing=bool(question.get("all_or_nothing")),
        )
    except QuestionError:
        return None
    read["stem_html"] = question.get("stem_html", "")
    return typed if _essence(read) == _essence(question) else None


def _essence(asked: Any) -> Any:
    """A question without the empty words that older ones do not have."""
    if isinstance(asked, dict):
        return {key: _essence(part) for key, part in asked.items() if (key, part) != _SAYS_NOTHING}
    return [_essence(part) for part in asked] if isinstance(asked, list) else asked
