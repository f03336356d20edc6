"""Moodle XML: questions with categories, files, feedback and fractions."""

import base64
import binascii
import re
from decimal import Decimal
from pathlib import PurePosixPath
from urllib.parse import unquote

from django.utils.translation import gettext as _

from courses.import_report import ImportRefused
from courses.imports.questions import moodle_gaps
from courses.imports.questions.parsed import (
    Item,
    NotTaken,
    Parsed,
    Source,
    category_path,
    checked,
    embedded_src,
)
from courses.imports.questions.pictures import illustrated
from courses.imports.questions.texts import markdown_html, number, plain, said, share, tidy
from courses.imports.questions.xml import Element, parse, text_of

_FILE = re.compile(r"@@PLUGINFILE@@/([^\"'\s>)]+)")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def read_moodle_xml(data: bytes) -> Source:
    """Every question of the file. Raises ImportRefused for broken XML and for another root."""
    root = parse(data, _("The file"))
    if root.tag != "quiz":
        raise ImportRefused(
            _(
                "The file begins with <%(tag)s> and not with <quiz>: export the questions as"
                " “Moodle XML format”."
            )
            % {"tag": root.tag}
        )
    source, category = Source(), tuple[str, ...]()
    for place, node in enumerate(root.iterchildren("question"), 1):
        if node.get("type") == "category":
            category = category_path(text_of(node.find("category/text")))
        else:
            source.items.append(_item(node, category, place))
    return source


def _item(node: Element, category: tuple[str, ...], place: int) -> Item:
    name = tidy(text_of(node.find("name/text"))).replace("\n", " ")[:255]
    where = _("question %(n)s") % {"n": place}
    if name:
        where = f"{where} “{name[:60]}”"
    item = Parsed(where, {}, name, category)
    try:
        item.question = {
            **_question(node, item),
            "explanation": _text(node.find("generalfeedback")),
        }
    except NotTaken as refusal:
        return refusal.at(where, name)
    for file in node.iter("file"):
        if file.get("name") not in item.files:
            item.warnings.append(_("the file %(name)s was left out") % {"name": file.get("name")})
    if node.find("units/unit") is not None:
        item.warnings.append(_("its units were left out: the bare number is right"))
    item.external_id = tidy(text_of(node.find("idnumber")))[:255]
    item.archived = text_of(node.find("hidden")).strip() == "1"
    item.take_tags(text_of(tag) for tag in node.findall("tags/tag/text"))
    return checked(item)


def _question(node: Element, item: Parsed) -> dict:
    """Everything but the explanation, by the kind that the file states."""
    kind, asked = node.get("type", ""), node.find("questiontext")
    if kind in {"cloze", "multianswer"}:
        return moodle_gaps.braces(_html_with_files(asked, item), item)
    if kind in {"gapselect", "ddwtos"}:
        return moodle_gaps.brackets(_html_with_files(asked, item), node, item)
    if kind not in _KINDS:
        raise NotTaken(
            _("Questions of the kind “%(kind)s” are not known here.") % {"kind": kind},
            _("Rewrite it as one of the nine kinds, or leave it out."),
        )
    answers = _KINDS[kind](node)
    if _is_plain(asked):
        return {**answers, "stem": _text(asked), "stem_html": ""}
    stem, stem_html = illustrated(_html_with_files(asked, item), item)
    return {**answers, "stem": stem, "stem_html": stem_html}


def _html_of(node: Element | None) -> str:
    """A formatted text as HTML, whatever it was written in."""
    if node is None:
        return ""
    written = text_of(node.find("text"))
    form = node.get("format", "html")
    if form == "markdown":
        return markdown_html(written)
    return written


def _text(node: Element | None) -> str:
    if _is_plain(node):
        return tidy(text_of(node.find("text"))) if node is not None else ""
    return plain(_html_of(node))


def _is_plain(node: Element | None) -> bool:
    return node is not None and node.get("format") == "plain_text"


def _html_with_files(node: Element | None, item: Parsed) -> str:
    """What is asked as HTML, the pictures that it shows put into item.files."""
    html = _html_of(node)
    files = {} if node is None else {file.get("name", ""): file for file in node.findall("file")}

    def placed(found: re.Match[str]) -> str:
        if found.string[found.start() - 1 : found.start()] not in ('"', "'"):
            # Somebody writes about such an address: it is text, not the source of a picture.
            return found[0]
        name = PurePosixPath(unquote(found[1])).name
        file = files.get(name)
        if file is None or not name.lower().endswith(_PICTURES):
            return ""
        try:
            item.files[name] = base64.b64decode(text_of(file), validate=False)
        except binascii.Error as error:
            raise NotTaken(
                _("The embedded file %(name)s is damaged.") % {"name": name},
                _("Export the question again."),
            ) from error
        return embedded_src(name)

    return _FILE.sub(placed, html)


