"""QTI 2.1, 2.2 and 3.0: items with one of the interactions that the quiz engine has."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from courses.imports.questions.parsed import Item, NotTaken, Parsed, checked
from courses.imports.questions.pictures import Find, illustrated, nothing
from courses.imports.questions.texts import number, plain, said, tidy
from courses.imports.questions.xml import (
    Element,
    attribute,
    descendants,
    inner_html,
    local,
    text_of,
)

_IN_TEXT = {"inlineChoiceInteraction", "textEntryInteraction"}
_UNSEEN = {"modalFeedback", "feedbackBlock", "feedbackInline", "rubricBlock", "templateBlock"}


@dataclass
class _Declared:
    """What is right for one response."""

    is_single: bool
    base: str
    correct: list[str]
    mapped: dict[str, Decimal]

    @property
    def key(self) -> set[str]:
        """The values that count as right: those stated, else those that give something."""
        return set(self.correct) or {value for value, points in self.mapped.items() if points > 0}


def read_item(root: Element, where: str, find: Find = nothing) -> Item:
    """One assessmentItem as a question, or why it cannot be one."""
    title = tidy(attribute(root, "title") or attribute(root, "identifier")).replace("\n", " ")[:255]
    body = next(iter(descendants(root, "itemBody")), None)
    item = Parsed(where, {}, title)
    try:
        if body is None:
            raise NotTaken(_("The item has no body."), _("Export it again."))
        if descendants(root, "templateDeclaration"):
            raise NotTaken(
                _("The item makes its figures by chance from a template."),
                _("Write it out as several questions."),
            )
        item.question = _question(root, body, item, find)
    except NotTaken as refusal:
        return refusal.at(where, title)
    item.external_id = f"qti:{attribute(root, 'identifier')}"[:255]
    return checked(item)


def _question(root: Element, body: Element, item: Parsed, find: Find) -> dict:
    for hidden in descendants(body, *_UNSEEN):
        _drop(hidden)
    for shown in descendants(body, "object"):
        _as_image(shown)
    found = [node for node in body.iter() if local(node).endswith("Interaction")]
    if not found:
        raise NotTaken(
            _("There is nothing to answer: this is a text to read."), _("Put it into the lesson.")
        )
    declared = _declarations(root)
    if all(local(node) in _IN_TEXT for node in found):
        _name_images(body, item)
        return _gaps(body, declared)
    if len(found) > 1:
        raise NotTaken(
            _("The item asks several questions at once."), _("Make one item of each question.")
        )
    interaction = found[0]
    if local(interaction) == "gapMatchInteraction":
        _name_images(body, item)
        return _matched_gaps(interaction, declared)
    read = _KINDS.get(local(interaction))
    if read is None:
        raise NotTaken(
            _("“%(kind)s” is a kind of answer that is not known here.")
            % {"kind": local(interaction)},
            _("Rewrite it as one of the nine kinds, or leave it out."),
        )
    prompt = next(iter(descendants(interaction, "prompt")), None)
    asked = inner_html(prompt) if prompt is not None else ""
    if prompt is not None:
        _drop(prompt)
    _name_images(interaction, item)
    answers = read(interaction, declared.get(attribute(interaction, "responseIdentifier")))
    _drop(interaction)
    html = f"{inner_html(body)}<p>{asked}</p>" if asked else inner_html(body)
    stem, stem_html = illustrated(html, item, find)
    return {**answers, "stem": stem, "stem_html": stem_html, "explanation": ""}


def _as_image(node: Element) -> None:
    """QTI 2 shows pictures as objects as well."""
    if node.get("type", "").startswith("image/"):
        words, tail = " ".join("".join(node.itertext()).split()), node.tail
        address = node.get("data", "")
        node.clear()
        node.tag, node.tail = "img", tail
        node.set("src", address)
        node.set("alt", words)


def _name_images(node: Element, item: Parsed) -> None:
    """Options and gaps hold text alone; their pictures are said to be left out."""
    for image in descendants(node, "img"):
        item.warnings.append(
            _("the picture %(name)s of an answer was left out") % {"name": image.get("src")}
        )


def _declarations(root: Element) -> dict[str, _Declared]:
    found = {}
    for node in descendants(root, "responseDeclaration"):
        correct = next(iter(descendants(node, "correctResponse")), None)
        values = descendants(correct, "value") if correct is not None else []
        found[attribute(node, "identifier")] = _Declared(
            is_single=attribute(node, "cardinality") == "single",
            base=attribute(node, "baseType"),
            correct=[" ".join(text_of(value).split()) for value in values],
            mapped={
                " ".join(attribute(entry, "mapKey").split()): number(
                    attribute(entry, "mappedValue")
                )
                or Decimal(0)
                for entry in descendants(node, "mapEntry")
            },
        )
    return found


def _keyed(declared: _Declared | None) -> _Declared:
    if declared is None or not declared.key:
        raise NotTaken(
            _("The item does not say which answer is right."),
            _("Add a correct response in the program that wrote it."),
        )
    return declared


def _label(node: Element) -> str:
    return plain(inner_html(node)).replace("\n", " ")


def _choice(interaction: Element, declared: _Declared | None) -> dict:
    key = _keyed(declared)
    offered = descendants(interaction, "simpleChoice")
    known = {attribute(node, "identifier") for node in offered}
    if not key.key <= known:
        raise NotTaken(_("The right answer is none of the options."), _("Correct the key."))
    choices: list[dict[str, Any]] = [
        {
            "text": _label(node),
            "right": attribute(node, "identifier") in key.key,
            "feedback": "",
        }
        for node in offered
    ]
    if key.is_single:
        return {"kind": "choice", "choices": choices}
    whole = sum((points for points in key.mapped.values() if points > 0), Decimal(0))
    if not key.mapped or not whole:
        return {"kind": "multiple", "choices": choices, "all_or_nothing": True}
    for choice, node in zip(choices, offered, strict=True):
        points = key.mapped.get(attribute(node, "identifier"), Decimal(0))
        choice["right"] = points > 0
        choice["fraction"] = said(max(Decimal(-1), round(points / whole, 7)))
    return {"kind": "multiple", "choices": choices, "all_or_nothing": False}


def _order(interaction: Element, declared: _Declared | None) -> dict:
    key = _keyed(declared)
    labels = {
        attribute(node, "identifier"): _label(node)
        for node in descendants(interaction, "simpleChoice")
    }
    if set(key.correct) != set(labels):
        raise NotTaken(_("The right order does not name every item once."), _("Correct the key."))
    return {"kind": "ordering", "items": [labels[one] for one in key.correct]}


def _match(interaction: Element, declared: _Declared | None) -> dict:
    key = _keyed(declared)
    sets = descendants(interaction, "simpleMatchSet")
    if len(sets) != 2:
        raise NotTaken(_("There are not two sides to match."), _("Correct the item."))
    left, right = (
        {
            attribute(node, "identifier"): _label(node)
            for node in descendants(side, "simpleAssociableChoice")
        }
        for side in sets
    )
    partners = [pair.split() for pair in (key.correct or sorted(key.key))]
    given = {pair[0]: pair[1] for pair in partners if len(pair) == 2}
    if (
        len(given) != len(partners)
        or set(given) != set(left)
        or not set(given.values()) <= set(right)
    ):
        raise NotTaken(
            _("Not every text on the left has exactly one partner."),
            _("Here a text is matched once; make a question of several right choices of it."),
        )
    used = set(given.values())
    return {
        "kind": "matching",
        "pairs": [{"left": text, "right": right[given[one]]} for one, text in left.items()],
        "extra": [text for one, text in right.items() if one not in used],
    }


def _essay(interaction: Element, declared: _Declared | None) -> dict:
    return {"kind": "essay", "guidance": ""}


_KINDS: dict[str, Callable[[Element, _Declared | None], dict]] = {
    "choiceInteraction": _choice,
    "orderInteraction": _order,
    "matchInteraction": _match,
    "extendedTextInteraction": _essay,
}


# ------------------------------------------------------------------ gaps in a text


def _gaps(body: Element, declared: dict[str, _Declared]) -> dict:
    """The body's text, cut at its gaps."""
    return _cut(
        body,
        lambda node: local(node) in _IN_TEXT,
        lambda node: _gap(node, declared.get(attribute(node, "responseIdentifier"))),
    )


