"""The list of one session: ticks, scans, walk-ins, the code on the wall, the signed sheet."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from courses.models import ClassSession
from learners.actions.attendance import Sighting, check_in, check_in_many, take_back
from learners.choices import CheckInWay
from learners.class_forms import NamesForm, SheetForm, WalkInForm
from learners.models import Person, SignedSheet
from learners.permissions import account_of, kept_classes, refuse
from learners.person_codes import CHECK_IN, CLAIM, code_of, person_of
from learners.reports.classes import compare_with_sheet, roster
from learners.views.class_desk import session_of
from learners.wall_codes import CHANGES_EVERY, wall_code

MOST_AT_ONCE = 500
"""Sightings in one synchronisation; the phone sends the rest afterwards."""


@never_cache
@login_required
@require_GET
def session_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of one session; kept by the phone for when there is no network."""
    return _show_list(request, session_of(request, pk), WalkInForm())


@login_required
@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one person as present, or take that back: the way without JavaScript."""
    session, by = session_of(request, pk), account_of(request.user)
    people = {row.person.pk: row.person for row in roster(session)}
    typed = request.POST.get("person", "")
    person = people.get(int(typed)) if typed.isascii() and typed.isdigit() else None
    if person is None:
        raise refuse(request.user, "person of session", pk)
    if "undo" in request.POST:
        take_back(session=session, person=person, by=by)
        messages.info(request, _("Taken back: %(name)s") % {"name": person.full_name})
    else:
        way = CheckInWay.TICK
        is_new = check_in(session=session, person=person, way=way, at=timezone.now(), by=by)
        text = _("Present: %(name)s") if is_new else _("Was present already: %(name)s")
        messages.success(request, text % {"name": person.full_name})
    return redirect("learners:session", pk)


@login_required
@require_POST
def synchronise(request: HttpRequest, pk: int) -> JsonResponse:
    """Take what a phone has gathered. Sent twice, it adds nothing the second time.

    Body: {"seen": [{"code": str, "at": ISO 8601, "way": "scan"|"tick"}]}. Answer: {"added",
    "known", "unknown": [code], "left": how many of the list were not looked at}.
    """
    session = session_of(request, pk)
    try:
        seen = json.loads(request.body)["seen"]
        entries = [(str(entry["code"]), _moment(entry), _way(entry)) for entry in seen]
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"error": _("The list cannot be read.")}, status=400)
    now, left = entries[:MOST_AT_ONCE], entries[MOST_AT_ONCE:]
    numbers = {code: person_of(code, CHECK_IN) for code, _at, _how in now}
    people = Person.objects.select_related("merged_into").in_bulk(
        [number for number in numbers.values() if number]
    )
    sightings, unknown = [], []
    for code, at, way in now:
        person = people.get(numbers[code] or 0)
        if person is None:
            unknown.append(code)
        else:
            sightings.append(Sighting(person.current, way, at))
    by = account_of(request.user)
    added, known = check_in_many(session=session, sightings=sightings, by=by, from_queue=True)
    return JsonResponse({"added": added, "known": known, "unknown": unknown, "left": len(left)})


def _moment(entry: Mapping[str, Any]) -> datetime:
    """A time without a zone, or one that cannot be read, is the time of arrival."""
    moment = parse_datetime(str(entry.get("at", "")))
    return moment if moment and timezone.is_aware(moment) else timezone.now()


def _way(entry: dict[str, Any]) -> CheckInWay:
    return CheckInWay.TICK if entry.get("way") == "tick" else CheckInWay.SCAN


@login_required
@require_POST
def walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter somebody who is on no list, and give the slip to claim the class later.

    The phone sends it by script, with the moment, and asks for JSON; what it sends twice is known
    again.
    """
    session = session_of(request, pk)
    form, by = WalkInForm(request.POST), account_of(request.user)
    at = _moment(request.POST)
    with transaction.atomic():
        # Two phones with the same newcomer at once make one record.
        ClassSession.objects.select_for_update().get(pk=session.pk)
        person = form.record()
        if person is not None:
            seen = [Sighting(person, CheckInWay.WALK_IN, at)]
            check_in_many(session=session, sightings=seen, by=by, from_queue=True)
    by_script = request.headers.get("Accept") == "application/json"
    if person is None:
        if by_script:
            return JsonResponse({"errors": form.errors}, status=422)
        return _show_list(request, session, form, status=422)
    text = _("Present: %(name)s") % {"name": person.full_name}
    if person.user_id is None:
        slip = _("Code of the slip: %(code)s") % {"code": code_of(person.pk, CLAIM)}
        text = f"{text}. {slip}"
    messages.success(request, text)
    return JsonResponse({"said": text}) if by_script else redirect("learners:session", pk)


@never_cache
@login_required
@require_GET
def wall_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The code to be shown on the wall; the page renews itself."""
    session = session_of(request, pk)
    address = settings.PUBLIC_URL + reverse("learners:wall", args=[pk, wall_code(pk)])
    context = {
        "session": session,
        "qr": segno.make(address, error="m").svg_data_uri(scale=10, border=4),
        "renew": CHANGES_EVERY // 2,
        "present": session.attendances.filter(revoked_at=None).count(),
    }
    return render(request, "learners/classes/wall_page.html", context)


@login_required
@require_POST
def add_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the signed sheet; the same file again changes nothing."""
    session = session_of(request, pk)
    form = SheetForm(request.POST, request.FILES)
    if form.is_valid():
        checked = form.cleaned_data["sheet"]
        sheet = SignedSheet(
            session=session,
            content_type=checked.content_type,
            fingerprint=checked.fingerprint,
            added_by=account_of(request.user),
        )
        try:
            with transaction.atomic():
                sheet.file.save(f"sheet.{checked.extension}", ContentFile(checked.content))
        except IntegrityError:
            sheet.file.delete(save=False)
            messages.info(request, _("This file is kept already."))
        else:
            messages.success(request, _("The signed sheet is kept."))
    else:
        messages.error(request, str(form.errors["sheet"].as_data()[0].message))
    return redirect("learners:compare_sheet", pk)


@login_required
@require_GET
def sheet_file(request: HttpRequest, pk: str) -> FileResponse:
    """One signed sheet, to those who keep the class's list."""
    sheet = SignedSheet.objects.filter(pk=pk).select_related("session").first()
    kept = kept_classes(request.user)
    if sheet is None or not kept.filter(pk=sheet.session.class_group_id).exists():
        raise refuse(request.user, "sheet", pk)
    response = FileResponse(sheet.file.open("rb"), content_type=sheet.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@login_required
def compare_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed sheet beside the attendances, and the names on which they differ."""
    session = session_of(request, pk)
    form = NamesForm(request.POST or None)
    differences = None
    if form.is_bound and form.is_valid():
        differences = compare_with_sheet(session, form.cleaned_data["names"])
    context = {
        "session": session,
        "sheets": session.sheets.select_related("added_by"),
        "sheet_form": SheetForm(),
        "form": form,
        "differences": differences,
        "present": sum(row.is_present for row in roster(session)),
    }
    return render(request, "learners/classes/compare.html", context)


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from here, so that it may look after the pages below this address and no others."""
    worker = settings.BASE_DIR / "static/js/check-in-worker.js"
    response = HttpResponse(worker.read_bytes(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


def _show_list(
    request: HttpRequest, session: ClassSession, form: WalkInForm, status: int = 200
) -> HttpResponse:
    rows = roster(session)
    context = {
        "session": session,
        "rows": rows,
        "present": sum(row.is_present for row in rows),
        "form": form,
    }
    return render(request, "learners/classes/session.html", context, status=status)
