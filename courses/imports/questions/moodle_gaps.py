"""Gaps in a text, in Moodle's two ways: written out in braces, or numbered in brackets."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from courses.imports.questions.parsed import NotTaken, Parsed
from courses.imports.questions.pictures import illustrated
from courses.imports.questions.texts import number, plain, said, share, tidy
from courses.imports.questions.xml import Element, text_of

STEM = '<div class="question-stem">'
"""Our export puts what is asked before the text with gaps into this."""

_STEM = re.compile(rf"\s*{STEM}(.*?)</div>(.*)", re.DOTALL)
_BRACES = re.compile(
    r"\{(\d*):\s*(SHORTANSWER_C|SHORTANSWER|SAC|SA|MWC|MW|NUMERICAL|NM"
    r"|MULTICHOICE(?:_[A-Z]+)?|MC[A-Z]*|MULTIRESPONSE(?:_[A-Z]+)?|MR[A-Z]*)\s*:"
    r"((?:\\.|[^}\\])*)\}",
    re.DOTALL | re.IGNORECASE,
)
_BRACKETS = re.compile(r"\[\[\s*(\d+)\s*\]\]")
_WEIGHT = re.compile(r"\s*(?:=|%\s*(-?[\d.,]+)\s*%)")
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)

# Escaped signs step aside into a private range while the marks are read.
_SIGNS = '\\}~#/"=%{:'
_ASIDE = re.compile(rf"\\([{re.escape(_SIGNS)}])")
_BACK = {0xE020 + place: sign for place, sign in enumerate(_SIGNS)}


def braces(html: str, item: Parsed) -> dict:
    """The "cloze" of Moodle: `{2:SHORTANSWER:=Vinh#Right.~%50%Thanh Vinh}` is a gap."""
    return _cut(html, _BRACES, _from_braces, item)


def brackets(html: str, node: Element, item: Parsed) -> dict:
    """Words to be chosen or dragged into `[[1]]`: each gap offers the words of its group."""
    options = [
        (plain(text_of(one.find("text"))), text_of(one.find("group")) or one.get("group", "1"))
        for one in [*node.findall("selectoption"), *node.findall("dragbox")]
    ]

    def gap(found: re.Match[str]) -> dict:
        place = int(found[1]) - 1
        if not 0 <= place < len(options):
            raise NotTaken(
                _("The gap %(gap)s has no right word.") % {"gap": found[0]},
                _("Correct it in the file and import again."),
            )
        word, group = options[place]
        offered = dict.fromkeys(text for text, its in options if its == group)
        choices = [{"text": text, "right": text == word, "feedback": ""} for text in offered]
        return {"kind": "choice", "choices": choices}

    return _cut(html, _BRACKETS, gap, item)


def _cut(
    html: str, marks: re.Pattern[str], gap_of: Callable[[re.Match[str]], dict], item: Parsed
) -> dict:
    """The text cut at its gaps; pictures go before it, because gaps stand in bare text."""
    stem = ""
    if ours := _STEM.fullmatch(html):
        stem, html = ours[1], ours[2]
    stem, stem_html = illustrated(stem + "".join(_IMAGE.findall(html)), item)
    gaps: list[dict] = []

    def marked(found: re.Match[str]) -> str:
        gaps.append(gap_of(found))
        return f"\ue010{len(gaps) - 1}\ue011"

    text = plain(marks.sub(marked, _IMAGE.sub("", html)))
    pieces = re.split("\ue010(\\d+)\ue011", text)
    parts = [gaps[int(piece)] if place % 2 else piece for place, piece in enumerate(pieces)]
    return {
        "kind": "gap_fill",
        "stem": stem,
        "stem_html": stem_html,
        "parts": [part for part in parts if part],
    }


def _from_braces(found: re.Match[str]) -> dict:
    kind, weight = found[2].upper(), int(found[1] or 1)
    if kind.startswith(("MULTIRESPONSE", "MR")):
        raise NotTaken(
            _("A gap asks for several right choices, which is not known here."),
            _("Make a question of several right choices of it."),
        )
    inside = _ASIDE.sub(lambda one: chr(0xE020 + _SIGNS.index(one[1])), found[3])
    answers = [_answer(written) for written in inside.split("~") if written.strip()]
    gap: dict = {"kind": "short_answer", "fold": kind not in {"SHORTANSWER_C", "SAC", "MWC"}}
    if kind.startswith("M") and not kind.startswith("MW"):
        gap = {"kind": "choice", "choices": [_choice(*answer) for answer in answers]}
    elif kind in {"NUMERICAL", "NM"}:
        gap = {"kind": "numerical", "accepted": [_number(*answer) for answer in answers]}
    else:
        gap["accepted"] = [
            {"text": text, "fraction": worth, "feedback": feedback}
            for text, worth, feedback in answers
        ]
    return {**gap, "weight": weight}


def _answer(written: str) -> tuple[str, str, str]:
    """Text, share of the mark and feedback; an answer without a mark before it is wrong."""
    worth = "0"
    if found := _WEIGHT.match(written):
        percent = number(found[1]) if found[1] else None
        worth, written = ("1" if percent is None else share(percent)), written[found.end() :]
    # "&#39;" is a letter and no feedback.
    text, *feedback = re.split("(?<!&)#", written, maxsplit=1)
    return _read(text), worth, _read(feedback[0]) if feedback else ""


def _read(html: str) -> str:
    return tidy(plain(html).translate(_BACK))


def _choice(text: str, worth: str, feedback: str) -> dict:
    choice = {"text": text, "right": worth == "1", "feedback": feedback}
    return choice if worth in {"0", "1"} else {**choice, "fraction": worth}


def _number(written: str, worth: str, feedback: str) -> dict:
    value, _colon, tolerance = written.partition(":")
    read, spread = number(value), number(tolerance or "0")
    if spread is None or (read is None and value.strip() != "*"):
        raise NotTaken(
            _("“%(written)s” is no number.") % {"written": written}, _("Write it in digits.")
        )
    return {
        "value": "*" if read is None else said(read),
        "tolerance": said(abs(spread)),
        "fraction": worth,
        "feedback": feedback,
    }
