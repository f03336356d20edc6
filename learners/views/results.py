"""A handed-in attempt in words: question by question, as much as its author lets be seen."""

from fractions import Fraction

from courses.choices import KeyShown
from courses.questions import answer_lines, feedback, grade, right_lines
from learners.models import Attempt


def shows_key(attempt: Attempt, *, may_try: bool) -> bool:
    """Whether the right answers may be seen; by default once they can no longer be copied."""
    match attempt.item.key_shown:
        case KeyShown.ALWAYS:
            return True
        case KeyShown.NEVER:
            return False
        case KeyShown.PASSED:
            return attempt.passed
        case KeyShown.LAST:
            return not may_try
    return attempt.passed or not may_try


def marked_answers(attempt: Attempt, *, show_key: bool) -> list[dict]:
    """One row a question: its mark, what was answered and what may be said about it."""
    comments = {given.index: given.comment for given in attempt.manual_marks.all()}
    # Attempts handed in before marks were kept are marked as they were then.
    kept = bool(attempt.marks)
    says = attempt.item.key_shown != KeyShown.NEVER
    rows = []
    for index, asked in enumerate(attempt.asked()):
        answer = attempt.answer(index)
        mark = attempt.mark_of(index) if kept else grade(asked, answer)
        rows.append(
            {
                "number": index + 1,
                "question": asked,
                "mark": mark,
                "points": _two_places(mark),
                "state": _state(mark),
                "answer": answer_lines(asked, answer),
                "right": right_lines(asked) if show_key and mark != 1 else [],
                "feedback": feedback(asked, answer) if says else [],
                "explanation": asked["explanation"] if says and (show_key or mark != 1) else "",
                "comment": comments.get(index, ""),
            }
        )
    return rows


def points(rows: list[dict]) -> float:
    """The marks reached, as a learner reads them: 2.5 of 3."""
    return _two_places(sum((row["mark"] or Fraction(0) for row in rows), Fraction(0)))


def _two_places(mark: Fraction | None) -> float:
    """Rounded down like the score, so that both tell the same; whole where it is whole."""
    hundredths = int((mark or Fraction(0)) * 100)
    return hundredths / 100 if hundredths % 100 else hundredths // 100


def _state(mark: Fraction | None) -> str:
    if mark is None:
        return "waiting"
    return "right" if mark == 1 else "partly" if mark > 0 else "wrong"
