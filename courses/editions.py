"""Freezing a course: from the pages that are live to what a learner is measured against."""

import contextlib
import hashlib
import json
from decimal import Decimal

from django.db import transaction
from django.db.models import ProtectedError
from wagtail.models import Page

from courses.choices import Completion, ItemKind
from courses.models import CoursePage, Edition, EditionItem, LessonPage, QuizPage
from courses.questions import QuestionError, parse_typed, write_typed

# What a refresh may change in place: wordings, and how a quiz is presented.
_TEXTS = [
    "module_title", "title", "minutes", "body", "shuffles", "closes_at", "key_shown",
]  # fmt: skip


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


@transaction.atomic
def correct_fixed_question(*, page_id: int | None, before: dict, after: dict) -> int:
    """Replace a question in every edition of a quiz, without a new edition; how many items.

    A corrected key is no change of what is required, so the editions' signatures follow and
    the next publishing matches them. The page is corrected as well, unless its author is in
    the middle of other changes: then the question is among what they publish.
    """
    corrected = 0
    for item in EditionItem.objects.select_for_update().filter(page=page_id, kind=ItemKind.QUIZ):
        if before in item.questions:
            item.questions = [after if asked == before else asked for asked in item.questions]
            item.save(update_fields=["questions"])
            edition = Edition.objects.get(pk=item.edition_id)
            edition.signature = signature(list(edition.items.all()))
            # With refreshed_at: what is kept of the items per process is out of date.
            edition.save(update_fields=["signature", "refreshed_at"])
            corrected += 1
    page = QuizPage.objects.filter(pk=page_id).first()
    if page is not None and not page.has_unpublished_changes:
        _correct_page(page, before, after)
    return corrected


def _correct_page(page: QuizPage, before: dict, after: dict) -> None:
    found = False
    for block in page.questions:
        if block.value.parsed() == before and (typed := retyped(after)) is not None:
            block.value["kind"], block.value["choices"] = after["kind"], typed
            found = True
    if found:
        page.save()
        page.save_revision()


def retyped(question: dict) -> str | None:
    """The answers as an author would type them into a page; None when they cannot be."""
    typed = write_typed(question)
    if question["explanation"]:
        typed += f"\n> {question['explanation']}"
    try:
        same = parse_typed(question["kind"], question["stem"], typed) == question
    except QuestionError:
        return None
    return typed if same else None
