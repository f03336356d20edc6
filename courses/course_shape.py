"""What a course says, in a form that means the same on another site: docs/course-zip.md."""

import json
from hashlib import file_digest
from pathlib import PurePosixPath
from typing import Any

from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.blocks import (
    Block,
    CharBlock,
    ChoiceBlock,
    ChooserBlock,
    RichTextBlock,
    StreamValue,
    TextBlock,
    URLBlock,
)
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from courses.models import (
    CoursePage,
    LegalAct,
    LessonPage,
    Package,
    Question,
    QuestionBank,
    QuizDraw,
    QuizPage,
)
from courses.models.plan_tags import PLAN_TAGS
from courses.streams import clean_rich_text, mapped, with_links

FORMAT, VERSION = "hoc-so-course", 1
MANIFEST, COURSE = "manifest.json", "course.json"

PLAIN: dict[type[Page], list[str]] = {
    CoursePage: [
        "title",
        "slug",
        "summary",
        "topic",
        "audiences",
        "hours",
        "completion",
        "framework",
        "gives_certificate",
        *PLAN_TAGS,
    ],
    LessonPage: ["title", "slug", "minutes", "package_rule", "package_score"],
    QuizPage: [
        "title",
        "slug",
        "minutes",
        "pass_mark",
        "attempts_allowed",
        "shuffle_questions",
        "shuffle_choices",
        "time_limit",
        "closes_at",
        "key_shown",
    ],
}
"""Fields that are taken as they are, by page."""
WITHOUT_TAGS: dict[str, Any] = {name: [] for name in PLAN_TAGS}
"""What an archive says of the plan that was written before courses could."""
STREAMS: dict[type[Page], str] = {
    CoursePage: "introduction",
    LessonPage: "body",
    QuizPage: "questions",
}
RICH: dict[type[Page], str] = {CoursePage: "gains", QuizPage: "intro"}
KINDS: dict[str, type[Page]] = {"lesson": LessonPage, "quiz": QuizPage}
ACT = ["title", "number", "valid_from", "valid_to"]
DRAW = ["count", "tag", "difficulty", "framework"]


_WORDS = (CharBlock, TextBlock, ChoiceBlock, URLBlock)


def as_json(said: Any) -> bytes:
    return json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


class CannotCarry(Exception):
    """A course holds something that the form has no place for; str() names it."""


class Shape:
    """One course described; what its description names is in `files` and `banks`.

    Pages are taken as the editor shows them, with what was not published yet.
    """

    def __init__(self, course: CoursePage) -> None:
        self.files: dict[str, File] = {}
        """By name in the archive."""
        self.banks: dict[str, list[Question]] = {}
        """Questions that a quiz may draw, by the name of the bank."""
        self._course = course
        self._modules = [
            (module, list(module.get_children().specific().order_by("path")))
            for module in course.get_children().specific().order_by("path")
        ]
        self._places = {course.pk: "@"} | {page.pk: place for place, page in self._numbered()}

    def _numbered(self) -> list[tuple[str, Page]]:
        found: list[tuple[str, Page]] = []
        for number, (module, items) in enumerate(self._modules, 1):
            found.append((f"@{number}", module))
            found += [(f"@{number}.{place}", item) for place, item in enumerate(items, 1)]
        return found

    def described(self) -> dict[str, Any]:
        """The course as plain values; the same course gives the same."""
        course = _as_edited(self._course)
        return {
            **self._page(course),
            "cover": self._picture(course.cover),
            "legal_bases": [_act(basis.act) for basis in course.legal_bases.all()],
            "modules": [
                {
                    "title": _as_edited(module).title,
                    "slug": module.slug,
                    "items": [self._item(_as_edited(item)) for item in items],
                }
                for module, items in self._modules
            ],
        }

    def _page(self, page: Page) -> dict[str, Any]:
        kind = type(page)
        said = {name: getattr(page, name) for name in PLAIN[kind]}
        if name := RICH.get(kind):
            said[name] = self._rich(getattr(page, name))
        name = STREAMS[kind]
        said[name] = self._stream(getattr(page, name))
        return said

    def _item(self, item: Page) -> dict[str, Any]:
        said = {"kind": "quiz" if isinstance(item, QuizPage) else "lesson", **self._page(item)}
        if isinstance(item, QuizPage):
            return said | {"draws": [self._draw(draw) for draw in item.draws.all()]}
        return said | {
            "legal_act": _act(item.legal_act) if item.legal_act else None,
            "package": self._package(item.package) if item.package else None,
        }

    def _draw(self, draw: QuizDraw) -> dict[str, Any]:
        self._take_along(draw.bank, draw)
        return {
            **{name: getattr(draw, name) for name in DRAW},
            "bank": draw.bank.name,
            "category": list(draw.category.path()) if draw.category else [],
        }

    def _take_along(self, bank: QuestionBank, draw: QuizDraw) -> None:
        known = {question.pk for question in self.banks.setdefault(bank.name, [])}
        drawn = Question.objects.drawn_by(draw.rule()).order_by("category__name", "pk")
        drawn = drawn.select_related("category__parent").prefetch_related("tagged__tag")
        self.banks[bank.name] += [question for question in drawn if question.pk not in known]

    # -------------------------------------------------------------- streams

    def _stream(self, stream: StreamValue) -> list[Any]:
        # Block by block: the stream's own would leave out what an older save did not hold.
        raw = [block.get_prep_value() for block in stream]
        shaped: list[Any] = mapped(stream.stream_block, raw, self._leaf)
        return shaped

    def _leaf(self, block: Block, raw: Any) -> Any:
        if isinstance(block, RichTextBlock):
            return self._rich(raw)
        if not isinstance(block, ChooserBlock) or raw is None:
            # Nothing written is written in one way.
            return "" if raw is None and isinstance(block, _WORDS) else raw
        chosen = block.model_class.objects.filter(pk=raw).first()
        if isinstance(chosen, get_image_model()):
            return self._picture(chosen)
        if isinstance(chosen, get_document_model()):
            return self._document(chosen)
        if chosen is None:
            return None
        raise CannotCarry(f"{block.model_class.__name__} {chosen}")

    def _rich(self, html: str) -> str:
        return clean_rich_text(with_links(html, self._named))

    def _named(self, kind: str, key: str) -> str:
        """A link's aim on another site: a file of the archive, or a page of this course."""
        pk = int(key) if key.isdecimal() else 0
        if kind == "page":
            return self._places.get(pk, "")
        document = get_document_model().objects.filter(pk=pk).first()
        return str(self._document(document)["file"]) if document else ""

    # -------------------------------------------------------------- files

    def _picture(self, image: Any) -> dict[str, str] | None:
        if image is None:
            return None
        return {"file": self._file(image.file), "title": image.title}

    def _document(self, document: Any) -> dict[str, str]:
        return {"file": self._file(document.file), "title": document.title}

    def _package(self, package: Package) -> dict[str, str]:
        return {"file": self._file(package.file), "title": package.title}

    def _file(self, file: Any) -> str:
        with file.open("rb") as opened:
            digest = file_digest(opened, "sha256").hexdigest()
        name = f"files/{digest}{PurePosixPath(file.name).suffix.lower()}"
        self.files[name] = file
        return name


def _as_edited(page: Page) -> Any:
    return page.get_latest_revision_as_object()


def _act(act: LegalAct) -> dict[str, Any]:
    return {name: getattr(act, name) for name in ACT}
