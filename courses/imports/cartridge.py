"""Common Cartridge 1.0 to 1.3: pages, links and quizzes of another system as a course.

The archive's tree becomes modules; what this site has no place for (discussions, assignments,
tools of other hosts) is named in the report, piece by piece.
"""

import posixpath
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

from django.utils.translation import gettext as _

from courses.choices import Audience, Completion, Topic
from courses.import_report import ImportRefused, ImportReport
from courses.imports.archives import MANIFEST, open_archive, read_entry, read_manifest_of
from courses.imports.draft import CourseDraft, ItemDraft, ModuleDraft, minutes_for
from courses.imports.questions import qti1
from courses.imports.questions.parsed import Parsed, Source
from courses.imports.questions.pictures import found_in
from courses.imports.questions.xml import Element, descendants, local, parse, text_of
from courses.imports.web_pages import read_page
from courses.text import nfc

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_PLACEHOLDER = "$IMS-CC-FILEBASE$"


@dataclass(frozen=True)
class _Resource:
    id: str
    kind: str
    """The type without its version: webcontent, imswl, imsqti, …"""
    href: str


_Link = tuple[str, str, str]
"""Resource, title, address."""


@dataclass(frozen=True)
class _Entry:
    """One line of the cartridge's tree that names a resource."""

    title: str
    resource: _Resource


def read_cartridge(data: bytes, folder: Path, report: ImportReport) -> CourseDraft:
    """The course in a cartridge, unpacked into `folder` so that its pictures are at hand.

    `report` receives what was left out. Raises ImportRefused for what is no cartridge.
    """
    archive = open_archive(data)
    manifest = parse(read_manifest_of(archive), MANIFEST)
    if "common cartridge" not in _schema(manifest).lower():
        raise ImportRefused(
            _("%(name)s does not say “IMS Common Cartridge”: this is another kind of package.")
            % {"name": MANIFEST}
        )
    resources = {resource.id: resource for resource in _resources(manifest)}
    reader = _Reader(archive, report)
    course = CourseDraft(
        folder=folder.resolve(),
        root=folder.resolve(),
        title=_title_of(manifest),
        summary=_title_of(manifest),
        topic=Topic.DIGITAL_SKILLS,
        audiences=[Audience.OFFICIAL],
        hours=Decimal(1),
        completion=Completion.EVERYTHING,
        is_foreign=True,
    )
    used: set[str] = set()
    for title, entries in _modules(manifest, resources):
        used |= {entry.resource.id for entry in entries}
        reader.add_module(course, title, entries)
    loose = [_Entry("", found) for found in resources.values() if found.id not in used]
    reader.add_module(course, _("Other content"), _worth_telling(loose, report))
    if not course.modules:
        raise ImportRefused(_("The cartridge holds no page, link or quiz that can be taken."))
    course.hours = course.hours_of_items()
    archive.extractall(folder, [name for name in archive.namelist() if _is_picture(name)])
    return course