def _answers(node: Element, *, is_typed: bool = False) -> list[tuple[str, Decimal, str]]:
    """Text, percentage and feedback of each answer. What learners type is never HTML."""
    found = []
    for answer in node.findall("answer"):
        percent = number(answer.get("fraction", "0"))
        if percent is None:
            raise NotTaken(
                _("“%(written)s” is no percentage.") % {"written": answer.get("fraction")},
                _("Give every answer a fraction from -100 to 100."),
            )
        # Answers hold their text as bare text in old files.
        written = text_of(answer.find("text")) or text_of(answer)
        is_literal = is_typed or _is_plain(answer)
        text = tidy(written) if is_literal else plain(_FILE.sub("", written)).replace("\n", " ")
        found.append((text, percent, _text(answer.find("feedback"))))
    return found


def _multichoice(node: Element) -> dict:
    is_single = text_of(node.find("single")).strip().lower() not in {"false", "0"}
    choices = []
    for text, percent, feedback in _answers(node):
        choice: dict = {"text": text, "feedback": feedback}
        choice["right"] = percent == 100 if is_single else percent > 0
        if percent and not (is_single and choice["right"]):
            choice["fraction"] = share(percent)
        elif not is_single:
            choice["fraction"] = "0"
        choices.append(choice)
    if is_single:
        return {"kind": "choice", "choices": choices}
    return {"kind": "multiple", "choices": choices, "all_or_nothing": False}


def _true_false(node: Element) -> dict:
    answers = {text.lower(): (percent, feedback) for text, percent, feedback in _answers(node)}
    if answers.keys() != {"true", "false"}:
        raise NotTaken(
            _("The answers are not “true” and “false”."), _("Use a choice of two instead.")
        )
    if answers["true"][0] == answers["false"][0]:
        raise NotTaken(
            _("It is not said whether the statement is true or false."),
            _("Give one of the two answers the fraction 100."),
        )
    return {
        "kind": "true_false",
        "right": answers["true"][0] > answers["false"][0],
        "feedback_true": answers["true"][1],
        "feedback_false": answers["false"][1],
    }


def _short_answer(node: Element) -> dict:
    accepted = [
        {"text": text, "fraction": share(percent), "feedback": feedback}
        for text, percent, feedback in _answers(node, is_typed=True)
    ]
    exact = text_of(node.find("usecase")).strip() == "1"
    return {"kind": "short_answer", "accepted": accepted, "fold": not exact}


def _numerical(node: Element) -> dict:
    accepted = []
    answers = zip(_answers(node, is_typed=True), node.findall("answer"), strict=True)
    for (text, percent, feedback), answer in answers:
        value = number(text)
        if value is None and text != "*":
            raise NotTaken(
                _("“%(written)s” is no number.") % {"written": text}, _("Write it in digits.")
            )
        written = text_of(answer.find("tolerance")).strip() or "0"
        tolerance = number(written)
        if tolerance is None:
            raise NotTaken(
                _("“%(written)s” is no number.") % {"written": written}, _("Write it in digits.")
            )
        accepted.append(
            {
                "value": "*" if value is None else said(value),
                "tolerance": said(abs(tolerance)),
                "fraction": share(percent),
                "feedback": feedback,
            }
        )
    return {"kind": "numerical", "accepted": accepted}


def _matching(node: Element) -> dict:
    pairs, extra = [], []
    for sub in node.findall("subquestion"):
        left, right = _text(sub).replace("\n", " "), tidy(text_of(sub.find("answer/text")))
        if left:
            pairs.append({"left": left, "right": right})
        else:
            extra.append(right)
    return {"kind": "matching", "pairs": pairs, "extra": extra}


def _ordering(node: Element) -> dict:
    return {"kind": "ordering", "items": [text for text, _percent, _feedback in _answers(node)]}


def _essay(node: Element) -> dict:
    return {"kind": "essay", "guidance": _text(node.find("graderinfo"))}


def _description(node: Element) -> dict:
    raise NotTaken(_("This is a text to read, not a question."), _("Put it into the lesson."))


_KINDS = {
    "multichoice": _multichoice,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "description": _description,
}
