"""Questions of every kind, as pure functions: no database, no learner.

A question in its frozen shape is a JSON object. All kinds have "kind", "stem" (plain text),
"stem_html" (sanitised, shown instead of the stem unless empty) and "explanation". An object
without "kind" is one of the first form: choices, marked all or nothing. Besides:

    choice, multiple  "choices": [{"text", "right", "fraction"?, "feedback"?}], and for
                      multiple "all_or_nothing"
    true_false        "right": bool, "feedback_true", "feedback_false"
    short_answer      "accepted": [{"text", "fraction", "feedback"}], "fold": bool
    numerical         "accepted": [{"value", "tolerance", "fraction", "feedback"}]
    matching          "pairs": [{"left", "right"}], "extra": [text]
    ordering          "items": [text], in the right order
    gap_fill          "parts": [text | a short_answer, numerical or choice with "weight"]
    essay             "guidance"

An answer is JSON too: a list of indices into the frozen choices; [0] or [1] for false or true;
a string for short_answer, numerical and essay; for matching the index into `options` of each
left text; for ordering the indices of the items as placed; for gap_fill one string or index a
gap. "void", "shown", "ref" and "options" are added to the copy of an attempt (courses.draws,
courses.questions.rekeying). Fractions are decimal strings, so that nothing is rounded before it
is summed.
"""

from courses.questions.answers import answer_lines, is_answered, options, right_lines
from courses.questions.errors import QuestionError
from courses.questions.html import clean_html
from courses.questions.marking import feedback, grade
from courses.questions.rekeying import as_kinded, rekeyed
from courses.questions.shape import fraction, gaps, kind_of
from courses.questions.statistics import ItemStatistics, item_statistics
from courses.questions.texts import numbers_in, text_matches
from courses.questions.typed import parse_typed, write_typed
from courses.questions.validation import validate

__all__ = [
    "ItemStatistics",
    "QuestionError",
    "answer_lines",
    "as_kinded",
    "clean_html",
    "feedback",
    "fraction",
    "gaps",
    "grade",
    "is_answered",
    "item_statistics",
    "kind_of",
    "numbers_in",
    "options",
    "parse_typed",
    "rekeyed",
    "right_lines",
    "text_matches",
    "validate",
    "write_typed",
]