def _matched_gaps(interaction: Element, declared: dict[str, _Declared]) -> dict:
    """Words to be dragged into a text: here each gap is a choice among all of them."""
    key = _keyed(declared.get(attribute(interaction, "responseIdentifier")))
    words = {
        attribute(node, "identifier"): _label(node) for node in descendants(interaction, "gapText")
    }
    right = {gap: word for word, _space, gap in (pair.partition(" ") for pair in key.key)}

    def gap(node: Element) -> dict:
        word = right.get(attribute(node, "identifier"))
        choices = [
            {"text": text, "right": one == word, "feedback": ""} for one, text in words.items()
        ]
        return {"kind": "choice", "choices": choices}

    for node in [*descendants(interaction, "gapText"), *descendants(interaction, "gapImg")]:
        _drop(node)
    return _cut(interaction, lambda node: local(node) == "gap", gap)


def _cut(
    body: Element, is_gap: Callable[[Element], bool], gap_of: Callable[[Element], dict]
) -> dict:
    parts: list[str | dict] = [""]

    def add(text: str) -> None:
        if isinstance(parts[-1], str):
            parts[-1] += text
        else:
            parts.append(text)

    def walk(node: Element) -> None:
        name = local(node)
        if is_gap(node):
            parts.append(gap_of(node))
        else:
            if name in {"p", "div", "br", "li", "tr", "blockquote"}:
                add("\n")
            add(
                " ".join((node.text or "").split())
                if not (node.text or "").strip()
                else _flat(node.text)
            )
            for child in node:
                walk(child)
                add(_flat(child.tail or ""))

    walk(body)
    cut = [part if isinstance(part, dict) else _lines(part) for part in parts]
    shown = [part for part in cut if part != ""]
    return {
        "kind": "gap_fill",
        "stem": "",
        "stem_html": "",
        "explanation": "",
        "parts": shown,
    }


