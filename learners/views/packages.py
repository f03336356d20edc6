"""A lesson that is a package: its frame, and what it tells us."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from courses.choices import PackageKind, PackageRule
from courses.models import EditionItem, Package
from courses.package_views import frame_address
from learners.actions.packages import open_part, save_part
from learners.models import Enrolment, PackageState
from learners.permissions import own_enrolments

LARGEST_COMMIT = 512 * 1024


def package_lesson(
    request: HttpRequest, context: dict[str, Any], enrolment: Enrolment, item: EditionItem
) -> HttpResponse:
    """The parts of a package and, when one is asked for with `phan`, its frame."""
    package = Package.objects.get(pk=item.package_id or 0)
    states = {
        state.part: state for state in PackageState.objects.filter(enrolment=enrolment, item=item)
    }
    # One part opens at once; anything that is no number shows the list.
    asked = request.GET.get("phan", "0" if len(package.parts) == 1 else "")
    number = int(asked) if asked.isascii() and asked.isdigit() else None
    launched = package.part(number) if number is not None else None
    context |= {
        "package": package,
        "parts": [
            {"number": place, "title": part["title"], "state": states.get(place)}
            for place, part in enumerate(package.parts)
        ],
        "is_configured": bool(settings.PACKAGES_URL),
        "reader_decides": item.package_rule == PackageRule.READER,
    }
    if launched is None or number is None or not settings.PACKAGES_URL:
        return render(request, "learners/package.html", context)
    state = open_part(enrolment=enrolment, item=item, part=number)
    context |= {
        "launched": launched,
        "part": number,
        "frame": frame_address(package),
        "packages_url": settings.PACKAGES_URL,
        "start": {
            "href": launched["href"],
            "cmi": _resumed(package.kind, state, enrolment),
            "launch": state.launch,
        },
    }
    response = render(request, "learners/package.html", context)
    response["Content-Security-Policy"] = (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self';"
        f" frame-src {settings.PACKAGES_URL}"
    )
    return response


def _resumed(kind: str, state: PackageState, enrolment: Enrolment) -> dict[str, Any]:
    """The run-time's data to begin with: what was left, and who learns, by number and not by
    name: a package needs neither."""
    cmi = dict(state.cmi)
    if kind == PackageKind.H5P:
        return cmi
    entry = "resume" if cmi else "ab-initio"
    if kind == PackageKind.SCORM12:
        core = {**cmi.get("core", {}), "student_id": str(enrolment.pk), "entry": entry}
        for name in ("session_time", "exit"):
            core.pop(name, None)
        return {**cmi, "core": core}
    for name in ("session_time", "exit"):
        cmi.pop(name, None)
    return {**cmi, "learner_id": str(enrolment.pk), "entry": entry}


@login_required
@require_POST
def commit_part(request: HttpRequest, slug: str, position: int, part: int) -> JsonResponse:
    """Keep what a package said. Body, plain or in the field `body` of a form that a closing page
    sends: {"launch", "sequence", "cmi"}. 409 when something newer is kept."""
    enrolment = (
        own_enrolments(request.user)
        .filter(edition__course__slug=slug)
        .select_related("edition", "person")
        .first()
    )
    item = EditionItem.objects.filter(
        edition=enrolment.edition_id if enrolment else None, position=position
    ).first()
    if enrolment is None or item is None or item.package_id is None:
        raise Http404
    body = request.POST.get("body") or request.body
    try:
        if len(body) > LARGEST_COMMIT:
            raise ValueError
        sent = json.loads(body)
        launch, sequence, cmi = int(sent["launch"]), int(sent["sequence"]), sent["cmi"]
        if not isinstance(cmi, dict):
            raise TypeError
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"error": "unreadable"}, status=400)
    state = save_part(
        enrolment=enrolment,
        item=item,
        package=Package.objects.get(pk=item.package_id),
        part=part,
        launch=launch,
        sequence=sequence,
        cmi=cmi,
    )
    if state is None:
        return JsonResponse({"error": "older"}, status=409)
    return JsonResponse({"done": state.is_done, "score": state.score})
