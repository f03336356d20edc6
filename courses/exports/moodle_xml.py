"""Moodle XML, with categories, pictures, tags and numbers."""

import base64
import re
from collections.abc import Iterable
from typing import Any

from lxml import etree
from wagtail.images import get_image_model

from courses.exports.moodle_gaps import cloze
from courses.imports.questions.parsed import written_path
from courses.models import Question

_TYPES = {
    "choice": "multichoice",
    "multiple": "multichoice",
    "true_false": "truefalse",
    "short_answer": "shortanswer",
    "numerical": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "essay": "essay",
    "gap_fill": "cloze",
}
_PICTURE = re.compile(r'src="(/[^"]+)"')

Node = Any


def write_moodle_xml(questions: Iterable[Question]) -> tuple[bytes, list[Question]]:
    """The document in UTF-8, and the questions of kinds that Moodle XML does not have."""
    root, left_out, place = etree.Element("quiz"), [], None
    for question in questions:
        if question.kind not in _TYPES:
            left_out.append(question)
            continue
        path = question.category.path() if question.category else ()
        if path != place:
            node = etree.SubElement(root, "question", type="category")
            _text(etree.SubElement(node, "category"), written_path(path))
            place = path
        _write(root, question)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written, left_out


def _write(root: Node, question: Question) -> None:
    content = question.content
    node = etree.SubElement(root, "question", type=_TYPES[question.kind])
    _text(etree.SubElement(node, "name"), question.name)
    asked = etree.SubElement(node, "questiontext")
    written = cloze(content) if question.kind == "gap_fill" else content.get("stem_html") or ""
    html, files = _with_files(written)
    asked.set("format", "html" if html else "plain_text")
    _text(asked, html or content["stem"])
    for name, data in files.items():
        file = etree.SubElement(asked, "file", name=name, encoding="base64")
        file.text = base64.b64encode(data).decode()
    _formatted(node, "generalfeedback", content.get("explanation", ""))
    etree.SubElement(node, "defaultgrade").text = "1"
    etree.SubElement(node, "hidden").text = str(int(question.archived))
    etree.SubElement(node, "idnumber").text = question.external_id
    _WRITERS[question.kind](node, content)
    tags = [tagged.tag.name for tagged in question.tagged.all()]
    tags += [f"difficulty:{question.difficulty}"] if question.difficulty else []
    tags += [f"framework:{question.framework}"] if question.framework else []
    if question.kind == "multiple" and content.get("all_or_nothing"):
        tags.append("marking:all-or-nothing")
    if tags:
        kept = etree.SubElement(node, "tags")
        for tag in tags:
            _text(etree.SubElement(kept, "tag"), tag)


def _with_files(html: str) -> tuple[str, dict[str, bytes]]:
    """The HTML with its pictures as files of the question."""
    files: dict[str, bytes] = {}

    def embedded(found: re.Match[str]) -> str:
        image = get_image_model().objects.filter(file=found[1].partition("/media/")[2]).first()
        if image is None:
            return found[0]
        name = image.filename
        with image.file.open("rb") as file:
            files[name] = file.read()
        return f'src="@@PLUGINFILE@@/{name}"'

    return _PICTURE.sub(embedded, html), files


def _text(node: Node, text: str) -> None:
    etree.SubElement(node, "text").text = text


def _formatted(node: Node, name: str, text: str) -> None:
    child = etree.SubElement(node, name, format="plain_text")
    _text(child, text)


def _answer(node: Node, text: str, percent: str, feedback: str) -> Node:
    answer = etree.SubElement(node, "answer", fraction=percent, format="plain_text")
    _text(answer, text)
    _formatted(answer, "feedback", feedback)
    return answer


def _percent(fraction: object) -> str:
    return f"{float(str(fraction)) * 100:.5f}".rstrip("0").rstrip(".")


def _choices(node: Node, content: dict) -> None:
    is_single = content["kind"] == "choice"
    etree.SubElement(node, "single").text = "true" if is_single else "false"
    share = 1 / (sum(choice["right"] for choice in content["choices"]) or 1)
    for choice in content["choices"]:
        if is_single:
            worth = 1 if choice["right"] else choice.get("fraction", 0)
        else:
            worth = choice.get("fraction", share if choice["right"] else -share)
        _answer(node, choice["text"], _percent(worth), choice.get("feedback", ""))


def _true_false(node: Node, content: dict) -> None:
    for text, said in (("true", "feedback_true"), ("false", "feedback_false")):
        is_right = content["right"] == (text == "true")
        _answer(node, text, "100" if is_right else "0", content.get(said, ""))


def _short_answer(node: Node, content: dict) -> None:
    etree.SubElement(node, "usecase").text = "0" if content.get("fold") else "1"
    for answer in content["accepted"]:
        worth = _percent(answer.get("fraction", "1"))
        _answer(node, answer["text"], worth, answer.get("feedback", ""))


def _numerical(node: Node, content: dict) -> None:
    for answer in content["accepted"]:
        worth = _percent(answer.get("fraction", "1"))
        written = _answer(node, answer["value"], worth, answer.get("feedback", ""))
        etree.SubElement(written, "tolerance").text = answer.get("tolerance") or "0"


def _matching(node: Node, content: dict) -> None:
    pairs = [(pair["left"], pair["right"]) for pair in content["pairs"]]
    for left, right in [*pairs, *(("", text) for text in content.get("extra", []))]:
        sub = etree.SubElement(node, "subquestion", format="plain_text")
        _text(sub, left)
        _text(etree.SubElement(sub, "answer"), right)


def _ordering(node: Node, content: dict) -> None:
    for item in content["items"]:
        _answer(node, item, "100", "")


def _gaps(node: Node, content: dict) -> None:
    """The gaps stand in the text itself."""


def _essay(node: Node, content: dict) -> None:
    _formatted(node, "graderinfo", content.get("guidance", ""))


_WRITERS = {
    "choice": _choices,
    "multiple": _choices,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "gap_fill": _gaps,
}
