"""What was read from a file, brought into a bank: each item accounted for, nothing half done."""

import io
from collections import Counter
from hashlib import sha1, sha256
from pathlib import PurePosixPath

from django.core.files.images import ImageFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import Image as Picture
from wagtail.images import get_image_model

from courses.import_report import ImportRefused, ImportReport, Skipped
from courses.imports.questions.canonical import canonical
from courses.imports.questions.parsed import Parsed, Source, embedded_src
from courses.models import Question, QuestionBank, QuestionCategory
from courses.questions import clean_html
from courses.text import fold, nfc

MADE_ID = "~"
"""Begins the number of a question whose file gave it none: made from its words."""

_ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "WEBP": ".webp"}
"""Pictures that are taken: other formats can do more than show themselves."""


class _DryRun(Exception):
    pass


def store_questions(
    source: Source, *, bank: str, origin: str, dry_run: bool = False
) -> ImportReport:
    """Create, update or leave each item in the bank of that name, which is made if missing.

    One transaction, the bank locked: an error leaves nothing, two imports follow each other.
    Idempotent: a question is known again by the number that its file gives it, otherwise by
    category, name and words, so the same file adds nothing and a corrected key updates. A
    question that stands twice in the file is taken twice, as its author wrote it, and said.
    Raises ImportRefused for a bank without a name.
    """
    report = ImportReport(read=len(source.items), warnings=list(source.warnings))
    try:
        with transaction.atomic():
            _Store(_bank(bank), origin, report, dry_run=dry_run).take(source)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def _bank(name: str) -> QuestionBank:
    name = nfc(name)[:200]
    if not name:
        raise ImportRefused(_("The bank has no name. Write one."))
    slug = slugify(fold(name))[:70] or "bank"
    if QuestionBank.objects.filter(slug=slug).exists():
        slug = f"{slug}-{sha1(name.encode(), usedforsecurity=False).hexdigest()[:8]}"
    banks = QuestionBank.objects.select_for_update()
    return banks.get_or_create(name=name, defaults={"slug": slug})[0]


class _Store:
    """One import into one bank; holds what was looked up, so that rows are not asked twice."""

    def __init__(
        self, bank: QuestionBank, origin: str, report: ImportReport, *, dry_run: bool
    ) -> None:
        self.bank, self.origin, self.report, self.dry_run = bank, origin[:255], report, dry_run
        self.repeated: Counter[str] = Counter()
        questions = Question.objects.filter(bank=bank).order_by("pk")
        self.known = {
            # One typed on this site is known again in a file that was exported from here.
            question.external_id or self._made_id(_as_exported(question)): question
            for question in questions.select_related("category").prefetch_related("tagged__tag")
        }
        self.repeated.clear()
        self.categories: dict[tuple[int | None, str], QuestionCategory] = {
            (category.parent_id, category.name): category
            for category in QuestionCategory.objects.filter(bank=bank)
        }
        self.seen: dict[str, str] = {}

    def take(self, source: Source) -> None:
        for item in source.items:
            if isinstance(item, Skipped):
                self.report.skipped.append(item)
            else:
                self._take(item)

    def _take(self, item: Parsed) -> None:
        self.report.warnings += [f"{item.where}: {said}" for said in item.warnings]
        item.question["stem_html"] = clean_html(self._with_pictures(item))
        twin = sha256(repr((item.category, sorted(item.question.items()))).encode()).hexdigest()
        if twin in self.seen:
            same = _("The same question stands at %(where)s.") % {"where": self.seen[twin]}
            self.report.warnings.append(f"{item.where}: {same} {_('Leave one of the two out.')}")
        self.seen.setdefault(twin, item.where)
        self.report.count(self._write(item))

    def _write(self, item: Parsed) -> str:
        key = self._numbered(item.external_id) if item.external_id else self._made_id(item)
        category = self._category(item.category)
        question = self.known.get(key)
        values = {
            "content": item.question,
            "category_id": category.pk if category else None,
            "name": item.label[:255] if item.name else "",
            "difficulty": item.difficulty or None,
            "framework": item.framework,
        }
        if question is None:
            question = Question(
                bank=self.bank, external_id=key, source=self.origin, archived=item.archived
            )
            outcome = "created"
        elif self._is_same(question, values, item):
            return "unchanged"
        else:
            outcome = "updated"
            question.version += canonical(question.content) != canonical(item.question)
        for name, value in values.items():
            setattr(question, name, value)
        question.save()
        if item.tags or outcome == "updated":
            # A new question has no tags to be taken off: asking would cost two queries each.
            question.tags.set(item.tags, clear=False)
        self.known[key] = question
        return outcome

    @staticmethod
    def _is_same(question: Question, values: dict, item: Parsed) -> bool:
        stated = {name: value for name, value in values.items() if name != "name" or value}
        content = stated.pop("content")
        tags = {tagged.tag.name for tagged in question.tagged.all()}
        return (
            all(getattr(question, name) == value for name, value in stated.items())
            and canonical(question.content) == canonical(content)
            and tags == set(item.tags)
        )

    def _numbered(self, key: str) -> str:
        """A number that a careless file gives to two questions tells them apart by their place."""
        self.repeated[key] += 1
        return key if self.repeated[key] == 1 else f"{key}#{self.repeated[key]}"

    def _made_id(self, item: Parsed) -> str:
        words = repr((item.category, item.name, item.question.get("stem"), _words(item.question)))
        digest = sha1(words.encode(), usedforsecurity=False).hexdigest()
        self.repeated[digest] += 1
        return f"{MADE_ID}{digest}:{self.repeated[digest]}"

    def _category(self, path: tuple[str, ...]) -> QuestionCategory | None:
        category = None
        for name in path:
            parent = category.pk if category else None
            known = self.categories.get((parent, name))
            if known is None:
                known = QuestionCategory.objects.create(bank=self.bank, parent_id=parent, name=name)
                self.categories[parent, name] = known
            category = known
        return category

    def _with_pictures(self, item: Parsed) -> str:
        """The stem with the addresses of its pictures, each stored once in the library."""
        html = str(item.question["stem_html"])
        for name, data in item.files.items():
            address = self._picture(name, data)
            if address:
                html = html.replace(embedded_src(name), address)
            else:
                self.report.warnings.append(
                    _("%(where)s: %(name)s is no picture and was left out")
                    % {"where": item.where, "name": name}
                )
                # The words beside the picture stay.
                html = html.replace(f'src="{embedded_src(name)}"', "")
        return html

    def _picture(self, name: str, data: bytes) -> str:
        model = get_image_model()
        digest = sha1(data, usedforsecurity=False).hexdigest()
        known = model.objects.filter(file_hash=digest).first()
        if known:
            return str(known.file.url)
        try:
            with Picture.open(io.BytesIO(data), formats=list(_ENDINGS)) as picture:
                picture.verify()
                ending = _ENDINGS[str(picture.format)]
        except (OSError, SyntaxError, Picture.DecompressionBombError):
            return ""
        if self.dry_run:
            return embedded_src(name)
        # The sender's name says nothing about what a browser would make of the file.
        name = PurePosixPath(name).with_suffix(ending).name
        image = model(title=name[:255], file=ImageFile(io.BytesIO(data), name=name))
        image.file_hash = digest
        image.save()
        return str(image.file.url)


def _as_exported(question: Question) -> Parsed:
    path = question.category.path() if question.category else ()
    return Parsed("", question.content, question.name, path)


def _words(question: dict) -> str:
    """What tells two questions with one stem apart: the text of a gap question."""
    return "".join(part for part in question.get("parts", []) if isinstance(part, str))
