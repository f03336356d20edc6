"""Our own zip of a whole course, with checksums: docs/course-zip.md."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.blocks import Block, ChooserBlock, RichTextBlock
from wagtail.images import get_image_model
from wagtail.models import Page

from courses.course_shape import (
    ACT,
    COURSE,
    DRAW,
    FORMAT,
    KINDS,
    MANIFEST,
    PLAIN,
    RICH,
    STREAMS,
    VERSION,
    WITHOUT_TAGS,
    Shape,
    as_json,
)
from courses.import_report import ImportRefused, ImportReport
from courses.imports.archives import open_archive, read_entry
from courses.imports.documents import store_document
from courses.imports.library import read_package, store_package
from courses.imports.new_files import new_files_removed_on_failure
from courses.imports.pictures import checked_picture, store_picture
from courses.imports.questions.moodle_xml import read_moodle_xml
from courses.imports.questions.store import store_questions
from courses.models import (
    CatalogPage,
    CoursePage,
    LegalAct,
    LegalBasis,
    LessonPage,
    ModulePage,
    QuestionBank,
    QuestionCategory,
    QuizDraw,
)
from courses.streams import clean_rich_text, mapped, with_links

_NOT_AS_WRITTEN = (LookupError, TypeError, ValueError, AttributeError, ObjectDoesNotExist)
_HELD_BY_TREE = ["path", "depth", "numchild", "url_path"]


def is_course_zip(data: bytes) -> bool:
    """Whether the file says of itself that it is one."""
    file = ContentFile(data)
    if not is_zipfile(file):
        return False
    try:
        with ZipFile(file) as archive:
            head = archive.read(MANIFEST)[:200] if MANIFEST in archive.namelist() else b""
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return False
    return FORMAT.encode() in head


def import_course_zip(data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Load a course as a draft below the catalogue; one that stands there as it is, is left.

    All or nothing. Raises ImportRefused for a file that is damaged, was changed by hand or is
    of a later version, and for content that the editor would refuse.
    """
    catalog = CatalogPage.objects.first()
    if catalog is None:
        raise ImportRefused(_("There is no catalogue yet; run create_site first."))
    with open_archive(data) as archive, TemporaryDirectory() as folder:
        said = _verified(archive)
        report = ImportReport()
        store = _Store(archive, Path(folder), said, report)
        with new_files_removed_on_failure(dry_run), transaction.atomic():
            try:
                store.take(catalog, dry_run=dry_run)
            except ValidationError as error:
                raise ImportRefused(f"{store.place}: {'; '.join(error.messages)}") from error
            except (
                LookupError,
                TypeError,
                ValueError,
                AttributeError,
                ObjectDoesNotExist,
            ) as error:
                raise ImportRefused(
                    _("%(name)s does not read as it should, at “%(place)s”.")
                    % {"name": COURSE, "place": store.place}
                ) from error
            if dry_run:
                transaction.set_rollback(True)
    return report


def _verified(archive: ZipFile) -> dict[str, Any]:
    """The course as it was written down, once every file was found to be what it was."""
    manifest = _object(archive, MANIFEST)
    if manifest.get("version") != VERSION:
        raise ImportRefused(
            _("The file is of version %(found)s; this site reads version %(known)s.")
            % {"found": str(manifest.get("version"))[:20], "known": VERSION}
        )
    sums = manifest.get("sha256")
    names = {entry.filename for entry in archive.infolist() if not entry.is_dir()}
    if not isinstance(sums, dict) or sums.keys() != names - {MANIFEST}:
        raise ImportRefused(
            _("The archive’s files are not those that %(name)s lists. Export the course again.")
            % {"name": MANIFEST}
        )
    for name, digest in sums.items():
        if sha256(read_entry(archive, name)).hexdigest() != digest:
            raise ImportRefused(
                _("%(name)s was changed after the export. Export the course again.")
                % {"name": name}
            )
    return WITHOUT_TAGS | _object(archive, COURSE)


def _object(archive: ZipFile, name: str) -> dict[str, Any]:
    try:
        read = json.loads(read_entry(archive, name))
    except (ValueError, RecursionError, KeyError) as error:
        raise ImportRefused(_("%(name)s does not read as it should.") % {"name": name}) from error
    if not isinstance(read, dict):
        raise ImportRefused(_("%(name)s does not read as it should.") % {"name": name})
    return read


