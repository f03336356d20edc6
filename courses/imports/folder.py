"""A folder of Markdown as a course, read and checked before anything is stored.

Two shapes: the product's own with a course.toml, and a foreign course without one, whose
titles come from its README and headings. Raises ImportRefused with the place.
"""

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from courses.choices import PLAN_VOCABULARIES, Audience, Completion, Topic
from courses.grading import parse_choices
from courses.import_report import ImportRefused, ImportReport
from courses.imports.draft import CourseDraft, ItemDraft, ModuleDraft, minutes_for
from courses.imports.markdown import Document, parse_document, plain_title
from courses.questions import QuestionError
from courses.text import nfc

_NUMBERED = re.compile(r"^(\d+)\.(\d+)[ _-](.+)\.md$")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_README_ROW = re.compile(r"^\|[ *]*(\d+)\.(\d+)[ *]*\|([^|]*)\|([^|]*)\|", re.MULTILINE)
_README_OPENING = re.compile(r"^# .*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_INTRODUCTIONS = ("giới thiệu", "introduction", "mở đầu")


def read_course(path: Path, report: ImportReport) -> CourseDraft:
    """The course in a folder. `report` receives what was left out and why."""
    root = path.resolve()
    if not root.is_dir():
        raise ImportRefused(f"{path} is not a folder; name the folder that holds the course.")
    folder = _folder_with_lessons(root)
    files = sorted(
        (int(found[1]), int(found[2]), file)
        for file in folder.iterdir()
        if (found := _NUMBERED.match(file.name))
    )
    if (folder / "course.toml").exists():
        course = _own(folder, root)
        titles: dict[tuple[int, int], str] = {}
    else:
        course, titles = _foreign(folder, root)
    named = {module.number: module.title for module in course.modules}
    course.modules = []
    for number, place, file in files:
        report.read += 1
        item = _item(file, titles.get((number, place), ""), course, report)
        if item is None:
            continue
        if not course.modules or course.modules[-1].number != number:
            title = named.get(number) or f"Phần {number}"
            course.modules.append(ModuleDraft(number, title))
        course.modules[-1].items.append(item)
    if not course.modules:
        raise ImportRefused(f"{folder} holds no lesson; name lessons like “1.1 title.md”.")
    if course.is_foreign:
        course.hours = course.hours_of_items()
    return course


def _folder_with_lessons(root: Path) -> Path:
    """The folder itself, or the one below it with most numbered files, Vietnamese first."""
    if (root / "course.toml").exists() or any(_NUMBERED.match(f.name) for f in root.iterdir()):
        return root
    counts: dict[Path, int] = {}
    for file in root.rglob("*.md"):
        if _NUMBERED.match(file.name):
            counts[file.parent] = counts.get(file.parent, 0) + 1
    if not counts:
        raise ImportRefused(f"{root} holds no lesson; name lessons like “1.1 title.md”.")
    return max(counts, key=lambda folder: (folder.name == "vi", counts[folder]))


def read_text(file: Path) -> str:
    """The file as UTF-8. Raises ImportRefused with file and line."""
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ImportRefused(
            f"{file.name}, line {line}: not UTF-8; save the file as UTF-8 and try again."
        ) from None


# ------------------------------------------------------------------ the product's own shape


def _own(folder: Path, root: Path) -> CourseDraft:
    try:
        facts = tomllib.loads(read_text(folder / "course.toml"))
    except tomllib.TOMLDecodeError as error:
        raise ImportRefused(f"course.toml: {error}; mend that line.") from None
    for name in ("title", "summary", "topic", "audiences", "hours", "modules"):
        if not facts.get(name):
            raise ImportRefused(f"course.toml: {name} is missing; add it.")
    if facts["topic"] not in Topic.values:
        raise ImportRefused(
            f"course.toml: topic “{facts['topic']}” is unknown; use {', '.join(Topic.values)}."
        )
    if facts.get("completion", Completion.EVERYTHING) not in Completion.values:
        raise ImportRefused(
            f"course.toml: completion “{facts['completion']}” is unknown;"
            f" use {', '.join(Completion.values)}."
        )
    for audience in facts["audiences"]:
        if audience not in Audience.values:
            raise ImportRefused(
                f"course.toml: audience “{audience}” is unknown; use {', '.join(Audience.values)}."
            )
    return CourseDraft(
        folder=folder,
        root=root,
        plan_tags=_plan_tags(facts),
        title=nfc(facts["title"]),
        summary=nfc(facts["summary"]),
        topic=facts["topic"],
        audiences=facts["audiences"],
        hours=Decimal(str(facts["hours"])),
        completion=facts.get("completion", Completion.EVERYTHING),
        gains=[nfc(gain) for gain in facts.get("gains", [])],
        framework=facts.get("framework", ""),
        cover=facts.get("cover", ""),
        legal_bases=[_legal_basis(basis) for basis in facts.get("legal_basis", [])],
        modules=[ModuleDraft(int(n), nfc(title)) for n, title in facts["modules"].items()],
    )


def _plan_tags(facts: dict[str, Any]) -> dict[str, list[str]]:
    """What the course serves in the plan, of the fields that the file names."""
    tags: dict[str, list[str]] = {}
    for name, vocabulary in PLAN_VOCABULARIES.items():
        if name not in facts:
            continue
        known, named = vocabulary.values, facts[name]
        codes = named if isinstance(named, list) else [named]
        wrong = [code for code in codes if code not in known or named is not codes]
        if wrong:
            raise ImportRefused(
                f"course.toml: {name} “{wrong[0]}” is unknown; use a list of {', '.join(known)}."
            )
        tags[name] = [code for code in known if code in codes]
    return tags


def _legal_basis(basis: dict[str, Any]) -> dict[str, Any]:
    if not basis.get("title"):
        raise ImportRefused("course.toml: a legal basis has no title; add it.")
    for name in ("valid_from", "valid_to"):
        if name in basis and not isinstance(basis[name], date):
            raise ImportRefused(
                f"course.toml: {name} of a legal basis is no date; write 2026-07-01."
            )
    allowed = ("title", "number", "valid_from", "valid_to")
    return {name: basis[name] for name in allowed if basis.get(name)}


# ------------------------------------------------------------------ a foreign course


def _foreign(folder: Path, root: Path) -> tuple[CourseDraft, dict[tuple[int, int], str]]:
    readme = folder / "README.md"
    text = read_text(readme) if readme.exists() else ""
    # What stands before the title are badges, what stands behind the next heading is a table.
    opening = _README_OPENING.search(text)
    document = parse_document(opening[0] if opening else "")
    cover = next((value["src"] for kind, value in document.blocks if kind == "picture"), "")
    titles: dict[tuple[int, int], str] = {}
    modules: dict[int, str] = {}
    for number, place, module, lesson in _README_ROW.findall(text):
        key = (int(number), int(place))
        if "](" not in module:
            modules.setdefault(key[0], plain_title(module))
            titles[key] = plain_title(_LINK.sub(r"\1", lesson))
    course = CourseDraft(
        folder=folder,
        root=root,
        title=document.title or plain_title(root.name),
        summary=_first_paragraph(document),
        topic=Topic.DIGITAL_SKILLS,
        audiences=[Audience.OFFICIAL],
        hours=Decimal(1),
        completion=Completion.EVERYTHING,
        cover="" if "://" in cover else cover,
        introduction=document.blocks,
        modules=[ModuleDraft(number, title) for number, title in modules.items()],
        is_foreign=True,
    )
    return course, titles


def _first_paragraph(document: Document) -> str:
    for paragraph in re.findall(
        r"<p>(.*?)</p>",
        " ".join(str(v) for k, v in document.blocks if k == "text"),
        re.DOTALL,
    ):
        words = nfc(re.sub(r"<[^>]+>", "", paragraph))
        if len(words) > 80:
            return words if len(words) <= 400 else words[:397].rsplit(" ", 1)[0] + "…"
    return document.title


# ------------------------------------------------------------------ one file


def _item(file: Path, listed: str, course: CourseDraft, report: ImportReport) -> ItemDraft | None:
    text = read_text(file)
    facts: dict[str, str] = {}
    if found := _FRONT_MATTER.match(text):
        text = text[found.end() :]
        for line in found[1].splitlines():
            name, colon, value = line.split("#")[0].partition(":")
            if colon:
                facts[name.strip()] = value.strip()
    if file.name.endswith(".quiz.md"):
        return _quiz(file, text, facts)
    document = parse_document(text)
    if course.is_foreign and _is_outside_quiz(document):
        report.skip(
            where=file.name,
            what=document.title or file.stem,
            why=f"The page holds only a link to a form elsewhere: {document.links[0]}",
            repair="Write the questions into a quiz at the end of this module.",
        )
        return None
    return ItemDraft(
        source=file.stem,
        title=_title(document, listed, file),
        minutes=_minutes(file, facts, document.words),
        blocks=document.blocks,
    )


def _is_outside_quiz(document: Document) -> bool:
    outside = [link for link in document.links if link.startswith("http")]
    return bool(outside) and "forms." in outside[0] and not document.headings


def _title(document: Document, listed: str, file: Path) -> str:
    """The H1, or the README's title, or the first heading that says something, or the file name."""
    telling = [h for h in document.headings if h.lower() not in _INTRODUCTIONS]
    name = plain_title(_NUMBERED.match(file.name)[3])  # type: ignore[index]
    return document.title or listed or (telling[0] if telling else name)


def _minutes(file: Path, facts: dict[str, str], words: int) -> int:
    if "minutes" not in facts:
        return minutes_for(words)
    return _number(file, facts, "minutes", 1, 600)


def _number(file: Path, facts: dict[str, str], name: str, least: int, most: int) -> int:
    if not facts[name].isdigit() or not least <= int(facts[name]) <= most:
        raise ImportRefused(
            f"{file.name}: {name} is “{facts[name]}”; give a whole number from {least} to {most}."
        )
    return int(facts[name])


def _quiz(file: Path, text: str, facts: dict[str, str]) -> ItemDraft:
    head, *parts = re.split(r"^## +", text, flags=re.MULTILINE)
    document = parse_document(head)
    questions = []
    for part in parts:
        stem, _newline, typed = part.partition("\n")
        try:
            parse_choices(stem, typed)
        except QuestionError as error:
            raise ImportRefused(f"{file.name}, question “{stem.strip()}”: {error}") from None
        questions.append({"stem": nfc(stem), "choices": _retyped(typed)})
    if not questions:
        raise ImportRefused(f"{file.name}: the quiz has no question; write each under “## ”.")
    return ItemDraft(
        source=file.stem,
        title=document.title or "Kiểm tra",
        minutes=_minutes(file, facts, len(text.split())),
        questions=questions,
        intro=str(document.blocks[0][1]) if document.blocks else "",
        pass_mark=_number(file, facts, "pass_mark", 1, 100) if "pass_mark" in facts else 50,
        attempts_allowed=(
            _number(file, facts, "attempts", 1, 100) if "attempts" in facts else None
        ),
    )


def _retyped(typed: str) -> str:
    """The choices as an author types them in the editor: nothing before a wrong one."""
    lines = [nfc(line) for line in typed.splitlines()]
    return "\n".join(line[2:] if line.startswith("- ") else line for line in lines if line)
