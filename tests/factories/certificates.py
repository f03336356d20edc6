"""Decisions under which papers may be issued, and classes that yield some."""

from datetime import date, timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone

from certificates.actions.lists import decide, draw_up
from certificates.models import Decision, IssueList
from courses.models import ClassGroup
from learners.actions.attendance import check_in
from learners.choices import CheckInWay, SeatState
from learners.models import Seat, User
from tests.factories.classes import class_of
from tests.factories.learning import staff


def standing_decision(**changes: object) -> Decision:
    """A standing decision for online courses, in force since January 2026."""
    return Decision.objects.create(
        **{
            "number": "01/QĐ-SKHCN",
            "signed_on": date(2026, 1, 5),
            "governing_body": "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN",
            "issuing_body": "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
            "place": "Nghệ An",
            "signer_title": "GIÁM ĐỐC",
            "signer_name": "Nguyễn Văn Mẫu",
            "is_standing": True,
        }
        | changes
    )


def finished_class(*names: str, absent: tuple[str, ...] = (), **changes: object) -> ClassGroup:
    """A class of one session three days ago: the named were there, the absent had seats."""
    group = class_of(starts_on=timezone.localdate() - timedelta(days=3))
    for field, value in changes.items():
        setattr(group, field, value)
    group.save()
    session = group.sessions.get()
    for name in (*names, *absent):
        person = staff(name)
        Seat.objects.create(
            person=person, class_group=group, state=SeatState.SEATED, queued_at=timezone.now()
        )
        if name not in absent:
            way, at = CheckInWay.TICK, timezone.now()
            check_in(session=session, person=person, way=way, at=at, by=None)
    return group


def class_decision(**changes: object) -> Decision:
    """The decision on a list, not saved."""
    return Decision(
        **{
            "number": "45/QĐ-ĐHV",
            "signed_on": timezone.localdate(),
            "governing_body": "BỘ GIÁO DỤC VÀ ĐÀO TẠO",
            "issuing_body": "TRƯỜNG ĐẠI HỌC VINH",
            "place": "Nghệ An",
            "signer_title": "HIỆU TRƯỞNG",
            "signer_name": "Trần Thị Mẫu",
        }
        | changes
    )


def keeper(name: str = "vanthu") -> User:
    """An account that keeps the register."""
    account, created = User.objects.get_or_create(
        username=name, defaults={"full_name": "Lê Văn Thư"}
    )
    if created:
        account.user_permissions.add(Permission.objects.get(codename="change_certificate"))
    return account


def decided_list(*names: str, **changes: object) -> IssueList:
    """The list of a finished class with its decision; no paper made yet."""
    drawn = draw_up(group=finished_class(*names), by=keeper())
    decide(issue_list=drawn, decision=class_decision(**changes), by=keeper())
    return drawn