class _Store:
    """One course on its way into the tree: first the pages, then what they say, because links
    lead from one to another; packages last, because their files are not of the transaction."""

    def __init__(
        self, archive: ZipFile, folder: Path, said: dict[str, Any], report: ImportReport
    ) -> None:
        self.archive, self.folder, self.said, self.report = archive, folder, said, report
        self.place = "course"
        self.pages: dict[str, Page] = {}
        self.packages: list[tuple[LessonPage, bytes]] = []

    def take(self, catalog: CatalogPage, *, dry_run: bool) -> None:
        pages = 1 + sum(1 + len(part["items"]) for part in self.said["modules"])
        self.report.read = pages
        self._banks()
        if self._is_known(catalog):
            self.report.unchanged += pages
            return
        for place, said, parent, kind in self._planned():
            self._add(place, said, self.pages[parent] if parent else catalog, kind)
        for place, said, _parent, kind in self._planned():
            self.place = f"{place} {said['title']}"
            self._fill(self.pages[place], said, kind)
        if not dry_run:
            for lesson, data in self.packages:
                lesson.package = store_package(data)[0]
                _saved(lesson)
        self.report.warnings.append(
            _("“%(title)s” waits as a draft: look through it and publish it.")
            % {"title": self.said["title"]}
        )

    def _planned(self) -> Iterator[tuple[str, dict[str, Any], str, type[Page]]]:
        """Place, words, place of the parent and kind of each page, from the top."""
        yield "@", self.said, "", CoursePage
        for number, module in enumerate(self.said["modules"], 1):
            yield f"@{number}", module, "@", ModulePage
            for position, item in enumerate(module["items"], 1):
                yield f"@{number}.{position}", item, f"@{number}", KINDS[item["kind"]]

    def _is_known(self, catalog: CatalogPage) -> bool:
        wanted = {name: value for name, value in self.said.items() if name != "banks"}
        same_title = CoursePage.objects.child_of(catalog).filter(title=wanted["title"])
        return any(json.loads(as_json(Shape(one).described())) == wanted for one in same_title)

    def _banks(self) -> None:
        """Before the pages: a draw is checked against what its bank holds."""
        for bank, name in self.said["banks"].items():
            self.place = name
            source = read_moodle_xml(read_entry(self.archive, name))
            done = store_questions(source, bank=bank, origin=self.said["title"])
            self.report.read += done.read
            self.report.created += done.created
            self.report.updated += done.updated
            self.report.unchanged += done.unchanged
            self.report.skipped += done.skipped
            self.report.warnings += done.warnings

    def _add(self, place: str, said: dict[str, Any], parent: Page, kind: type[Page]) -> None:
        self.place = f"{place} {said['title']}"
        page = kind(live=False, has_unpublished_changes=True)
        for name, value in _typed(kind, said, PLAIN.get(kind, ["title", "slug"])).items():
            setattr(page, name, value)
        page.slug = _free_slug(page.slug, parent)
        self.pages[place] = parent.add_child(instance=page)
        self.report.count("created")

    def _fill(self, page: Page, said: dict[str, Any], kind: type[Page]) -> None:
        if name := RICH.get(kind):
            setattr(page, name, self._rich(said[name]))
        if name := STREAMS.get(kind):
            block = getattr(page, name).stream_block
            value = block.to_python(mapped(block, said[name], self._leaf))
            # Through the editor's own door.
            setattr(page, name, block.clean(value) if value else value)
        if kind is CoursePage:
            page.cover = self._picture(said["cover"])
            page.legal_bases = [
                LegalBasis(act=_act(act), sort_order=order)
                for order, act in enumerate(said["legal_bases"])
            ]
        elif kind is LessonPage:
            page.legal_act = _act(said["legal_act"]) if said["legal_act"] else None
            if said["package"]:
                data = read_entry(self.archive, said["package"]["file"])
                read_package(data)
                self.packages.append((page, data))
        elif kind is not ModulePage:
            page.draws = [_draw(draw, order) for order, draw in enumerate(said["draws"])]
        page.full_clean(exclude=_HELD_BY_TREE)
        _saved(page)

    # -------------------------------------------------------------- what streams hold

    def _leaf(self, block: Block, raw: Any) -> Any:
        if isinstance(block, RichTextBlock):
            return self._rich(raw)
        if not isinstance(block, ChooserBlock) or raw is None:
            if not isinstance(raw, (str, int, float, bool, type(None))):
                raise TypeError
            return raw
        if block.model_class is get_image_model():
            return self._picture(raw).pk
        return self._document(raw).pk

    def _rich(self, html: str) -> str:
        return with_links(clean_rich_text(html), self._aim)

    def _aim(self, kind: str, name: str) -> str:
        if kind == "page":
            return str(self.pages[name].pk)
        return str(self._document({"file": name, "title": Path(name).name}).pk)

    def _picture(self, said: dict[str, str] | None) -> Any:
        return said and store_picture(checked_picture(self._unpacked(said)), said["title"])

    def _document(self, said: dict[str, str]) -> Any:
        return store_document(self._unpacked(said), said["title"])

    def _unpacked(self, said: dict[str, str]) -> Path:
        file = self.folder / Path(said["file"]).name
        if not file.exists():
            file.write_bytes(read_entry(self.archive, said["file"]))
        return file


def _saved(page: Page) -> None:
    page.save()
    page.save_revision(changed=True)


def _typed(model: type[Model], said: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """What JSON holds, as the model's fields hold it."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(said[name]) for name in names}


def _free_slug(wanted: str, parent: Page) -> str:
    slug, number = wanted, 2
    while parent.get_children().filter(slug=slug).exists():
        slug, number = f"{wanted[:90]}-{number}", number + 1
    return slug


def _act(said: dict[str, Any]) -> LegalAct:
    """By title and number; one that is known keeps its dates, which its own desk corrects."""
    values = _typed(LegalAct, said, ACT)
    known = LegalAct.objects.filter(title=values["title"], number=values["number"]).first()
    if known:
        return known
    act = LegalAct(**values)
    act.full_clean()
    act.save()
    return act


def _draw(said: dict[str, Any], order: int) -> QuizDraw:
    bank = QuestionBank.objects.get(name=said["bank"])
    category = None
    for name in said["category"]:
        category = QuestionCategory.objects.get(bank=bank, parent=category, name=name)
    values = _typed(QuizDraw, said, DRAW)
    draw = QuizDraw(bank=bank, category=category, sort_order=order, **values)
    draw.full_clean(exclude=["quiz"])
    return draw
