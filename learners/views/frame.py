"""What a report page is about: period, tree of its day, unit, and how far the viewer sees.

Every report view starts here, so no page and no export can forget the scope. All of it
lies in the address: a link carries the view.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from learners.models import Organisation, OrganisationVersion, ReportingPeriod
from learners.permissions import SEE_REPORTS, Viewer, granted_roots, refuse
from learners.reports.completion import units_outside_tree
from learners.reports.names import short_name
from learners.reports.regrouping import regrouped
from learners.tree import Tree, tree_on

PARAMETERS = {
    "unit": "don-vi",
    "year": "nam",
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
    "by": "theo",
    "code": "ma",
    "list": "xem",
    "page": "trang",
    "provider": "don-vi-dao-tao",
    "place": "xa",
    "place_of": "noi",
}
"""Names in code and in addresses."""

OWN_PEOPLE = "rieng"
"""The unit itself, without those below it."""
OUTSIDE_TREE = "ngoai-cay"
"""Units that the tree of the day no longer holds."""


@dataclass(frozen=True)
class Frame:
    viewer: Viewer
    roots: list[int] | None
    """Units on which the viewer holds a right; None: the whole province."""
    period: ReportingPeriod
    periods: list[ReportingPeriod]
    """The periods in which the unit existed, the newest first."""
    tree: Tree
    unit: int | None
    """None: the whole province, the Party's bodies included."""
    part: str
    tree_day: date | None = None
    """The day by whose tree the figures are grouped, where it is not the period's own."""

    @cached_property
    def units(self) -> frozenset[int] | None:
        """Ids of the units that are counted; None: every unit there is."""
        if self.part == OUTSIDE_TREE:
            return units_outside_tree(self.period, self.tree)
        if self.unit is None:
            return None
        if self.part == OWN_PEOPLE:
            return frozenset({self.unit})
        return frozenset(self.tree.subtree_ids(self.unit))

    @property
    def grouped_on(self) -> date:
        """The day of the tree."""
        return self.tree_day or self.period.cut_off()

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
        values: dict[str, object] = {
            "unit": self.unit,
            "year": self.period.year,
            "part": self.part,
            "tree": self.tree_day,
        }
        values |= changes
        return urlencode(
            {PARAMETERS[name]: value for name, value in values.items() if value not in (None, "")}
        )


def is_within(tree: Tree, unit: int, roots: list[int] | None) -> bool:
    """Whether a unit lies at or below one of the roots, by that tree."""
    if unit not in tree:
        return False
    return roots is None or unit in roots or not set(roots).isdisjoint(tree.ancestors(unit))


def frame_of(request: HttpRequest, right: str = SEE_REPORTS) -> Frame:
    """The frame that the address asks for, or 404 when it lies outside the viewer's scope.

    Without a unit: the first that the viewer answers for. Without a year: today's.
    """
    viewer = request.user
    roots = granted_roots(viewer, right)
    if roots == []:
        raise refuse(viewer, "reports", right)
    today = timezone.localdate()
    periods = list(ReportingPeriod.objects.filter(starts_on__lte=today).order_by("-year"))
    period = _period(request, periods)
    tree_day = _tree_day(request)
    if tree_day is not None and roots is not None:
        raise refuse(viewer, "the tree of", tree_day)
    tree = tree_on(tree_day or period.cut_off())
    if tree_day is not None:
        tree = regrouped(period, tree)
    unit = _unit(request, roots, tree)
    if unit is not None and not is_within(tree, unit, roots):
        raise refuse(viewer, "unit", unit)
    part = request.GET.get(PARAMETERS["part"], "")
    if part == OUTSIDE_TREE and roots is not None:
        raise refuse(viewer, "units outside the tree of", period.year)
    if part not in ("", OWN_PEOPLE, OUTSIDE_TREE) or (part == OWN_PEOPLE and unit is None):
        raise Http404
    if tree_day is None:
        periods = _with_unit(periods, unit)
    return Frame(viewer, roots, period, periods, tree, unit, part, tree_day)


def _tree_day(request: HttpRequest) -> date | None:
    """The day that the address asks for; nonsense is no page."""
    asked = request.GET.get(PARAMETERS["tree"], "")
    try:
        return date.fromisoformat(asked) if asked else None
    except ValueError:
        raise Http404 from None


def _period(request: HttpRequest, periods: list[ReportingPeriod]) -> ReportingPeriod:
    asked = request.GET.get(PARAMETERS["year"], "")
    for period in periods:
        if not asked or str(period.year) == asked:
            return period
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


def _with_unit(periods: list[ReportingPeriod], unit: int | None) -> list[ReportingPeriod]:
    """Those at whose end the unit was there. One query, whatever the number of periods."""
    if unit is None:
        return periods
    spans = list(
        OrganisationVersion.objects.filter(organisation=unit).values_list("valid_from", "valid_to")
    )
    return [
        period
        for period in periods
        if any(
            first <= period.cut_off() and (last is None or last >= period.cut_off())
            for first, last in spans
        )
    ]