def _flat(text: str) -> str:
    """Line breaks of the source are spaces."""
    return re.sub(r"\s+", " ", text)


def _lines(text: str) -> str:
    begins, ends = text[:1] == " ", text[-1:] == " "
    kept = "\n".join(line for line in (" ".join(raw.split()) for raw in text.split("\n")) if line)
    return f"{' ' if begins and kept else ''}{kept}{' ' if ends and kept else ''}"


def _gap(node: Element, declared: _Declared | None) -> dict:
    key = _keyed(declared)
    if local(node) == "inlineChoiceInteraction":
        return {
            "kind": "choice",
            "choices": [
                {
                    "text": _label(one),
                    "right": attribute(one, "identifier") in key.key,
                    "feedback": "",
                }
                for one in descendants(node, "inlineChoice")
            ],
        }
    best = max(key.mapped.values(), default=Decimal(0))
    shares = {value: Decimal(1) for value in key.correct}
    if best > 0:
        shares |= {value: points / best for value, points in key.mapped.items() if points > 0}
    if key.base in {"integer", "float"}:
        accepted = [
            {"value": value, "tolerance": "0", "fraction": said(worth), "feedback": ""}
            for value, worth in shares.items()
        ]
        return {"kind": "numerical", "accepted": accepted}
    accepted = [
        {"text": value, "fraction": said(round(worth, 7)), "feedback": ""}
        for value, worth in shares.items()
    ]
    return {"kind": "short_answer", "accepted": accepted, "fold": True}


def _drop(node: Element) -> None:
    """Take an element out and leave the text behind it."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if node.tail:
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            parent.text = (parent.text or "") + node.tail
    parent.remove(node)
