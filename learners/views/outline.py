"""An edition's items, and how far somebody got, ready for the templates."""

from dataclasses import dataclass

from django.core.cache import caches

from courses.models import Edition, EditionItem
from learners.actions.progress import Learning

_ONE_DAY = 86400


@dataclass(frozen=True)
class Step:
    """One line of the path."""

    item: EditionItem
    state: str
    """done, here or todo"""


@dataclass(frozen=True)
class Module:
    title: str
    steps: list[Step]


def edition_items(edition: Edition) -> list[EditionItem]:
    """The edition's items in order, texts and questions left to be fetched by the one that is
    opened. Kept per process; the key carries the version.
    """
    key = f"items:{edition.pk}:{edition.refreshed_at.timestamp()}"
    items = caches["local"].get(key)
    if items is None:
        items = list(EditionItem.objects.filter(edition=edition).defer("body", "questions"))
        caches["local"].set(key, items, _ONE_DAY)
    return items


def outline(learning: Learning) -> list[Module]:
    """The path by module: done, here (where one would resume), to do."""
    here = learning.resume_at
    modules: list[Module] = []
    for item in learning.items:
        if not modules or modules[-1].title != item.module_title:
            modules.append(Module(item.module_title, []))
        if here is not None and item.pk == here.pk:
            state = "here"
        else:
            state = "done" if item.pk in learning.done else "todo"
        modules[-1].steps.append(Step(item, state))
    return modules
