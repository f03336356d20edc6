"""What those with a seat read: in a mail, on their own page, and pasted into Zalo."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import ClassGroup
from learners.actions.class_plans import Plan, still_ahead
from learners.choices import NoticeKind
from learners.models import ClassNotice


def class_address(group: ClassGroup) -> str:
    return f"{settings.PUBLIC_URL}/lop/{group.pk}/"


def moment_words(start: datetime, end: datetime | None = None) -> str:
    """ "08:00–12:00, thứ 3, 24/11/2026"."""
    local = timezone.localtime(start)
    hours = f"{local:%H:%M}"
    if end is not None:
        hours = f"{hours}–{timezone.localtime(end):%H:%M}"
    return f"{hours}, {date_format(local, 'l').lower()}, {local:%d/%m/%Y}"


def session_lines(plan: Plan) -> list[str]:
    """The sessions ahead, one a line; the days of a class that has none yet."""
    ahead = still_ahead(plan, timezone.now())
    if ahead is None:
        return []
    if ahead.days:
        first, last = ahead.days
        return [f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"]
    return [moment_words(start, end) for start, end in ahead.sessions]


def headline(notice: ClassNotice) -> str:
    """The subject of the mail, and the first line everywhere."""
    words = {
        NoticeKind.REMINDER: _("Reminder: “%(title)s”, %(time)s"),
        NoticeKind.CHANGED: _("Time or place changed: “%(title)s”"),
        NoticeKind.SEATED: _("You have a seat: “%(title)s”"),
        NoticeKind.CANCELLED: _("Cancelled: “%(title)s” does not take place"),
    }
    time = _session_words(notice)
    return words[NoticeKind(notice.kind)] % {"title": notice.class_group.title, "time": time}


def notice_text(notice: ClassNotice) -> str:
    """All of it, without a greeting, ready to be pasted into a message."""
    group, plan = notice.class_group, Plan.from_json(notice.plan)
    parts = [headline(notice)]
    if notice.kind == NoticeKind.CANCELLED:
        parts.append(_("Reason: %(reason)s") % {"reason": group.cancellation.reason})
        return "\n".join(parts)
    if notice.kind == NoticeKind.CHANGED and notice.was:
        parts += _changes(Plan.from_json(notice.was), plan)
    elif notice.kind == NoticeKind.SEATED:
        parts += [_("Somebody withdrew, and you were next on the waiting list."), *_where(plan)]
        parts += session_lines(plan)
    else:
        parts += _where(plan)
    link = _("The class, and the way to withdraw if you cannot come: %(address)s")
    return "\n".join([*parts, link % {"address": class_address(group)}])


def _session_words(notice: ClassNotice) -> str:
    """When the session of a reminder begins and ends, by the plan that is told."""
    ends = dict(Plan.from_json(notice.plan).sessions)
    at = notice.session_at
    return moment_words(at, ends.get(at.replace(microsecond=0))) if at else ""


def _where(plan: Plan) -> list[str]:
    return [_("Where: %(venue)s") % {"venue": plan.venue}] if plan.venue else []


def _changes(was: Plan, plan: Plan) -> list[str]:
    """The sessions ahead as they are now, those that are no more, and the place."""
    before, now = session_lines(was), session_lines(plan)
    dropped = [line for line in before if line not in now]
    parts = []
    if dropped:
        parts.append(_("No more: %(times)s") % {"times": "; ".join(dropped)})
    if now:
        parts.append(_("Now: %(times)s") % {"times": "; ".join(now)})
    if was.venue != plan.venue and was.venue:
        facts = {"venue": plan.venue or _("to be told"), "was": was.venue}
        return [*parts, _("Where: %(venue)s (before: %(was)s)") % facts]
    return [*parts, *_where(plan)]
