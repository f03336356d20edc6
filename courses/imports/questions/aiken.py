"""Aiken: a stem, lettered options, and the letter of the right one."""

import re

from django.utils.translation import gettext as _

from courses.imports.questions.parsed import (
    Item,
    NotTaken,
    Parsed,
    Source,
    checked,
    decoded,
    line_where,
)
from courses.imports.questions.texts import tidy

_OPTION = re.compile(r"\s*([A-Z])[).]\s+(.*)|\s*([A-Z])\)(.*)")
_ANSWER = re.compile(r"\s*ANSWER\s*:\s*(.*)", re.IGNORECASE)


def read_aiken(data: bytes) -> Source:
    """Every question of the file. Raises ImportRefused when it is no text in UTF-8.

    A question ends with its ANSWER line. One without is said and the next begins where an
    empty line follows its options.
    """
    source, draft = Source(), _Draft()
    for at, line in enumerate(decoded(data).split("\n"), 1):
        if answer := _ANSWER.fullmatch(line):
            draft.key, draft.line = answer[1].strip(), draft.line or at
            source.items.append(draft.item())
            draft = _Draft()
        elif not line.strip():
            if draft.options:
                source.items.append(draft.item())
                draft = _Draft()
        elif option := _OPTION.fullmatch(line):
            letter, text = (option[1], option[2]) if option[1] else (option[3], option[4])
            draft.line = draft.line or at
            draft.options.append((letter, tidy(text)))
        elif draft.options:
            # An option that runs over two lines.
            letter, text = draft.options[-1]
            draft.options[-1] = (letter, tidy(f"{text} {line}"))
        else:
            draft.line = draft.line or at
            draft.stem.append(tidy(line))
    if draft.line:
        source.items.append(draft.item())
    return source


class _Draft:
    def __init__(self) -> None:
        self.line = 0
        self.stem: list[str] = []
        self.options: list[tuple[str, str]] = []
        self.key: str | None = None

    def item(self) -> Item:
        where, stem = line_where(self.line), "\n".join(self.stem)
        try:
            self._check_key()
        except NotTaken as refusal:
            return refusal.at(where, stem)
        choices = [
            {"text": text, "right": letter == (self.key or "").upper(), "feedback": ""}
            for letter, text in self.options
        ]
        question = {
            "kind": "choice",
            "stem": stem,
            "stem_html": "",
            "explanation": "",
            "choices": choices,
        }
        return checked(Parsed(where, question))

    def _check_key(self) -> None:
        letters = [letter for letter, _text in self.options]
        if not self.key:
            raise NotTaken(
                _("There is no line “ANSWER:” with the right letter."),
                _("Write “ANSWER: B” after the options."),
            )
        if not re.fullmatch(r"[A-Za-z]", self.key):
            raise NotTaken(
                _("The answer “%(key)s” is not one letter.") % {"key": self.key},
                _("Aiken knows one right answer; use GIFT or the sheet for several."),
            )
        if self.key.upper() not in letters:
            raise NotTaken(
                _("The answer %(key)s is none of the options.") % {"key": self.key.upper()},
                _("Correct the letter, or add the option."),
            )
        if len(set(letters)) < len(letters):
            raise NotTaken(
                _("Two options have the same letter."), _("Give every option its own letter.")
            )
