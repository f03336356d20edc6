"""What a learning package said of itself, and whether that is enough. Pure.

A package keeps its words in one mapping, `cmi`: the run-time data of SCORM, or for H5P
{"finished", "success", "raw", "max", "state"}. It comes out of a browser, so nothing in it is
believed before it was looked at.
"""

from math import isfinite
from typing import Any

from courses.choices import PackageKind, PackageRule


def score_of(kind: str, cmi: dict[str, Any]) -> int | None:
    """The score in percent, or None where the package states none."""
    if kind == PackageKind.SCORM2004:
        scaled = _number(_at(cmi, "score", "scaled"))
        if scaled is not None:
            return round(min(max(scaled, 0.0), 1.0) * 100)
    where = {PackageKind.SCORM12: ("core", "score"), PackageKind.SCORM2004: ("score",)}
    path = where.get(PackageKind(kind), ())
    raw, least, most = (_number(_at(cmi, *path, name)) for name in ("raw", "min", "max"))
    if raw is None:
        return None
    low, high = least or 0.0, most if most is not None else 100.0
    if high <= low:
        return None
    return round(min(max((raw - low) / (high - low), 0.0), 1.0) * 100)


def is_done(
    kind: str,
    cmi: dict[str, Any],
    score: int | None,
    *,
    mastery: str = "",
    rule: str = PackageRule.SAID,
    needed: int | None = None,
) -> bool:
    """Whether a part is done by the author's rule; `needed` is the rule's score in percent.

    `mastery` is the score that the package's own manifest asks for: 0 to 100 in SCORM 1.2,
    up to 1 in SCORM 2004. Where it is stated, it decides what the package passes.
    """
    if rule == PackageRule.READER:
        return False
    if rule == PackageRule.SCORE:
        return score is not None and needed is not None and score >= needed
    passed = _has_passed(kind, cmi, score, mastery)
    if rule == PackageRule.PASSED or passed is not None:
        return passed is True
    return _has_finished(kind, cmi)


def _has_passed(kind: str, cmi: dict[str, Any], score: int | None, mastery: str) -> bool | None:
    """Passed or failed; None where nothing was said of it."""
    if kind == PackageKind.H5P:
        # An exercise that is handed in is finished, however many answers were right.
        return True if cmi.get("success") is True else None
    asked = _number(mastery)
    if asked is not None and score is not None:
        return score >= (asked * 100 if kind == PackageKind.SCORM2004 else asked)
    if kind == PackageKind.SCORM2004:
        said = _at(cmi, "success_status")
    else:
        said = _at(cmi, "core", "lesson_status")
    if said == "passed":
        return True
    return False if said == "failed" else None


def _has_finished(kind: str, cmi: dict[str, Any]) -> bool:
    if kind == PackageKind.H5P:
        return cmi.get("finished") is True
    if kind == PackageKind.SCORM2004:
        return _at(cmi, "completion_status") == "completed"
    return _at(cmi, "core", "lesson_status") == "completed"


def _at(cmi: dict[str, Any], *path: str) -> Any:
    found: Any = cmi
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _number(value: Any) -> float | None:
    try:
        number = float(value) if value not in (None, "") else None
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number is not None and isfinite(number) else None
