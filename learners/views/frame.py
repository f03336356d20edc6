"""What a report page is about: days counted, tree, unit, and how far the viewer sees.

Every report view starts here, so no page and no export can forget the scope. All of it
lies in the address: a link carries the view.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import quote_plus

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from learners.choices import Calendar
from learners.days import typed_day
from learners.models import Organisation, ReportingPeriod
from learners.periods import MONTHS_OF, Span, Window, window_of
from learners.permissions import SEE_REPORTS, Viewer, granted_roots, refuse
from learners.reports.completion import outside_tree, units_outside_tree
from learners.reports.names import short_name
from learners.reports.plan import periods_begun
from learners.reports.regrouping import counted_units, regrouped, units_of_window
from learners.tree import Tree, tree_on, versions_of
from learners.views.wording import window_label

PARAMETERS = {
    "unit": "don-vi",
    "year": "nam",
    "calendar": "lich",
    "window": "ky",
    "reach": "tinh",
    "part": "pham-vi",
    "tree": "cay",
    "status": "trang-thai",
    "audience": "nhom",
    "topic": "chu-de",
    "level": "cap",
    "sort": "sap-xep",
    "search": "q",
    "after": "sau",
    "before": "truoc",
    "form": "dang",
    "line": "dong",
    "row": "nhanh",
    "by": "theo",
    "code": "ma",
    "list": "xem",
    "page": "trang",
    "provider": "don-vi-dao-tao",
    "place": "xa",
    "place_of": "noi",
    "using": "su-dung",
}
"""Names in code and in addresses."""

OWN_PEOPLE = "rieng"
"""The unit itself, without those below it."""
OUTSIDE_TREE = "ngoai-cay"
"""Units that the tree of the day no longer holds."""
NEW_ALONE = "trong-ky"
"""Of the people of a part of a year, those newly reached in it."""
SINCE_NEW_YEAR = "luy-ke"
"""What a part of a year counts since the year's beginning, not within the part alone."""


class NoSuchReport(Http404):
    """A report that cannot be, with one sentence that says so to whoever may see the unit."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Frame:
    viewer: Viewer
    roots: list[int] | None
    """Units on which the viewer holds a right; None: the whole province."""
    period: ReportingPeriod
    """The year."""
    periods: list[ReportingPeriod]
    """The years in which the unit existed at the end of such days, the newest first."""
    window: Window
    """The days counted: the whole year, or a part of it."""
    tree: Tree
    unit: int | None
    """None: the whole province, the Party's bodies included."""
    part: str
    tree_day: date | None = None
    """The day by whose tree the figures are grouped, where it is not the period's own."""

    @cached_property
    def units(self) -> frozenset[int] | None:
        """Ids of the units that are counted; None: every unit there is."""
        if self.part == OUTSIDE_TREE and self.is_part:
            found = units_of_window(self.window, self.cut_off)
            return frozenset(outside_tree(self.tree, found))
        if self.part == OUTSIDE_TREE:
            return units_outside_tree(self.period, self.tree)
        if self.unit is None:
            return None
        if self.part == OWN_PEOPLE:
            return frozenset({self.unit})
        return frozenset(self.tree.subtree_ids(self.unit))

    @property
    def is_part(self) -> bool:
        """Whether a part of a year is counted, or the year of the other calendar: from facts, for
        summaries are kept of administrative years alone."""
        return not self.window.is_year

    @cached_property
    def cut_off(self) -> date:
        """The day on which the register is read."""
        return self.window.cut_off(timezone.localdate())

    @property
    def days(self) -> Span:
        """Days of which evidence makes somebody reached: always from the year's beginning."""
        return Span(self.window.year_starts_on, self.cut_off)

    @property
    def window_name(self) -> str:
        return window_label(self.window)

    @property
    def whole_units(self) -> frozenset[int] | None:
        """As `units`, of the unit with all below it whatever part of it is looked at."""
        return None if self.unit is None else frozenset(self.tree.subtree_ids(self.unit))

    @property
    def grouped_on(self) -> date:
        """The day of the tree."""
        return self.tree_day or self.cut_off

    @property
    def is_of_today(self) -> bool:
        """Whether the units are those of today, and not of another year or another day."""
        return self.grouped_on == timezone.localdate()

    @property
    def name(self) -> str:
        if self.part == OUTSIDE_TREE:
            return _("Units no longer in the tree")
        if self.unit is None:
            return _("The whole province")
        name = short_name(self.tree.name(self.unit))
        return _("%(unit)s, own staff") % {"unit": name} if self.part else name

    @property
    def path(self) -> list[tuple[int | None, str]]:
        """The units above, down to this one, as far up as the viewer may see."""
        steps: list[tuple[int | None, str]] = []
        if self.unit is not None:
            line = [*self.tree.ancestors(self.unit), self.unit]
            visible = [unit for unit in line if self._is_visible(unit)]
            steps = [(unit, short_name(self.tree.name(unit))) for unit in visible]
        return steps if self.roots is not None else [(None, _("The whole province")), *steps]

    @property
    def others(self) -> list[tuple[int, str]]:
        """The viewer's other units, when a right covers several."""
        return [
            (root, short_name(self.tree.name(root)))
            for root in self.roots or []
            if root != self.unit and root in self.tree
        ]

    def _is_visible(self, unit: int) -> bool:
        return is_within(self.tree, unit, self.roots)

    def query(self, **changes: object) -> str:
        """The address parameters of this view with changes; empty ones are left out."""
        pairs = self._pairs | {name: _pair(name, value) for name, value in changes.items()}
        return "&".join(pair for pair in pairs.values() if pair)

    @cached_property
    def _pairs(self) -> dict[str, str]:
        """Written once: a table of units asks for hundreds of addresses."""
        values: dict[str, object] = {
            "unit": self.unit,
            "year": self.period.year,
            "calendar": _said(self.window.calendar),
            "window": self.window.part,
            "part": self.part,
            "tree": self.tree_day,
        }
        return {name: _pair(name, value) for name, value in values.items()}


