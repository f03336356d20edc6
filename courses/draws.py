"""What one attempt asks: fixed questions, and others drawn from banks by rule."""

import random
from collections.abc import Mapping, Sequence

from courses.choices import QuestionKind
from courses.models import EditionItem, Question
from courses.questions import kind_of, options

# Cryptographic chance: a learner who could foresee the draw could prepare for it.
_CHANCE = random.SystemRandom()


def draw_questions(quiz: EditionItem) -> list[dict]:
    """The questions of one attempt, each with its own copy, its `ref` and order `shown`.

    Nothing is drawn twice. A bank that has fewer questions than a rule asks for gives what
    it has, so that a quiz cannot become impossible by archiving.
    """
    asked = [{**fixed, "ref": f"f{place}"} for place, fixed in enumerate(quiz.questions)]
    taken: set[int] = set()
    for rule in quiz.draws:
        drawable = Question.objects.drawn_by(rule).values_list("pk", flat=True)
        pool = [pk for pk in drawable if pk not in taken]
        chosen = _CHANCE.sample(pool, min(rule["count"], len(pool)))
        taken.update(chosen)
        found = Question.objects.in_bulk(chosen)
        asked += [{**found[pk].content, "ref": f"q{pk}"} for pk in chosen]
    if quiz.shuffles.get("questions"):
        _CHANCE.shuffle(asked)
    for question in asked:
        if shown := _order(question, shuffled=bool(quiz.shuffles.get("choices"))):
            question["shown"] = shown
    return asked


def asked_count(fixed: Sequence[Mapping], draws: Sequence[Mapping]) -> int:
    """How many questions an attempt asks when the banks are full."""
    return len(fixed) + sum(rule["count"] for rule in draws)


def _order(question: dict, *, shuffled: bool) -> list[int]:
    """The order in which options are offered; empty for the frozen one.

    Matching and ordering are always mixed: their frozen order is the answer.
    """
    kind = kind_of(question)
    if kind == QuestionKind.ORDERING:
        return _mixed(len(question["items"]))
    if kind == QuestionKind.MATCHING:
        return _mixed(len(options(question)))
    if shuffled and kind in {QuestionKind.CHOICE, QuestionKind.MULTIPLE}:
        return _mixed(len(question["choices"]))
    return []


def _mixed(size: int) -> list[int]:
    """Any order but the frozen one, when there is another."""
    order = list(range(size))
    while size > 1 and order == sorted(order):
        _CHANCE.shuffle(order)
    return order
