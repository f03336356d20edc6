"""QTI 1.2, as Canvas and its kin write it."""

import re
from collections import defaultdict
from decimal import Decimal
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from courses.imports.questions.parsed import Item, NotTaken, Parsed, checked
from courses.imports.questions.pictures import Find, illustrated, nothing
from courses.imports.questions.texts import number, plain, said, tidy
from courses.imports.questions.xml import Element, descendants, local, text_of

_WRITTEN = "fill_in_multiple_blanks_question"
_BLANKS = {_WRITTEN, "multiple_dropdowns_question"}
_FIELD = ("fieldlabel", "fieldentry")


def read_items(root: Element, file: str, find: Find = nothing) -> list[Item]:
    """Every item of a questestinterop document."""
    return [
        _item(node, file + ", " + _("question %(n)s") % {"n": place}, find)
        for place, node in enumerate(descendants(root, "item"), 1)
    ]


def _item(node: Element, where: str, find: Find) -> Item:
    title = tidy(node.get("title") or node.get("ident") or "").replace("\n", " ")[:255]
    # Canvas gives this name to every question without one.
    item = Parsed(where, {}, "" if title == "Question" else title)
    try:
        item.question = _question(node, item, find)
    except NotTaken as refusal:
        return refusal.at(where, title)
    item.external_id = f"qti:{node.get('ident')}"[:255] if node.get("ident") else ""
    return checked(item)


def _question(node: Element, item: Parsed, find: Find) -> dict:
    presentation = next(iter(descendants(node, "presentation")), None)
    if presentation is None:
        raise NotTaken(_("The item shows nothing."), _("Export it again."))
    lists = descendants(presentation, "response_lid")
    typed = descendants(presentation, "response_str", "response_num")
    if "calculated" in _stated_kind(node):
        raise NotTaken(
            _("The item makes its figures by chance from a template."),
            _("Write it out as several questions."),
        )
    stem, stem_html = illustrated("".join(_material(presentation)), item, find)
    asked = {"stem": stem, "stem_html": stem_html, "explanation": _feedback(node)}
    if len(lists) == 1 and not typed and _stated_kind(node) not in _BLANKS:
        return {**_choices(node, lists[0]), **asked}
    if lists and not typed and _stated_kind(node) in _BLANKS:
        return {**asked, "stem": "", "stem_html": "", **_blanks(node, lists, stem)}
    if len(lists) > 1 and not typed:
        return {**_matching(node, lists), **asked}
    if len(typed) == 1 and not lists:
        return {**_typed(node, typed[0]), **asked}
    if not lists and not typed:
        raise NotTaken(
            _("There is nothing to answer: this is a text to read."), _("Put it into the lesson.")
        )
    raise NotTaken(
        _("The item asks several questions at once."), _("Make one item of each question.")
    )


def _stated_kind(node: Element) -> str:
    """What Canvas and its kin call the kind of an item; "" where nothing is said."""
    for field in descendants(node, "qtimetadatafield"):
        label, entry = (next(iter(descendants(field, name)), None) for name in _FIELD)
        if text_of(label).strip() == "question_type":
            return text_of(entry).strip()
    return ""


def _material(node: Element) -> list[str]:
    """HTML of the material outside of the options."""
    found = []
    for child in node:
        if local(child) == "material":
            found += [_html(part) for part in descendants(child, "mattext", "matimage")]
        elif local(child) in {"flow", "flow_mat"}:
            found += _material(child)
    return found


def _html(node: Element) -> str:
    if local(node) == "matimage":
        return f'<img src="{escape(node.get("uri", ""))}" alt="{escape(node.get("label", ""))}">'
    text = text_of(node)
    if node.get("texttype") == "text/html":
        return text
    return f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>"


def _label(node: Element) -> str:
    return plain("".join(_html(text) for text in descendants(node, "mattext"))).replace("\n", " ")


def _feedback(node: Element) -> str:
    """What is said to everybody."""
    for said_to_all in descendants(node, "itemfeedback"):
        if said_to_all.get("ident") == "general_fb":
            return _label(said_to_all)
    return ""


def _said_to(node: Element, respident: str) -> dict[str, str]:
    """What is said to those who choose an option, by its identifier."""
    said_of = {fb.get("ident"): _label(fb) for fb in descendants(node, "itemfeedback")}
    found: dict[str, str] = {}
    for condition in descendants(node, "respcondition"):
        named = descendants(condition, "varequal", "unanswered", "other", "not")
        links = [link.get("linkrefid") for link in descendants(condition, "displayfeedback")]
        if links and len(named) == 1 and named[0].get("respident") == respident:
            found.setdefault(text_of(named[0]).strip(), said_of.get(links[0], ""))
    return found


def _rewarded(node: Element) -> list[tuple[Decimal, list[Element], list[Element]]]:
    """Conditions that give something: points, what must be chosen, what must not."""
    found = []
    for condition in descendants(node, "respcondition"):
        points = [
            number(text_of(setvar)) or Decimal(0)
            for setvar in descendants(condition, "setvar")
            if setvar.get("action", "Set").lower() in {"set", "add"}
        ]
        if points and max(points) > 0:
            wrong = {id(one) for no in descendants(condition, "not") for one in no.iter()}
            named = descendants(condition, "varequal", "vargte", "varlte", "vargt", "varlt")
            right = [one for one in named if id(one) not in wrong]
            found.append((max(points), right, [one for one in named if id(one) in wrong]))
    return found


