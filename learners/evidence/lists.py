"""The lists of a pack that this app knows: roster, signed sheets, scans, results."""

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _

from learners.evidence.facts import ClassFacts, Member, moment
from learners.evidence.pieces import Piece, table
from learners.exports import Cell, Column, Kind, Sheet
from learners.models import SignedSheet, User
from learners.reports.person import masked_phone


def lists_of(facts: ClassFacts) -> Iterator[Piece]:
    """In the order in which one reads them."""
    yield table("2-danh-sach/danh-sach-hoc-vien.xlsx", _("Roster of the class"), _roster(facts))
    yield from _signed_sheets(facts)
    yield table("4-diem-danh/diem-danh.xlsx", _("Attendance, scan by scan"), _scans(facts))
    yield table("5-ket-qua/ket-qua.xlsx", _("Results by the rule of the class"), _results(facts))


def _head(facts: ClassFacts, name: str, title: str, columns: list[Column]) -> dict:
    group = facts.group
    return {
        "name": name,
        "title": title,
        "source": [f"{group.code} · {group.title}", group.provider.name],
        "columns": [Column(_("No."), 6, Kind.NUMBER), Column(_("Full name"), 28), *columns],
    }


def _roster(facts: ClassFacts) -> Sheet:
    columns = [
        Column(_("Unit or commune"), 40),
        Column(_("Group"), 26),
        Column(_("Staff number"), 16),
        Column(_("Personal number (masked)"), 16),
        Column(_("Phone (masked)"), 16),
        Column(_("Signed up at"), 20),
        Column(_("State"), 22),
    ]
    return Sheet(
        **_head(facts, _("Roster"), _("Roster of the class"), columns),
        rows=[
            [
                member.number,
                member.person.full_name,
                member.unit,
                member.participation.get_audience_display() if member.participation else "",
                member.person.staff_number or "",
                member.masked_number,
                masked_phone(member.person.phone),
                moment(member.seat.queued_at if member.seat else None),
                _state(member),
            ]
            for member in facts.members
        ],
    )


def _state(member: Member) -> str:
    if member.seat:
        return member.seat.get_state_display()
    return _("Came without signing up") if member.attended else ""


def _scans(facts: ClassFacts) -> Sheet:
    columns = [
        Column(_("Session"), 8, Kind.NUMBER),
        Column(_("Session begins"), 20),
        Column(_("Seen at"), 20),
        Column(_("Arrived at the server"), 20),
        Column(_("Way"), 26),
        Column(_("Noted by"), 26),
        Column(_("Taken back at"), 20),
        Column(_("Taken back by"), 26),
    ]
    return Sheet(
        **_head(facts, _("Attendance"), _("Attendance, scan by scan"), columns),
        rows=_scan_rows(facts),
    )


def _scan_rows(facts: ClassFacts) -> Iterator[list[Cell]]:
    members = {member.person.pk: member for member in facts.members}
    starts = {session.pk: session.starts_at for session in facts.sessions}
    for row in facts.attendances:
        member = members[row.person_id]
        yield [
            member.number,
            member.person.full_name,
            facts.session_number(row.session_id),
            moment(starts[row.session_id]),
            moment(row.at),
            moment(row.arrived_at),
            row.get_way_display(),
            _account(row.by) or _("The learner in person"),
            moment(row.revoked_at),
            _account(row.revoked_by),
        ]


def _account(account: User | None) -> str:
    return account.get_full_name() or account.get_username() if account else ""


def _results(facts: ClassFacts) -> Sheet:
    columns = [
        Column(_("Sessions attended"), 12, Kind.NUMBER),
        Column(_("Sessions needed"), 12, Kind.NUMBER),
        Column(_("Sessions of the class"), 12, Kind.NUMBER),
        Column(_("Participation counted on"), 16, Kind.DAY),
        Column(_("Completed"), 12),
        Column(_("Completed on"), 14, Kind.DAY),
        Column(_("Hours"), 10),
        Column(_("Training record"), 20),
    ]
    return Sheet(
        **_head(facts, _("Results"), _("Results by the rule of the class"), columns),
        rows=_result_rows(facts),
    )


def _result_rows(facts: ClassFacts) -> Iterator[list[Cell]]:
    for member in facts.members:
        took_part, record = member.participation, member.record
        has_completed = took_part is not None and took_part.completed
        yield [
            member.number,
            member.person.full_name,
            member.attended,
            facts.needed,
            len(facts.sessions),
            took_part.happened_on if took_part else None,
            _("Yes") if has_completed else _("No"),
            record.completed_on if record and has_completed else None,
            f"{record.hours:f}" if record and has_completed else "",
            record.get_state_display() if record else "",
        ]


def _signed_sheets(facts: ClassFacts) -> Iterator[Piece]:
    sheets = SignedSheet.objects.filter(session__class_group=facts.group).order_by(
        "session__starts_at", "added_at", "fingerprint"
    )
    seen: dict[int, int] = {}
    for sheet in sheets:
        number = facts.session_number(sheet.session_id)
        seen[number] = seen.get(number, 0) + 1
        ending = str(sheet.file.name).rpartition(".")[2]
        yield Piece(
            f"3-phieu-ky/buoi-{number}-to-{seen[number]}.{ending}",
            _("Signed sheet of session %(number)d, page %(page)d")
            % {"number": number, "page": seen[number]},
            partial(sheet.file.open, "rb"),
        )
