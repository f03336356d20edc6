"""A checked course draft into the page tree. All or nothing, and idempotent."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Manager
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.models import Page

from courses.editions import publish_edition
from courses.import_report import ImportRefused, ImportReport
from courses.imports.cartridge import read_cartridge
from courses.imports.course_zip import import_course_zip, is_course_zip
from courses.imports.draft import CourseDraft, ItemDraft
from courses.imports.drawn import draws_of, store_drawn
from courses.imports.folder import read_course
from courses.imports.markdown import Block
from courses.imports.new_files import new_files_removed_on_failure
from courses.imports.pictures import find_picture, store_picture
from courses.models import (
    CatalogPage,
    CoursePage,
    LegalAct,
    LegalBasis,
    LessonPage,
    ModulePage,
    QuizDraw,
    QuizPage,
)
from courses.readiness import unmet
from courses.text import fold


def import_course(path: Path, *, dry_run: bool = False) -> ImportReport:
    """Load a course below the catalogue: a folder of Markdown, or an archive.

    The same course again changes nothing; a changed text updates its page. A course that
    lacks what publishing asks for stays a draft, and the report says what. Raises
    ImportRefused, with nothing changed, for what cannot be understood.
    """
    report = ImportReport()
    if path.is_file():
        return import_archive(path.read_bytes(), dry_run=dry_run)
    return _load(read_course(path, report), report, dry_run=dry_run)


def import_archive(data: bytes, *, dry_run: bool = False) -> ImportReport:
    """As `import_course`, for the bytes of our own zip or of a Common Cartridge."""
    if is_course_zip(data):
        return import_course_zip(data, dry_run=dry_run)
    report = ImportReport()
    with TemporaryDirectory() as unpacked:
        draft = read_cartridge(data, Path(unpacked), report)
        return _load(draft, report, dry_run=dry_run)


def _load(draft: CourseDraft, report: ImportReport, *, dry_run: bool) -> ImportReport:
    catalog = CatalogPage.objects.first()
    if catalog is None:
        raise ImportRefused(_("There is no catalogue yet; run create_site first."))
    _check_pictures(draft, report)
    with new_files_removed_on_failure(dry_run), transaction.atomic():
        try:
            _store(draft, catalog, report)
        except ValidationError as error:
            raise ImportRefused(f"{draft.title}: {'; '.join(error.messages)}") from error
        if dry_run:
            transaction.set_rollback(True)
    return report


def _check_pictures(draft: CourseDraft, report: ImportReport) -> None:
    """Every picture before the first page: refuse, or list what a foreign course lacks."""
    if draft.cover and find_picture(draft, draft.cover) is None:
        raise ImportRefused(f"course.toml: the cover {draft.cover} is missing; add the file.")
    places = [
        ("README", draft.introduction),
        *((i.source, i.blocks) for i in _items(draft)),
    ]
    for where, blocks in places:
        for kind, value in blocks:
            if kind not in ("picture", "video") or find_picture(draft, value["src"]):
                continue
            if not draft.is_foreign:
                raise ImportRefused(f"{where}: the picture {value['src']} is missing; add it.")
            report.skip(
                where=where,
                what=value["src"],
                why="The picture is missing, or lies on another host.",
                repair="Put the file beside the lesson and import again.",
            )


def _items(draft: CourseDraft) -> Iterator[ItemDraft]:
    for module in draft.modules:
        yield from module.items


# ------------------------------------------------------------------ storing


def _store(draft: CourseDraft, catalog: CatalogPage, report: ImportReport) -> None:
    slug = slugify(fold(draft.title if draft.is_foreign else draft.folder.name))[:100]
    course = CoursePage.objects.child_of(catalog).filter(slug=slug).first()
    cover = find_picture(draft, draft.cover) if draft.cover else None
    fields = {
        "title": draft.title,
        "summary": draft.summary,
        "topic": draft.topic,
        "audiences": list(map(str, draft.audiences)),
        "hours": draft.hours,
        "completion": draft.completion,
        "framework": draft.framework,
        "gains": _list_html(draft.gains),
        "cover": store_picture(cover, draft.title) if cover else None,
        "introduction": _body(draft, draft.introduction),
        "legal_bases": _legal_bases(draft),
        **draft.plan_tags,
    }
    course = _put(catalog, CoursePage, course, slug, fields, report, live=False)
    store_drawn(draft, report)
    for module_draft in draft.modules:
        module_slug = f"phan-{module_draft.number}"
        module = ModulePage.objects.child_of(course).filter(slug=module_slug).first()
        module = _put(
            course,
            ModulePage,
            module,
            module_slug,
            {"title": module_draft.title},
            report,
        )
        for item in module_draft.items:
            item_slug = slugify(fold(item.source))[:100]
            model = QuizPage if item.is_quiz else LessonPage
            if (found := _item_fields(draft, item, report)) is not None:
                existing = model.objects.child_of(module).filter(slug=item_slug).first()
                _put(module, model, existing, item_slug, found, report)
    if course.live:
        publish_edition(course)
    elif missing := unmet(course.requirements()):
        remedies = " ".join(str(requirement.remedy) for requirement in missing)
        report.warnings.append(
            _("“%(title)s” stays a draft. %(remedies)s")
            % {"title": draft.title, "remedies": remedies}
        )
    else:
        course.get_latest_revision().publish(log_action=False)


def _put(
    parent: Page,
    model: type[Page],
    page: Page | None,
    slug: str,
    fields: dict,
    report: ImportReport,
    *,
    live: bool = True,
) -> Any:
    """Create the page, or update it where a field differs; counted in the report."""
    if page is None:
        page = model(slug=slug, live=live, has_unpublished_changes=not live, **fields)
        page.first_published_at = timezone.now() if live else None
        if not live:
            # Wagtail checks a page when it is live; a draft is checked as thoroughly here.
            page.full_clean(exclude=["path", "depth", "numchild", "url_path"])
        parent.add_child(instance=page)
        page.save_revision(changed=False)
        report.count("created")
        return page
    if all(_same(getattr(page, name), value) for name, value in fields.items()):
        report.count("unchanged")
        return page
    for name, value in fields.items():
        setattr(page, name, value)
    page.full_clean()
    page.save()
    page.save_revision()
    report.count("updated")
    return page


def _same(stored: Any, wanted: Any) -> bool:
    if isinstance(stored, Manager):
        return [_essence(row) for row in stored.all()] == [_essence(row) for row in wanted]
    if isinstance(stored, StreamValue):
        return _content(stored) == _content(stored.stream_block.normalize(wanted))
    return stored == wanted


def _essence(row: LegalBasis | QuizDraw) -> Any:
    """What a row below a page says, whatever its id."""
    return row.act if isinstance(row, LegalBasis) else row.rule()


def _content(stream: StreamValue) -> Any:
    """What the blocks hold; their ids are made anew on each reading."""
    return _without_ids(stream.get_prep_value())


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_ids(held) for name, held in value.items() if name != "id"}
    if isinstance(value, (list, tuple)):
        return [_without_ids(held) for held in value]
    return value


def _legal_bases(draft: CourseDraft) -> list[LegalBasis]:
    """The acts that the course names, found by title and number or entered."""
    bases = []
    for order, named in enumerate(draft.legal_bases):
        dates: dict[str, Any] = {
            name: named[name] for name in ("valid_from", "valid_to") if name in named
        }
        act, _created = LegalAct.objects.get_or_create(
            title=named["title"], number=named.get("number", ""), defaults=dates
        )
        bases.append(LegalBasis(act=act, sort_order=order))
    return bases


def _item_fields(
    draft: CourseDraft, item: ItemDraft, report: ImportReport
) -> dict[str, Any] | None:
    """The page's fields; None for a quiz none of whose questions could be taken."""
    if item.drawn is not None:
        draws = draws_of(draft, item, report)
        return {"title": item.title, "minutes": item.minutes, "draws": draws} if draws else None
    if item.questions:
        return {
            "title": item.title,
            "minutes": item.minutes,
            "intro": item.intro,
            "pass_mark": item.pass_mark,
            "attempts_allowed": item.attempts_allowed,
            "questions": [("question", question) for question in item.questions],
        }
    return {"title": item.title, "minutes": item.minutes, "body": _body(draft, item.blocks)}


def _body(draft: CourseDraft, blocks: list[Block]) -> list[Block]:
    return [block for raw in blocks if (block := _lesson_block(draft, raw)) is not None]


def _lesson_block(draft: CourseDraft, raw: Block) -> Block | None:
    kind, value = raw
    if kind not in ("picture", "video"):
        return kind, value
    file = find_picture(draft, value["src"])
    image = store_picture(file, value["alt"]) if file else None
    if kind == "video":
        title = value["alt"] or "Video"
        return "video", {
            "title": title,
            "link": value["link"],
            "poster": _poster(image),
        }
    if image is None:
        return None
    # The description is of this use of the picture, not of the file in the library.
    image.contextual_alt_text = value["alt"]
    image.decorative = not value["alt"]
    return "picture", {"image": image, "caption": ""}


def _poster(image: Any) -> Any:
    if image is not None:
        image.contextual_alt_text, image.decorative = "", True
    return image


def _list_html(lines: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>" if lines else ""