def _no_key() -> NotTaken:
    return NotTaken(
        _("The item does not say which answer is right."),
        _("Add the right answer in the program that wrote it."),
    )


def _choices(node: Element, asked: Element) -> dict:
    rewarded = _rewarded(node)
    if not rewarded:
        raise _no_key()
    best = max(points for points, _right, _wrong in rewarded)
    told = _said_to(node, asked.get("ident"))
    labels = [(label.get("ident"), _label(label)) for label in descendants(asked, "response_label")]
    if asked.get("rcardinality", "Single").lower() == "single":
        worth = {text_of(one).strip(): p for p, right, _no in rewarded for one in right}
        choices: list[dict[str, Any]] = []
        for ident, text in labels:
            points = worth.get(str(ident), Decimal(0))
            choice: dict[str, Any] = {
                "text": text,
                "right": points == best,
                "feedback": told.get(str(ident), ""),
            }
            if 0 < points < best:
                choice["fraction"] = said(round(points / best, 7))
            choices.append(choice)
        return {"kind": "choice", "choices": choices}
    right = {text_of(one).strip() for p, named, _no in rewarded for one in named if p == best}
    if len(rewarded) > 1:
        right = {text_of(one).strip() for _p, named, _no in rewarded for one in named}
    return {
        "kind": "multiple",
        "choices": [
            {"text": text, "right": ident in right, "feedback": told.get(str(ident), "")}
            for ident, text in labels
        ],
        "all_or_nothing": len(rewarded) == 1,
    }


def _blanks(node: Element, lists: list[Element], stem: str) -> dict:
    """A text with names in brackets where something is to be written or chosen."""
    right = defaultdict(set)
    for _points, named, _no in _rewarded(node):
        for one in named:
            right[one.get("respident")].add(text_of(one).strip())
    gaps = {}
    for asked in lists:
        ident = asked.get("ident", "")
        labels = [(one.get("ident"), _label(one)) for one in descendants(asked, "response_label")]
        if not right[ident]:
            raise _no_key()
        if _stated_kind(node) == _WRITTEN:
            # Every text that is listed is accepted; Canvas leaves empty ones behind.
            texts = dict.fromkeys(text for _ident, text in labels if text)
            gap: dict = {
                "kind": "short_answer",
                "accepted": [{"text": t, "fraction": "1", "feedback": ""} for t in texts],
                "fold": True,
            }
        else:
            choices = [{"text": t, "right": i in right[ident], "feedback": ""} for i, t in labels]
            gap = {"kind": "choice", "choices": choices}
        gaps[f"[{ident.removeprefix('response_')}]"] = gap
    pieces = re.split("(" + "|".join(re.escape(name) for name in gaps) + ")", stem)
    if {piece for piece in pieces if piece in gaps} != set(gaps) or len(pieces) != 2 * len(
        gaps
    ) + 1:
        raise NotTaken(
            _("The gaps that the item names are not in its text, once each."),
            _("Correct it in the file and import again."),
        )
    return {"kind": "gap_fill", "parts": [gaps.get(piece, piece) for piece in pieces if piece]}


def _matching(node: Element, lists: list[Element]) -> dict:
    right = {
        one.get("respident"): text_of(one).strip()
        for _points, named, _no in _rewarded(node)
        for one in named
    }
    pairs, offered = [], dict[str, str]()
    for asked in lists:
        left = "".join(_material(asked))
        labels = {o.get("ident"): _label(o) for o in descendants(asked, "response_label")}
        offered |= labels
        if right.get(asked.get("ident")) not in labels:
            raise _no_key()
        pairs.append({"left": plain(left), "right": labels[right[asked.get("ident")]]})
    used = {pair["right"] for pair in pairs}
    extra = list(dict.fromkeys(text for text in offered.values() if text not in used))
    return {"kind": "matching", "pairs": pairs, "extra": extra}


def _typed(node: Element, asked: Element) -> dict:
    rewarded = _rewarded(node)
    if not rewarded:
        return {"kind": "essay", "guidance": ""}
    best = max(points for points, _right, _wrong in rewarded)
    if "numerical" in _stated_kind(node) or local(asked) == "response_num":
        return {"kind": "numerical", "accepted": [_number(p / best, r) for p, r, _n in rewarded]}
    accepted = {
        " ".join(text_of(one).split()): said(round(points / best, 7))
        for points, named, _no in rewarded
        for one in named
    }
    return {
        "kind": "short_answer",
        "accepted": [{"text": t, "fraction": f, "feedback": ""} for t, f in accepted.items()],
        "fold": True,
    }


def _number(worth: Decimal, named: list[Element]) -> dict:
    """A value stated, or the middle of the range within which it may lie."""
    values = {local(one): number(text_of(one)) for one in named}
    exact = values.get("varequal")
    low = values.get("vargte") or values.get("vargt")
    high = values.get("varlte") or values.get("varlt")
    spread = Decimal(0)
    if low is not None and high is not None:
        exact, spread = (low + high) / 2, abs(high - low) / 2
    if exact is None:
        raise _no_key()
    return {
        "value": said(exact),
        "tolerance": said(spread),
        "fraction": said(round(worth, 7)),
        "feedback": "",
    }
