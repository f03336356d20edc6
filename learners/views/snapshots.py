"""Signed figures: drawn up, checked, signed, locked, restated, and looked at ever after."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from learners.account_forms import ReasonForm
from learners.actions.snapshots import (
    CannotGoOn,
    DoNotSum,
    FactsHaveChanged,
    NeedsReason,
    NothingNew,
    SameHands,
    check,
    draw_up,
    lock,
    sign,
)
from learners.choices import Calendar, Status
from learners.models import Person, Snapshot
from learners.permissions import (
    DRAW_UP_FIGURES,
    SEE_REPORTS,
    SIGN_FIGURES,
    Viewer,
    account_of,
    granted_roots,
    refuse,
)
from learners.reports.completion import GROUPS, percent
from learners.reports.names import short_name
from learners.reports.snapshots import (
    STATUS,
    Drawn,
    as_drawn,
    changes,
    drawn_today,
    faults,
    headcount,
    is_new,
    lots_changed,
    reached,
)
from learners.reports.windows import IN_WINDOW
from learners.tree import tree_on
from learners.views.frame import frame_of, is_within
from learners.views.wording import window_label

ON_A_PAGE = 100
MOST_IDS = 10_000
"""In one query."""
SHOWN = 200
"""People named among the changes; the rest is counted."""


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The figures of one unit and year so far; drawing up those of the year or of a part of it,
    or restating them with a reason."""
    right = DRAW_UP_FIGURES if request.method == "POST" else SEE_REPORTS
    frame = frame_of(request, right, windows=True)
    is_ours = frame.window.calendar == Calendar.ADMINISTRATIVE
    if request.method == "POST" and (frame.tree_day is not None or not is_ours):
        # Figures are signed by the tree of their own last day, of the administrative year.
        raise refuse(request.user, "figures by another tree or calendar", frame.period.year)
    part = frame.window.part if is_ours else ""
    kept = Snapshot.objects.filter(period=frame.period, unit=frame.unit).select_related("period")
    kept = kept.defer("content", "people", "participations")
    is_signed = any(one.is_final for one in kept if one.part == part)
    form = ReasonForm(request.POST or None) if is_signed else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            drawn = draw_up(
                period=frame.period,
                unit=frame.unit,
                part=part,
                by=account_of(request.user),
                reason=reason,
            )
        except NothingNew:
            messages.info(request, _("The facts still give the figures that were signed."))
        except NeedsReason:
            messages.warning(request, _("Somebody signed these figures meanwhile."))
        else:
            return redirect("reports:snapshot", drawn.pk)
        return redirect(f"{request.path}?{frame.query()}")
    context = {
        "frame": frame,
        "snapshots": [
            (one, window_label(one.window), one.part == part and is_ours)
            for one in kept.select_related("drawn_by", "signed_by", "period")
        ],
        "is_ours": is_ours,
        "form": form,
        "is_signed": is_signed,
        "may_draw": frame.tree_day is None
        and is_ours
        and _may(request.user, DRAW_UP_FIGURES, frame.unit, frame.tree),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "learners/snapshots/list.html", context, status=status)


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One set of figures as it stands; on asking, what today's facts would give."""
    shown = snapshot_of(request, pk)
    tree = tree_on(shown.tree_on)
    content = shown.content
    before = (
        Snapshot.objects.of(shown.period, shown.unit_id, shown.part)
        .final()
        .filter(number__lt=shown.number)
        .order_by("-number")
        .first()
    )
    window = content.get("window")
    context = {
        "snapshot": shown,
        "content": content,
        "window": window,
        "window_name": window_label(shown.window),
        "new": headcount(window["staff"]) if window else 0,
        "in_window": len(window["participations"]) if window else 0,
        "name": short_name(content["unit_name"]) or _("The whole province"),
        "headcount": headcount(content["staff"]),
        "reached": reached(content["staff"]),
        "missing": headcount(content["staff"]) - reached(content["staff"]),
        "percent": percent(reached(content["staff"]), headcount(content["staff"])),
        "statuses": [
            (one, content["staff"].get(one, 0), window["staff"].get(one, 0) if window else None)
            for one in Status
        ],
        "adds_up": not faults(as_drawn(shown)),
        "units": [_unit_row(row) for row in content["units"]],
        "restates": _changes(before, as_drawn(shown)) if before else None,
        "before": before,
        "today": _today(shown) if "hom-nay" in request.GET and shown.is_final else None,
        "may_draw": _may(request.user, DRAW_UP_FIGURES, shown.unit_id, tree),
        "may_sign": _may(request.user, SIGN_FIGURES, shown.unit_id, tree),
    }
    return render(request, "learners/snapshots/detail.html", context)


def _unit_row(row: dict[str, Any]) -> dict[str, Any]:
    whole, done = headcount(row["all"]), reached(row["all"])
    name = short_name(row["name"]) or _("Units no longer in the tree")
    return {
        **row,
        "name": name,
        "headcount": whole,
        "new": row.get("new", [0, 0])[1],
        "reached": done,
        "percent": percent(done, whole),
    }


