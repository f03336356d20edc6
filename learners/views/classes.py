"""Classes that one can sign up for, one's own seats, and checking oneself in."""

import uuid
from datetime import UTC, datetime, timedelta

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.models import ClassGroup, ClassSession
from learners.actions.attendance import check_in
from learners.actions.seats import SignUpIsClosed, give_seat_back, take_seat
from learners.actions.walk_ins import NameDiffers, claim
from learners.choices import CheckInWay, NoticeKind, SeatState
from learners.class_forms import WalkInForm
from learners.models import Person, Seat
from learners.permissions import account_of, kept_classes, own_person
from learners.person_codes import CHECK_IN, CLAIM, code_of, person_of
from learners.reports.class_notices import own_classes
from learners.reports.classes import open_classes, place_in_queue, with_seats
from learners.tasks import tell_classes
from learners.wall_codes import is_wall_code

DOOR_OPENS_BEFORE = timedelta(minutes=60)
DOOR_CLOSES_AFTER = timedelta(minutes=60)


@require_GET
def classes(request: HttpRequest) -> HttpResponse:
    """What takes place soon; one's own seats first."""
    person = own_person(request.user)
    seats = []
    if person:
        held = person.seats.exclude(state=SeatState.WITHDRAWN)
        held = held.filter(class_group__ends_on__gte=timezone.localdate())
        held = held.select_related("class_group__cancellation")
        seats = list(held.order_by("class_group__starts_on"))
    context = {
        "classes": list(open_classes()),
        "seats": seats,
        "person": person,
        "keeps": kept_classes(request.user).exists(),
    }
    return render(request, "learners/classes/list.html", context)


@require_GET
def class_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One class with its sessions, and what the reader can do about it."""
    found = with_seats(ClassGroup.objects.filter(pk=pk))
    group = found.select_related("provider", "course", "cancellation").first()
    person = own_person(request.user)
    seat = Seat.objects.filter(person=person, class_group=pk).first() if person else None
    if group is None or not (group.is_open or seat):
        raise Http404
    context = {
        "group": group,
        "sessions": list(group.sessions.all()),
        "person": person,
        "seat": seat if seat and seat.state != SeatState.WITHDRAWN else None,
        "place": place_in_queue(seat) if seat and seat.state == SeatState.WAITING else None,
        "own": next((one for one in own_classes(person) if one.group == group), None)
        if person
        else None,
        "free": None if group.capacity is None else max(0, group.capacity - group.seated),
    }
    return render(request, "learners/classes/detail.html", context)


@login_required
@require_POST
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a seat or a place in the queue."""
    group = get_object_or_404(ClassGroup, pk=pk, is_open=True)
    person = own_person(request.user)
    if person is None:
        messages.error(request, _("This account has no learner’s record: ask your HR officer."))
        return redirect("learners:class", pk)
    try:
        take_seat(person=person, class_group=group, by=account_of(request.user))
    except SignUpIsClosed:
        messages.warning(request, _("Sign-up for this class is closed."))
    # The page itself begins with the seat, or the place on the waiting list.
    return redirect("learners:class", pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the seat back; the next in the queue gets it."""
    group, person = get_object_or_404(ClassGroup, pk=pk), own_person(request.user)
    if person:
        was_waiting = Seat.objects.filter(
            person=person, class_group=group, state=SeatState.WAITING
        ).exists()
        if give_seat_back(person=person, class_group=group):
            tell_classes.enqueue()
            text = _("You have withdrawn. Your seat goes to the next who waits.")
        elif was_waiting:
            text = _("You are no longer on the waiting list.")
        else:
            text = _("You have withdrawn from the class.")
        messages.success(request, text)
    return redirect("learners:class", pk)


@require_GET
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The sessions as a calendar file (RFC 5545), for the phone's calendar. Taken again after a
    change, it moves what it brought before."""
    found = ClassGroup.objects.prefetch_related("sessions").select_related("cancellation")
    group, person = get_object_or_404(found, pk=pk), own_person(request.user)
    if not (group.is_open or (person and _holds_seat(person, group))):
        raise Http404
    is_off = hasattr(group, "cancellation")
    changes = group.notices.filter(kind=NoticeKind.CHANGED).count() + is_off
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hoc so Nghe An//VI", "METHOD:PUBLISH"]
    for session in group.sessions.all():
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"{group.code}/{session.pk}")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{key}",
            f"DTSTAMP:{_utc(timezone.now())}",
            f"SEQUENCE:{changes}",
            f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
            f"DTSTART:{_utc(session.starts_at)}",
            f"DTEND:{_utc(session.ends_at)}",
            f"SUMMARY:{_ics(group.title)}",
            f"LOCATION:{_ics(group.venue)}",
            f"URL:{request.build_absolute_uri(reverse('learners:class', args=[group.pk]))}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    text = "".join(_folded(line) for line in lines)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="lop-{group.pk}.ics"'
    return response