class _Reader:
    """Turns entries into items; holds what the archive has."""

    def __init__(self, archive: ZipFile, report: ImportReport) -> None:
        self.archive, self.report = archive, report
        self.names = set(archive.namelist())
        self.quizzes: Counter[str] = Counter()

    def add_module(self, course: CourseDraft, title: str, entries: list[_Entry]) -> None:
        """Append the module if it has anything to learn. Links in a row share one lesson."""
        module = ModuleDraft(len(course.modules) + 1, title)
        links: list[_Link] = []
        for entry in entries:
            self.report.read += 1
            if entry.resource.kind == "imswl":
                links += self._link(entry)
                continue
            module.items += _links_lesson(links)
            links = []
            item = self._item(entry)
            module.items += [item] if item else []
        module.items += _links_lesson(links)
        if module.items:
            course.modules.append(module)

    def _item(self, entry: _Entry) -> ItemDraft | None:
        kind, href = entry.resource.kind, entry.resource.href
        if kind == "imsqti":
            return self._quiz(entry)
        if kind == "webcontent" and href.lower().endswith((".html", ".htm")):
            return self._page(entry)
        if kind == "webcontent" and _is_picture(href) and href in self.names:
            title = entry.title or posixpath.basename(href)
            picture = ("picture", {"src": href, "alt": title})
            return ItemDraft(entry.resource.id, title, 1, [picture])
        if kind == "webcontent":
            why, repair = _("A file, not a page."), _("Add it to a lesson as a file to keep.")
        else:
            why, repair = _not_taken(kind)
        self._skip(entry, why, repair)
        return None

    def _page(self, entry: _Entry) -> ItemDraft | None:
        href = entry.resource.href
        if href not in self.names:
            self._skip(
                entry, _("The manifest names it, the archive lacks it."), _("Export it again.")
            )
            return None
        page = read_page(read_entry(self.archive, href), self._finder(href))
        title = entry.title or page.title or posixpath.basename(href)
        for left_out in page.left_out:
            self.report.skip(
                where=href,
                what=left_out,
                why=_("It is not in the archive, or a lesson cannot show it."),
                repair=_("Add it to the lesson by hand."),
            )
        if not page.blocks:
            self.report.warnings.append(
                _("%(page)s: the page is empty. Write it, or take it out.") % {"page": title}
            )
        return ItemDraft(entry.resource.id, title, minutes_for(page.words), page.blocks)

    def _finder(self, page: str) -> "_Finder":
        return _Finder(posixpath.dirname(page), self.names)

    def _link(self, entry: _Entry) -> list[_Link]:
        """Title and address of a link with the id of its resource; none that leads nowhere."""
        href = entry.resource.href
        if href not in self.names:
            self._skip(
                entry, _("The manifest names it, the archive lacks it."), _("Export it again.")
            )
            return []
        root = parse(read_entry(self.archive, href), href)
        address = next((node.get("href", "") for node in descendants(root, "url")), "")
        if urlsplit(address).scheme not in ("http", "https"):
            self._skip(entry, _("The link has no web address."), _("Write it into a lesson."))
            return []
        title = entry.title or nfc(text_of(next(iter(descendants(root, "title")), None)))
        return [(entry.resource.id, title or address, address)]

    def _quiz(self, entry: _Entry) -> ItemDraft | None:
        href = entry.resource.href
        if href not in self.names:
            self._skip(
                entry, _("The manifest names it, the archive lacks it."), _("Export it again.")
            )
            return None
        root = parse(read_entry(self.archive, href), href)
        find = found_in(
            self.names, posixpath.dirname(href), lambda name: read_entry(self.archive, name)
        )
        assessment = next(iter(descendants(root, "assessment")), None)
        stated = assessment.get("title", "") if assessment is not None else ""
        title = self._own_title(nfc(entry.title or stated or _("Quiz")))
        items = qti1.read_items(root, href, find)
        if not items:
            self._skip(entry, _("The quiz has no questions."), _("Write them, or leave it out."))
            return None
        for item in items:
            if isinstance(item, Parsed):
                item.category = (title,)
        return ItemDraft(
            entry.resource.id, title, max(1, len(items)), drawn=Source(items=list(items))
        )

    def _own_title(self, title: str) -> str:
        """Each quiz has its own category of the bank, so none asks another's questions."""
        self.quizzes[title] += 1
        return title if self.quizzes[title] == 1 else f"{title} ({self.quizzes[title]})"

    def _missing(self, entry: _Entry) -> None:
        self._skip(entry, _("The manifest names it, the archive lacks it."), _("Export it again."))

    def _skip(self, entry: _Entry, why: str, repair: str) -> None:
        what = entry.title or entry.resource.href
        self.report.skip(where=entry.resource.href or MANIFEST, what=what, why=why, repair=repair)


@dataclass(frozen=True)
class _Finder:
    """Finds a picture beside the page, or where Canvas keeps its files."""

    folder: str
    names: set[str]

    def __call__(self, src: str) -> str:
        if "://" in src or src.startswith("data:"):
            return ""
        bare = src.partition("?")[0]
        if bare.startswith(_PLACEHOLDER):
            bare = bare.removeprefix(_PLACEHOLDER).lstrip("/")
            places = [posixpath.join("web_resources", bare), bare]
        else:
            places = [posixpath.join(self.folder, bare), bare]
        found = (posixpath.normpath(place) for place in places)
        return next((name for name in found if name in self.names and _is_picture(name)), "")