def _pair(name: str, value: object) -> str:
    return "" if value in (None, "") else f"{PARAMETERS[name]}={_quoted(str(value))}"


_quoted = lru_cache(maxsize=4096)(quote_plus)


def _said(calendar: Calendar) -> str:
    """The administrative calendar goes without saying."""
    return "" if calendar == Calendar.ADMINISTRATIVE else calendar.value


def is_within(tree: Tree, unit: int, roots: list[int] | None) -> bool:
    """Whether a unit lies at or below one of the roots, by that tree."""
    if unit not in tree:
        return False
    return roots is None or unit in roots or not set(roots).isdisjoint(tree.ancestors(unit))


def frame_of(request: HttpRequest, right: str = SEE_REPORTS, *, windows: bool = False) -> Frame:
    """The frame that the address asks for, or 404 when it lies outside the viewer's scope.

    Without a unit: the first that the viewer answers for. Without a year: today's. Only a
    report that is read for parts of a year asks for `windows`; to others a year is a year.
    """
    viewer = request.user
    roots = granted_roots(viewer, right)
    if roots == []:
        raise refuse(viewer, "reports", right)
    today = timezone.localdate()
    periods = periods_begun(today)
    calendar, part_of_year = _part_of_year(request) if windows else (Calendar.ADMINISTRATIVE, "")
    begun = {
        period: window
        for period in periods
        if (window := _window(period, part_of_year, calendar)).starts_on <= today
    }
    period = _period(request, periods, begun)
    window = begun[period]
    day = window.cut_off(today)
    tree_day = _tree_day(request)
    if tree_day is not None and roots is not None:
        raise refuse(viewer, "the tree of", tree_day)
    tree = tree_on(tree_day or day)
    if tree_day is not None:
        counted = counted_units(period) if window.is_year else units_of_window(window, day)
        tree = regrouped(counted, tree)
    unit = _unit(request, roots, tree)
    if unit is not None and not is_within(tree, unit, roots):
        if windows and unit not in tree and is_within(tree_on(today), unit, roots):
            raise NoSuchReport(
                _("This unit was not there on %(day)s, the last day that is counted.")
                % {"day": date_format(day)}
            )
        raise refuse(viewer, "unit", unit)
    part = request.GET.get(PARAMETERS["part"], "")
    if part == OUTSIDE_TREE and roots is not None:
        raise refuse(viewer, "units outside the tree of", period.year)
    if part not in ("", OWN_PEOPLE, OUTSIDE_TREE) or (part == OWN_PEOPLE and unit is None):
        raise Http404
    if tree_day is None:
        begun = _with_unit(begun, unit, today)
    return Frame(viewer, roots, period, list(begun), window, tree, unit, part, tree_day)


def _part_of_year(request: HttpRequest) -> tuple[Calendar, str]:
    """Calendar and part of the year; nonsense is no page."""
    calendar = request.GET.get(PARAMETERS["calendar"]) or Calendar.ADMINISTRATIVE
    part = request.GET.get(PARAMETERS["window"], "")
    if calendar not in Calendar.values or part not in MONTHS_OF:
        raise Http404
    return Calendar(calendar), part


def _window(period: ReportingPeriod, part: str, calendar: Calendar) -> Window:
    return window_of(period.year, period.starts_on, period.ends_on, part, calendar)


def _tree_day(request: HttpRequest) -> date | None:
    """The day that the address asks for, as links write it or as people type it."""
    asked = request.GET.get(PARAMETERS["tree"], "").strip()
    if asked and (day := typed_day(asked)) is None:
        text = _("“%(day)s” is no day. Write it as 01/07/2025, the day first.")
        raise NoSuchReport(text % {"day": asked})
    return day if asked else None


def _period(
    request: HttpRequest, periods: list[ReportingPeriod], begun: dict[ReportingPeriod, Window]
) -> ReportingPeriod:
    """The year asked for; without one, the newest of which such days have begun."""
    asked = request.GET.get(PARAMETERS["year"], "")
    for period in begun:
        if not asked or str(period.year) == asked:
            return period
    if any(str(period.year) == asked for period in periods):
        raise NoSuchReport(_("These days have not begun yet. Choose an earlier part of the year."))
    raise Http404


def _unit(request: HttpRequest, roots: list[int] | None, tree: Tree) -> int | None:
    """The unit asked for by id or register key; without one, the viewer's own."""
    asked = request.GET.get(PARAMETERS["unit"], "")
    if not asked:
        return None if roots is None else next((r for r in roots if r in tree), roots[0])
    if asked.isascii() and asked.isdigit():
        return int(asked)
    found = Organisation.objects.filter(key=asked).values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    return found


def _with_unit(
    begun: dict[ReportingPeriod, Window], unit: int | None, today: date
) -> dict[ReportingPeriod, Window]:
    """Those at whose end the unit was there."""
    if unit is None:
        return begun
    return {
        period: window
        for period, window in begun.items()
        if any(version.covers(window.cut_off(today)) for version in versions_of(unit))
    }
