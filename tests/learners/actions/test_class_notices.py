"""Those with a seat hear of it: each once, what is true, and nobody who should not."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from courses.models import ClassGroup, ClassSession
from learners.actions.attendance import check_in
from learners.actions.class_mails import send_due
from learners.actions.class_notices import CannotCancel, cancel_class, write_due
from learners.actions.merging import merge
from learners.actions.seats import SignUpIsClosed, fill_seats, give_seat_back, take_seat
from learners.choices import CheckInWay, LeaveKind, NoticeKind, ReminderChannel, ToldState
from learners.models import ClassNotice, ClassTold, Leave, Person, Seat
from learners.tasks import tell_classes
from tests.factories.claims import account_for
from tests.factories.classes import class_of
from tests.factories.reports import World, on_23_november, person, viewer, world

pytestmark = pytest.mark.django_db
TOMORROW = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _day(settings):
    settings.MAIL_IS_SENT = True
    with on_23_november():
        yield


@dataclass
class Room:
    """A class in a room, tomorrow at eight, and who has a seat in it."""

    units: World
    group: ClassGroup
    hoa: Person
    """Has an e-mail."""
    binh: Person
    """Has no account."""

    @property
    def session(self) -> ClassSession:
        return self.group.sessions.get()


def with_mail(found: Person, address: str) -> Person:
    account = account_for(found)
    account.email, account.last_login = address, timezone.now()
    account.save()
    return found


@pytest.fixture
def room():
    return made_room()


def made_room(**changes: object) -> Room:
    units = world()
    group = class_of(**{"starts_on": TOMORROW} | changes)
    group.venue = "Phòng 301"
    group.save()
    hoa = with_mail(person("Nguyễn Thị Hoa", units.hospital), "hoa@benhvien.example")
    binh = person("Lê Văn Bình", units.hospital)
    for one in (hoa, binh):
        take_seat(person=one, class_group=group, by=None)
    return Room(units, group, hoa, binh)


def tell() -> None:
    """What the job does; twice, as it may be delivered twice."""
    tell_classes.call()
    tell_classes.call()


def at(text: str):
    return time_machine.travel(f"{text}+07:00", tick=False)


def moved(session: ClassSession, by: timedelta) -> None:
    session.starts_at, session.ends_at = session.starts_at + by, session.ends_at + by
    session.save()


def ledger() -> list[tuple[str, str, str, str]]:
    rows = ClassTold.objects.order_by("notice_id", "person__name_key")
    return [
        (row.notice.kind, row.person.given_name, row.channel, row.state)
        for row in rows.select_related("notice", "person")
    ]


def subjects() -> list[str]:
    return [sent.subject for sent in mail.outbox]


class TestReminder:
    def test_everybody_with_a_seat_is_reminded_once_by_the_best_way(self, room):
        tell()
        assert ledger() == [
            ("reminder", "Bình", "hand", "sent"),
            ("reminder", "Hoa", "mail", "sent"),
        ]
        [sent] = mail.outbox
        assert sent.to == ["hoa@benhvien.example"]
        assert "08:00–12:00, thứ 3, 24/11/2026" in sent.subject
        assert sent.body.count("08:00–12:00, thứ 3, 24/11/2026") == 1
        assert ("Kính gửi Nguyễn Thị Hoa" in sent.body, "Phòng 301" in sent.body) == (True, True)

    def test_nobody_is_reminded_before_it_is_time(self, room, settings):
        settings.CLASS_REMINDER_HOURS = 22
        tell()
        assert ledger() == []
        with at("2026-11-23T10:00:00"):
            tell()
        assert len(mail.outbox) == 1

    def test_nobody_is_reminded_where_it_is_switched_off(self, room, settings):
        settings.CLASS_REMINDER_HOURS = 0
        tell()
        assert ledger() == []

    def test_each_session_is_told_the_day_before(self):
        room = made_room(sessions=2)
        for day in ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"):
            with at(f"{day}T09:00:00"):
                tell()
        assert [subject.rpartition(", ")[2] for subject in subjects()] == [
            "24/11/2026",
            "25/11/2026",
        ]
        assert room.group.notices.count() == 2

    def test_a_session_that_has_begun_is_reminded_of_no_more(self, room):
        with at("2026-11-24T08:00:00"):
            tell()
        assert ledger() == []

    def test_whoever_signs_up_late_hears_of_it_too_and_nobody_else_again(self, room):
        tell()
        late = with_mail(person("Võ Thị An", room.units.hospital), "an@benhvien.example")
        take_seat(person=late, class_group=room.group, by=None)
        tell()
        assert [sent.to for sent in mail.outbox] == [
            ["hoa@benhvien.example"],
            ["an@benhvien.example"],
        ]

    def test_whoever_withdraws_before_the_mail_goes_out_gets_none(self, room):
        write_due()
        give_seat_back(person=room.hoa, class_group=room.group)
        assert send_due() == 0
        assert ledger()[1] == ("reminder", "Hoa", "mail", "spared")
        tell()
        assert mail.outbox == []

    def test_whoever_waits_is_not_reminded(self):
        room = made_room(capacity=1)
        tell()
        assert {row[1] for row in ledger()} == {"Hoa"}
        assert Seat.objects.get(person=room.binh).state == "waiting"

    @pytest.mark.parametrize("first", ["2026-11-01", "2026-11-24"])
    def test_whoever_is_on_leave_today_or_that_day_gets_none(self, room, first):
        Leave.objects.create(
            person=room.hoa, kind=LeaveKind.MATERNITY, valid_from=date.fromisoformat(first)
        )
        tell()
        assert (mail.outbox, [row[1] for row in ledger()]) == ([], ["Bình"])

    def test_an_erased_person_gets_none(self, room):
        Person.objects.filter(pk=room.hoa.pk).update(erased_at=timezone.now())
        tell()
        assert [row[1] for row in ledger()] == ["Bình"]

    def test_two_records_of_one_person_are_reminded_once(self, room):
        twin = person("Nguyễn Thị Hoa", room.units.hospital)
        take_seat(person=twin, class_group=room.group, by=None)
        tell()
        minh = viewer("minh", unit=room.units.health)
        merge(kept=twin, dropped=room.hoa, by=minh, why="Nhập hai lần")
        tell()
        assert len(mail.outbox) == 1
        told = ClassTold.objects.filter(person=twin)
        assert [row.notice.kind for row in told] == ["reminder"]


class TestPromotion:
    def test_whoever_moves_up_within_the_hours_hears_it_once_with_time_and_place(self):
        room = made_room(capacity=1)
        with_mail(room.binh, "binh@benhvien.example")
        tell()
        mail.outbox.clear()
        give_seat_back(person=room.hoa, class_group=room.group)
        tell()
        [sent] = mail.outbox
        assert sent.to == ["binh@benhvien.example"]
        assert "Bạn đã có chỗ" in sent.subject
        assert "08:00–12:00, thứ 3, 24/11/2026" in sent.body

    def test_whoever_moved_up_before_is_reminded_like_everybody(self):
        room = made_room(capacity=1, starts_on=date(2026, 11, 27))
        with_mail(room.binh, "binh@benhvien.example")
        give_seat_back(person=room.hoa, class_group=room.group)
        tell()
        with at("2026-11-26T09:00:00"):
            tell()
        assert [row[:2] for row in ledger()] == [("seated", "Bình"), ("reminder", "Bình")]

    def test_a_larger_room_tells_those_who_move_up(self):
        room = made_room(capacity=1, starts_on=date(2026, 11, 27))
        ClassGroup.objects.update(capacity=2)
        assert fill_seats(room.group) == [room.binh]
        tell()
        assert [row[:2] for row in ledger()] == [("seated", "Bình")]

    def test_a_class_closed_for_sign_up_still_hands_a_seat_on(self):
        room = made_room(capacity=1)
        ClassGroup.objects.update(is_open=False)
        assert give_seat_back(person=room.hoa, class_group=room.group) == room.binh


class TestChange:
    def test_a_moved_session_is_told_at_once_with_the_new_time_and_only_once(self, room):
        tell()
        mail.outbox.clear()
        moved(room.session, timedelta(hours=6))
        tell()
        [sent] = mail.outbox
        assert "14:00–18:00, thứ 3, 24/11/2026" in sent.body
        assert "Không còn: 08:00–12:00, thứ 3, 24/11/2026" in sent.body
        assert [row[:2] for row in ledger()[2:]] == [("changed", "Bình"), ("changed", "Hoa")]

    def test_a_session_moved_away_is_reminded_of_again_before_the_new_time(self, room):
        tell()
        moved(room.session, timedelta(days=7))
        tell()
        with at("2026-11-30T09:00:00"):
            tell()
        assert [kind for kind, who, _way, _state in ledger() if who == "Hoa"] == [
            "reminder",
            "changed",
            "reminder",
        ]
        assert "01/12/2026" in subjects()[-1]

    def test_moved_there_and_back_is_told_each_time(self, room):
        tell()
        for hours in (6, -6):
            moved(room.session, timedelta(hours=hours))
            tell()
        assert [subject[:8] for subject in subjects()] == ["Nhắc lịc", "Đổi giờ ", "Đổi giờ "]
        assert "Bây giờ: 08:00–12:00" in mail.outbox[-1].body

    def test_what_was_put_right_before_anybody_was_told_is_told_to_nobody(self, room, settings):
        settings.CLASS_REMINDER_HOURS = 0
        for hours in (6, -6):
            moved(room.session, timedelta(hours=hours))
        tell()
        assert ledger() == []

    def test_several_changes_are_one_message(self, room, settings):
        settings.CLASS_REMINDER_HOURS = 0
        moved(room.session, timedelta(hours=1))
        start = datetime.fromisoformat("2026-11-25T08:00:00+07:00")
        ClassSession.objects.create(
            class_group=room.group, starts_at=start, ends_at=start + timedelta(hours=4)
        )
        ClassGroup.objects.update(venue="Hội trường")
        tell()
        [sent] = mail.outbox
        times = "09:00–13:00, thứ 3, 24/11/2026; 08:00–12:00, thứ 4, 25/11/2026"
        assert f"Bây giờ: {times}" in sent.body
        assert "Địa điểm: Hội trường (trước đây: Phòng 301)" in sent.body

    def test_a_session_taken_out_is_told(self):
        room = made_room(sessions=2, starts_on=date(2026, 11, 27))
        room.group.sessions.last().delete()
        tell()
        assert "Không còn: 08:00–12:00, thứ 7, 28/11/2026" in mail.outbox[0].body

    def test_whoever_waits_hears_of_a_change(self):
        room = made_room(capacity=1, starts_on=date(2026, 11, 27))
        moved(room.session, timedelta(days=1))
        tell()
        assert {row[1] for row in ledger()} == {"Hoa", "Bình"}

    def test_whoever_signs_up_after_the_change_is_not_told_of_it(self, room, settings):
        settings.CLASS_REMINDER_HOURS = 0
        moved(room.session, timedelta(hours=6))
        tell()
        late = person("Võ Thị An", room.units.hospital)
        take_seat(person=late, class_group=room.group, by=None)
        tell()
        assert {row[1] for row in ledger()} == {"Hoa", "Bình"}

    def test_what_lies_behind_is_corrected_in_silence(self, settings):
        settings.CLASS_REMINDER_HOURS = 0
        room = made_room(sessions=2, starts_on=date(2026, 11, 23))
        tell()
        with at("2026-11-24T07:00:00"):
            moved(room.group.sessions.first(), timedelta(hours=-1))
            tell()
        with at("2026-11-24T18:00:00"):
            ClassGroup.objects.update(venue="Phòng 302")
            tell()
        assert ledger() == []

    def test_classes_of_before_are_taken_as_they_stand(self, room, settings):
        """The first run after an update of the site tells nobody anything."""
        settings.CLASS_REMINDER_HOURS = 0
        room.group.told_plan.delete()
        tell()
        assert (ledger(), ClassNotice.objects.count()) == ([], 0)
        moved(room.session, timedelta(hours=6))
        tell()
        assert {row[0] for row in ledger()} == {"changed"}

    def test_of_two_changes_that_wait_only_the_newer_is_sent(self, room, settings):
        settings.CLASS_REMINDER_HOURS = 0
        for hours in (1, 1):
            moved(room.session, timedelta(hours=hours))
            write_due()
        assert send_due() == 1
        assert "10:00–14:00" in mail.outbox[0].body
        assert [row[3] for row in ledger() if row[1] == "Hoa"] == ["spared", "sent"]


class TestCancellation:
    def test_everybody_is_told_once_with_the_reason_and_nobody_reminded(self, room):
        minh = viewer("minh")
        for _press in range(2):
            cancel_class(room.group, reason="Giảng viên ốm", by=minh)
        tell()
        assert [row[:2] for row in ledger()] == [("cancelled", "Bình"), ("cancelled", "Hoa")]
        [sent] = mail.outbox
        assert ("Hủy lớp" in sent.subject, "Lý do: Giảng viên ốm" in sent.body) == (True, True)

    def test_a_reminder_that_waits_is_not_sent_any_more(self, room):
        write_due()
        cancel_class(room.group, reason="Giảng viên ốm", by=viewer("minh"))
        tell()
        assert [sent.subject[:7] for sent in mail.outbox] == ["Hủy lớp"]

    def test_it_takes_nobody_and_moves_nobody_up(self):
        room = made_room(capacity=1)
        cancel_class(room.group, reason="Giảng viên ốm", by=viewer("minh"))
        ClassGroup.objects.update(is_open=True)
        with pytest.raises(SignUpIsClosed):
            take_seat(
                person=person("Võ Thị An", room.units.hospital), class_group=room.group, by=None
            )
        assert give_seat_back(person=room.hoa, class_group=room.group) is None
        assert fill_seats(room.group) == []

    def test_a_class_that_somebody_attended_is_not_cancelled(self, room):
        way, now = CheckInWay.TICK, timezone.now()
        check_in(session=room.session, person=room.hoa, way=way, at=now, by=None)
        with pytest.raises(CannotCancel):
            cancel_class(room.group, reason="Giảng viên ốm", by=viewer("minh"))
        assert ClassNotice.objects.count() == 0


class TestSending:
    def test_a_refused_address_is_noted_with_the_servers_words(self, room):
        refused = SMTPRecipientsRefused({"hoa@benhvien.example": (550, b"No such user")})
        with patch.object(EmailBackend, "send_messages", side_effect=refused):
            tell()
        told = ClassTold.objects.get(channel=ReminderChannel.MAIL)
        assert (told.state, told.error) == (ToldState.FAILED, "550 No such user")

    def test_while_no_server_answers_nothing_is_lost_and_nothing_doubled(self, room):
        with (
            patch.object(EmailBackend, "send_messages", side_effect=ConnectionRefusedError),
            pytest.raises(ConnectionRefusedError),
        ):
            tell_classes.call()
        assert ClassTold.objects.get(channel=ReminderChannel.MAIL).state == ToldState.QUEUED
        tell()
        assert len(mail.outbox) == 1

    def test_what_a_living_sender_has_taken_is_left_to_it(self, room):
        write_due()
        taken = timezone.now() - timedelta(minutes=14)
        ClassTold.objects.filter(channel="mail").update(state=ToldState.SENDING, taken_at=taken)
        assert send_due() == 0

    def test_what_a_dead_sender_had_taken_is_sent_under_the_same_id(self, room):
        write_due()
        told = ClassTold.objects.get(channel="mail")
        taken = timezone.now() - timedelta(minutes=16)
        ClassTold.objects.filter(pk=told.pk).update(state=ToldState.SENDING, taken_at=taken)
        assert (send_due(), send_due()) == (1, 0)
        [sent] = mail.outbox
        assert sent.extra_headers["Message-ID"] == f"<class-{told.pk}@127.0.0.1>"

    def test_an_account_that_was_closed_meanwhile_is_named(self, room):
        write_due()
        room.hoa.user.is_active = False
        room.hoa.user.save()
        send_due()
        assert ClassTold.objects.get(channel="mail").state == ToldState.FAILED


@pytest.mark.parametrize("classes", [1, 3])
def test_a_run_with_nothing_to_tell_costs_the_same_for_one_class_and_three(
    classes, django_assert_num_queries
):
    units = world()
    for number in range(classes):
        group = class_of(starts_on=date(2026, 12, 1))
        take_seat(person=person(f"Lê Văn {number}", units.hospital), class_group=group, by=None)
    with django_assert_num_queries(5):
        tell_classes.call()


def test_kinds_are_told_in_words():
    assert [str(kind.label) for kind in NoticeKind] == [
        "Nhắc buổi học",
        "Đổi giờ hoặc địa điểm",
        "Có chỗ từ danh sách chờ",
        "Hủy lớp",
    ]