def _today(shown: Snapshot) -> dict[str, Any]:
    now = drawn_today(shown)
    return {"is_same": now.sha256 == shown.sha256, **_changes(shown, now)}


def _changes(before: Snapshot, after: Drawn) -> dict[str, Any]:
    """How many changed in which way, and the first of them by name."""
    found = changes(before, after)
    came, went = lots_changed(before, after)
    lots = [(_("Participations added"), came), (_("Participations taken out"), went)]
    kinds = {
        "joined": _("Counted now, not before"),
        "left": _("No longer counted"),
        "reached": _("Reached now"),
        "lost": _("No longer reached"),
        "other": _("In another unit, or another way"),
    }
    names = dict(
        Person.objects.filter(pk__in=[one.person for one in found[:SHOWN]]).values_list(
            "pk", "full_name"
        )
    )
    return {
        "counts": [
            (label, n)
            for label, n in [
                *((label, sum(c.kind == kind for c in found)) for kind, label in kinds.items()),
                *lots,
            ]
            if n
        ],
        "people": [
            (one.person, names.get(one.person, "–"), _label(one.before), _label(one.after))
            for one in found[:SHOWN]
        ],
        "more": max(0, len(found) - SHOWN),
    }


def _label(status: str) -> str:
    return str(Status(status).label) if status else _("not counted")


@login_required
@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """The people behind one of the figures, as they were counted then."""
    shown = snapshot_of(request, pk)
    asked = request.GET.get("trang-thai", "all")
    statuses = GROUPS.get(asked) or ((Status(asked),) if asked in Status.values else tuple(Status))
    wants_new = asked == IN_WINDOW and shown.part
    chosen = {
        row[0]: row[STATUS]
        for row in shown.people
        if row[STATUS] in statuses and (not wants_new or is_new(row))
    }
    page = Paginator(_by_name(list(chosen)), ON_A_PAGE).get_page(request.GET.get("trang"))
    names = dict(Person.objects.filter(pk__in=page.object_list).values_list("pk", "full_name"))
    context = {
        "snapshot": shown,
        "page": page,
        "count": len(chosen),
        "status": asked,
        "rows": [(pk, names.get(pk, "–"), _label(chosen[pk])) for pk in page.object_list],
    }
    return render(request, "learners/snapshots/people.html", context)


def _by_name(people: list[int]) -> list[int]:
    """Their ids as Vietnamese sorts their names. A query for every ten thousand."""
    keys: list[tuple[str, int]] = []
    for start in range(0, len(people), MOST_IDS):
        part = Person.objects.filter(pk__in=people[start : start + MOST_IDS])
        keys += part.values_list("name_key", "pk")
    return [pk for _key, pk in sorted(keys)]


@login_required
@require_POST
def step(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Check, sign or lock; says why when it cannot be."""
    right, act = _STEPS[what]
    shown = snapshot_of(request, pk, right)
    try:
        act(shown, by=account_of(request.user))
    except DoNotSum as found:
        where = ", ".join(code or _("the whole") for code in found.where)
        messages.error(request, _("Parts and whole disagree at: %(where)s.") % {"where": where})
    except SameHands:
        messages.error(
            request, _("Whoever drew the figures up does not sign them. Ask the other signer.")
        )
    except FactsHaveChanged:
        messages.error(request, _("Facts have changed since the check: draw the figures up anew."))
    except CannotGoOn:
        messages.warning(request, _("Somebody was faster. Look at the figures as they are now."))
    else:
        messages.success(request, _DONE[what]())
    return redirect("reports:snapshot", pk)


Step = Callable[..., None]
_STEPS: dict[str, tuple[str, Step]] = {
    "kiem-tra": (DRAW_UP_FIGURES, check),
    "ky": (SIGN_FIGURES, sign),
    "khoa": (SIGN_FIGURES, lock),
}
_DONE: dict[str, Callable[[], str]] = {
    "kiem-tra": lambda: _("Checked: the parts sum to the whole."),
    "ky": lambda: _("Signed. Nobody can change these figures any more."),
    "khoa": lambda: _("Locked."),
}


def snapshot_of(request: HttpRequest, pk: int, right: str = SEE_REPORTS) -> Snapshot:
    """Figures of a unit in the viewer's scope, by the tree of their day; 404 otherwise."""
    related = ["period", "drawn_by", "checked_by", "signed_by", "locked_by"]
    shown = Snapshot.objects.filter(pk=pk).select_related(*related).first()
    if shown is None or not _may(request.user, right, shown.unit_id, tree_on(shown.tree_on)):
        raise refuse(request.user, "figures", pk)
    return shown


def _may(user: Viewer, right: str, unit: int | None, tree: Any) -> bool:
    roots = granted_roots(user, right)
    if unit is None:
        return roots is None
    return roots != [] and is_within(tree, unit, roots)
