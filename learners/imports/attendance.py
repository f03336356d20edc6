"""Attendance kept in Excel: what each row of a list would do to a class, and entering it.

Whoever is on no list of the class is proposed as a walk-in and entered only when the trainer
says so.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.import_report import ImportRefused
from courses.models import ClassSession
from courses.text import fold
from courses.work import progress
from learners.actions.attendance import check_in
from learners.actions.walk_ins import known_or_new
from learners.choices import CheckInWay, FileState
from learners.imports.attendance_people import NewPerson, People, Said, Unclear
from learners.imports.cells import text, yes_or_no
from learners.imports.sheets import Aliases, Cell, Sheet, open_sheet
from learners.imports.staff_columns import COLUMNS
from learners.models import Attendance, AttendanceFile, Person, User
from learners.normalise import staff_number

MOST_ROWS = 3000
NAMES = ("full_name", "family_name", "given_name")
OF_PEOPLE = (*NAMES, "staff_number", "phone")
ABSENT = ("vang", "nghi", "p", "k", "cp", "kp")
"""Signs for somebody who was not there, with leave or without."""


@dataclass(frozen=True)
class PlannedRow:
    """What a row would do."""

    line: int
    name: str
    person: Person | None = None
    walk_in: NewPerson | None = None
    new: tuple[ClassSession, ...] = ()
    known: tuple[ClassSession, ...] = ()
    why: str = ""
    repair: str = ""

    @property
    def is_fault(self) -> bool:
        return bool(self.why)


@dataclass
class Plan:
    rows: list[PlannedRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.is_fault]

    @property
    def walk_ins(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.walk_in]

    @property
    def entered(self) -> list[PlannedRow]:
        """Known people with sessions that are not noted yet."""
        return [row for row in self.rows if row.person and row.new]

    @property
    def new(self) -> int:
        """Attendances that would be added for people who are known."""
        return sum(len(row.new) for row in self.entered)

    @property
    def known(self) -> int:
        return sum(len(row.known) for row in self.rows)


def plan_of(file: AttendanceFile) -> Plan:
    """What the list would do now. Changes nothing. Raises ImportRefused for what is no list."""
    with file.file.open("rb") as opened:
        return planned(opened.read(), file)


def planned(data: bytes, file: AttendanceFile) -> Plan:
    """As plan_of, for a list that is not kept yet."""
    sessions = list(file.class_group.sessions.order_by("starts_at", "pk"))
    sheet = open_sheet(data, aliases_of(sessions))
    return _Planner(file, sessions, sheet).plan()


def enter(file: AttendanceFile, lines: Collection[int], by: User) -> None:
    """Note the attendances of a list, and of the walk-ins of these lines.

    Each in a transaction of its own; broken off and begun anew it adds what is left. Entering
    the same list again adds nothing.
    """
    added, walk_ins = 0, 0
    rows = plan_of(file).rows
    for done, row in enumerate(rows, start=1):
        person = row.person
        if row.walk_in and row.line in lines:
            new = row.walk_in
            person = known_or_new(
                full_name=new.full_name,
                phone=new.phone,
                staff_number="",
                audience=new.audience,
                commune_id=new.commune_id,
            )
            walk_ins += 1
        if person is not None:
            added += sum(
                check_in(
                    session=session,
                    person=person,
                    way=CheckInWay.SHEET,
                    at=session.starts_at,
                    by=by,
                )
                for session in row.new
            )
        progress(done, len(rows))
    AttendanceFile.objects.filter(pk=file.pk).update(
        state=FileState.DONE, added=added, walk_ins=walk_ins, entered_at=timezone.now()
    )


def aliases_of(sessions: Sequence[ClassSession]) -> Aliases:
    """What the columns may be called: people, a tick for the one session, a column a session."""
    names: dict[str, Sequence[str]] = {name: COLUMNS[name] for name in OF_PEOPLE}
    names["number"] = ("STT", "TT", "Số TT", "Số thứ tự")
    names["audience"] = ("Nhóm đối tượng", "Đối tượng", "Nhóm")
    names["commune"] = ("Xã, phường", "Xã/phường", "Phường, xã", "Địa bàn", "Xã")
    names["present"] = ("Có mặt", "Điểm danh", "Tham dự", "Có dự", "present")
    days = [timezone.localdate(session.starts_at) for session in sessions]
    for number, (session, day) in enumerate(zip(sessions, days, strict=True), start=1):
        known = [f"Buổi {number}", f"Buổi thứ {number}", f"B{number}", f"session {number}"]
        if days.count(day) == 1:
            known += [f"{day:%d/%m/%Y}", f"{day:%d/%m}", f"Ngày {day:%d/%m/%Y}"]
        names[_column(session)] = known
    return names


def _column(session: ClassSession) -> str:
    return f"session-{session.pk}"


class _Planner:
    """One list against one class."""

    def __init__(self, file: AttendanceFile, sessions: list[ClassSession], sheet: Sheet) -> None:
        self.file, self.sheet = file, sheet
        self.places = sheet.headings.places
        if "full_name" not in self.places and "given_name" not in self.places:
            raise ImportRefused(_("The list has no column “Họ và tên”."))
        self.ticked = [session for session in sessions if _column(session) in self.places]
        self.single = None if self.ticked else self._single(sessions)
        self.now = timezone.now()
        self.seen: dict[int, int] = {}

    def _single(self, sessions: list[ClassSession]) -> ClassSession:
        if self.file.session is not None:
            return self.file.session
        if len(sessions) == 1:
            return sessions[0]
        raise ImportRefused(
            _("The list has no column “Buổi 1”, “Buổi 2” …: say which session it is of.")
        )

    def plan(self) -> Plan:
        """Five queries, however long the list."""
        lines = list(self.sheet.rows())
        if len(lines) > MOST_ROWS:
            raise ImportRefused(
                _("The list has more than %(n)d rows; a class has fewer.") % {"n": MOST_ROWS}
            )
        said = [(line, row, self._said(row)) for line, row in lines]
        self.people = People(self.file.class_group, [one for _line, _row, one in said])
        standing = Attendance.objects.filter(
            session__class_group=self.file.class_group, revoked_at__isnull=True
        )
        self.present = set(standing.values_list("person_id", "session_id"))
        rows = [
            self._row(line, row, one) if one.name else self._nameless(line)
            for line, row, one in said
            if one.name or self._means_somebody(row, one)
        ]
        return Plan(rows, list(self.sheet.warnings))

    def _means_somebody(self, row: list[Cell], said: Said) -> bool:
        """Whether a row without a name is more than an empty line of the form, or its sums."""
        if said.staff_number or said.phone:
            return True
        columns = [_column(session) for session in self.ticked] or ["present"]
        return any(yes_or_no(self._text(row, column)) for column in columns)

    def _nameless(self, line: int) -> PlannedRow:
        return PlannedRow(line, "", why=_("The row has no name."), repair=_("Write the full name."))

    def _row(self, line: int, row: list[Cell], said: Said) -> PlannedRow:
        name = said.name
        try:
            sessions = self._sessions(row)
            person = self.people.meant(said)
            new_person = None if person else self.people.proposed(said, self.file)
        except Unclear as unclear:
            return PlannedRow(line, name, why=unclear.why, repair=unclear.repair)
        if person is None:
            return PlannedRow(line, name, walk_in=new_person, new=tuple(sessions))
        if person.pk in self.seen:
            return PlannedRow(
                line,
                name,
                why=_("The same person stands in row %(n)d.") % {"n": self.seen[person.pk]},
                repair=_("Nothing to do: the first row counts."),
            )
        self.seen[person.pk] = line
        is_known = [(person.pk, session.pk) in self.present for session in sessions]
        pairs = list(zip(sessions, is_known, strict=True))
        return PlannedRow(
            line,
            name,
            person=person,
            new=tuple(session for session, known in pairs if not known),
            known=tuple(session for session, known in pairs if known),
        )

    # -------------------------------------------------------------- cells

    def _text(self, row: Sequence[Cell], column: str) -> str:
        place = self.places.get(column, -1)
        return text(row[place]) if 0 <= place < len(row) else ""

    def _said(self, row: Sequence[Cell]) -> Said:
        return Said(
            name=" ".join(filter(None, (self._text(row, column) for column in NAMES))),
            staff_number=staff_number(self._text(row, "staff_number")),
            phone=self._text(row, "phone"),
            audience=self._text(row, "audience"),
            commune=self._text(row, "commune"),
        )

    def _sessions(self, row: Sequence[Cell]) -> list[ClassSession]:
        """Those that the row ticks; without any column of ticks, the one of the list."""
        if self.single is not None:
            columns = [(self.single, "present")]
        else:
            columns = [(session, _column(session)) for session in self.ticked]
        ticked = []
        for session, column in columns:
            is_there = self._tick(row, column)
            if is_there and session.starts_at > self.now:
                raise Unclear(
                    _("The session of %(time)s has not begun.") % {"time": session},
                    _("Enter it when the session has taken place."),
                )
            if is_there:
                ticked.append(session)
        return ticked

    def _tick(self, row: Sequence[Cell], column: str) -> bool:
        if column not in self.places:
            return True
        written = self._text(row, column)
        # "v" is a tick to one trainer and "vắng" to the next.
        ticked = None if fold(written) == "v" else yes_or_no(written)
        if ticked is None and fold(written) in ABSENT:
            return False
        if ticked is None:
            raise Unclear(
                _("“%(text)s” says neither present nor absent.") % {"text": written[:40]},
                _("Write x for present and leave the cell empty for absent."),
            )
        return ticked