def _not_taken(kind: str) -> tuple[str, str]:
    """Why this site has no place for such a resource, and what an author can do."""
    match kind:
        case "imsdt":
            return _("Discussions are not part of a course here."), _("Hold it in the class.")
        case "imsbasiclti":
            return (
                _("A tool of another host, which this site does not open."),
                _("Link to it from a lesson if learners need it."),
            )
        case "assignment":
            return (
                _("Work to be handed in is not part of a course here."),
                _("Write an essay question into a quiz."),
            )
    return _("The kind “%(kind)s” is not known.") % {"kind": kind}, _("Write it anew.")


def _links_lesson(links: list[_Link]) -> list[ItemDraft]:
    if not links:
        return []
    lines = "".join(
        f'<li><a href="{escape(address)}">{escape(title)}</a></li>'
        for _key, title, address in links
    )
    title = (
        links[0][1]
        if len(links) == 1
        else _("%(title)s and %(n)d more links") % {"title": links[0][1], "n": len(links) - 1}
    )
    return [ItemDraft(links[0][0], title[:200], len(links), [("text", f"<ul>{lines}</ul>")])]


# ------------------------------------------------------------------ the manifest


def _schema(manifest: Element) -> str:
    return text_of(next(iter(descendants(manifest, "schema")), None))


def _title_of(manifest: Element) -> str:
    for general in descendants(manifest, "general"):
        for node in descendants(general, "string", "langstring"):
            if title := nfc(text_of(node)):
                return title[:200]
    raise ImportRefused(
        _("%(name)s gives the course no title. Add one and pack it again.") % {"name": MANIFEST}
    )


def _resources(manifest: Element) -> Iterator[_Resource]:
    for node in descendants(manifest, "resource"):
        files = [unquote(file.get("href", "")) for file in descendants(node, "file")]
        href = unquote(node.get("href") or (files[0] if files else ""))
        yield _Resource(node.get("identifier", ""), _kind(node.get("type", "")), href)


def _kind(stated: str) -> str:
    """webcontent, imswl, imsdt, imsqti, imsbasiclti, assignment, …: without the version."""
    return stated.partition("/")[0].partition("_xml")[0]


def _worth_telling(loose: list[_Entry], report: ImportReport) -> list[_Entry]:
    """What the tree does not name, without settings, texts of assignments, and pictures, which
    come with the pages that show them."""
    folders = {
        posixpath.dirname(entry.resource.href)
        for entry in loose
        if entry.resource.kind == "assignment"
    }
    settings = [entry for entry in loose if entry.resource.kind == "associatedcontent"]
    if settings:
        report.warnings.append(
            _("%(n)d files hold settings of the system it came from.") % {"n": len(settings)}
        )
    return [
        entry
        for entry in loose
        if entry not in settings
        and not (entry.resource.kind == "webcontent" and _is_picture(entry.resource.href))
        and not (
            entry.resource.kind == "webcontent"
            and posixpath.dirname(entry.resource.href) in folders
        )
    ]


def _is_picture(name: str) -> bool:
    return name.lower().endswith(_PICTURES)


def _modules(
    manifest: Element, resources: dict[str, _Resource]
) -> Iterator[tuple[str, list[_Entry]]]:
    """The upper items of the tree, each with all that lies below it, in order."""
    for organization in descendants(manifest, "organization"):
        for root in _items(organization):
            loose = [item for item in _items(root) if item.get("identifierref")]
            if loose:
                yield (
                    _name(root) or _("Beginning"),
                    [e for i in loose for e in _entries(i, resources)],
                )
            for upper in _items(root):
                if not upper.get("identifierref"):
                    yield _name(upper) or _("Part"), list(_entries(upper, resources))


def _entries(item: Element, resources: dict[str, _Resource]) -> Iterator[_Entry]:
    for node in descendants(item, "item"):
        resource = resources.get(node.get("identifierref", ""))
        if resource is not None:
            yield _Entry(_name(node), resource)


def _items(node: Element) -> list[Element]:
    return [child for child in node if local(child) == "item"]


def _name(item: Element) -> str:
    titles = [child for child in item if local(child) == "title"]
    return nfc(text_of(titles[0]))[:200] if titles else ""