def _holds_seat(person: Person, group: ClassGroup) -> bool:
    held = Seat.objects.filter(person=person, class_group=group)
    return held.exclude(state=SeatState.WITHDRAWN).exists()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _ics(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _folded(line: str) -> str:
    """Lines of at most 75 bytes, as the format asks, never cut inside a letter."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > 73:
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part]) + "\r\n"


# ------------------------------------------------------------------ checking in


@never_cache
@login_required
@require_GET
def own_code(request: HttpRequest) -> HttpResponse:
    """The code that a trainer scans at the door."""
    person = own_person(request.user)
    if person is None:
        raise Http404
    code = code_of(person.pk, CHECK_IN)
    context = {"person": person, "code": code, "qr": qr(code)}
    return render(request, "learners/classes/own_code.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def wall(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """What the code on the wall leads to: one press for whoever is signed in, name and phone
    for everybody else."""
    session = get_object_or_404(ClassSession.objects.select_related("class_group"), pk=pk)
    now = timezone.now()
    is_good = (
        is_wall_code(pk, code)
        and session.starts_at - DOOR_OPENS_BEFORE <= now <= session.ends_at + DOOR_CLOSES_AFTER
    )
    if not is_good:
        return render(request, "learners/classes/wall_late.html", {"session": session}, status=410)
    person = own_person(request.user)
    form = None if person else WalkInForm(request.POST or None)
    if request.method == "POST":
        seen = person or (form.record() if form else None)
        if seen:
            by = account_of(request.user) if request.user.is_authenticated else None
            way = CheckInWay.WALL if person else CheckInWay.WALK_IN
            is_new = check_in(session=session, person=seen, way=way, at=now, by=by)
            slip = code_of(seen.pk, CLAIM) if not person and seen.user_id is None else ""
            context = {"session": session, "seen": seen, "is_new": is_new, "slip": slip}
            return render(request, "learners/classes/wall_done.html", context)
    context = {"session": session, "person": person, "form": form}
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "learners/classes/wall.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def claim_slip(request: HttpRequest) -> HttpResponse:
    """Take classes attended without an account into one's own record."""
    person, typed = own_person(request.user), request.POST.get("code", "")
    if person is None:
        raise Http404
    if request.method == "POST":
        number = person_of(typed, CLAIM)
        found = Person.objects.filter(pk=number).first() if number else None
        walk_in = found.current if found else None
        if walk_in is None:
            messages.error(request, _("No slip has this code. Check it letter by letter."))
        else:
            _claim(request, walk_in, person)
        return redirect("learners:my_learning")
    return render(request, "learners/classes/claim.html", {"person": person})


def _claim(request: HttpRequest, walk_in: Person, person: Person) -> None:
    """Claim a slip and say what became of it."""
    try:
        moved = claim(walk_in=walk_in, person=person, by=account_of(request.user))
    except NameDiffers:
        text = _(
            "This slip was given to somebody of another name and phone. If it is yours, ask the"
            " trainer to tick you, or your HR officer to bring the two records together."
        )
        messages.error(request, text)
        return
    if moved:
        text = _("%(n)d attended session is now in your record.")
        messages.success(request, text % {"n": moved})
    else:
        messages.info(request, _("This slip was used before. Nothing was changed."))


def qr(text: str) -> str:
    """An image as data, so that the page needs no second request."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=8, border=4)
