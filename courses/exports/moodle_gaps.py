"""Gaps in a text as Moodle's "cloze" writes them."""

import re
from html import escape

from courses.imports.questions.moodle_gaps import STEM

_SIGNS = re.compile(r'([\\}~#/"])')


def cloze(content: dict) -> str:
    """The HTML of a question with gaps: what is asked, then the text with gaps in braces."""
    stem = content.get("stem_html") or _html(content.get("stem", ""))
    before = f"{STEM}{stem}</div>" if stem else ""
    return before + "".join(
        _html(part).replace("{", "&#123;") if isinstance(part, str) else _gap(part)
        for part in content["parts"]
    )


def _gap(gap: dict) -> str:
    if gap["kind"] == "choice":
        kind = "MULTICHOICE"
        answers = [
            (one["text"], "1" if one["right"] else one.get("fraction", "0"), one)
            for one in gap["choices"]
        ]
    elif gap["kind"] == "numerical":
        kind = "NUMERICAL"
        answers = [(_value(one), one.get("fraction", "1"), one) for one in gap["accepted"]]
    else:
        kind = "SHORTANSWER" if gap.get("fold") else "SHORTANSWER_C"
        answers = [(_signs(one["text"]), one.get("fraction", "1"), one) for one in gap["accepted"]]
    if kind == "MULTICHOICE":
        answers = [(_signs(text), worth, one) for text, worth, one in answers]
    written = "~".join(
        f"%{_percent(worth)}%{text}{_said(one.get('feedback', ''))}" for text, worth, one in answers
    )
    return f"{{{gap.get('weight', 1)}:{kind}:{written}}}"


def _value(answer: dict) -> str:
    if answer["value"] == "*":
        return "*"
    return f"{answer['value']}:{answer.get('tolerance') or '0'}"


def _percent(worth: object) -> str:
    return f"{float(str(worth)) * 100:.5f}".rstrip("0").rstrip(".")


def _said(feedback: str) -> str:
    return f"#{_signs(feedback)}" if feedback else ""


def _signs(text: str) -> str:
    return _html(_SIGNS.sub(r"\\\1", text))


def _html(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
