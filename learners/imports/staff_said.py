"""Who stands in a list, and where: nobody twice, and somebody new in two rows is one person."""

from django.utils.translation import gettext as _

from courses.text import fold
from learners.imports.staff_rows import Fault, StaffRow

Identity = str | tuple[object, ...]
"""A number; or name, day of birth and unit. Of a second post, together with its unit."""


class Said:
    """What the rows read so far have said about people."""

    def __init__(self) -> None:
        self._lines: dict[Identity, tuple[int, str, str, str]] = {}
        """Line, name and unit: a second row about the same post is refused."""
        self._newcomers: dict[Identity, tuple[int, str]] = {}
        """Line and name of whoever the list brings, by his numbers or by name and birth."""
        self._posts: set[tuple[int, int | None]] = set()
        """Of newcomers: the line that brings the person, and the unit of a second post."""

    def note(self, row: StaffRow) -> Fault | None:
        """Remember whom a row is about; why it cannot be taken beside an earlier one."""
        number, staff = row.personal_number, row.staff_number
        about: list[Identity] = [key for key in (number, staff) if key]
        if not about and row.birth_date:
            about = [(row.full_name, row.birth_date, row.unit_code, row.unit)]
        if row.second:
            about = [(key, row.unit_code, row.unit) for key in about]
        here = (row.line, row.full_name, row.unit_code, row.unit)
        fault = None
        for key in about:
            earlier = self._lines.setdefault(key, here)
            if earlier[0] != row.line and fault is None:
                fault = _said_twice(row, earlier, "personal_number" if key == number else "")
        return fault

    def forget(self, lines: set[int]) -> None:
        """Those rows are to be planned once more."""
        self._lines = {key: at for key, at in self._lines.items() if at[0] not in lines}
        self._newcomers = {key: at for key, at in self._newcomers.items() if at[0] not in lines}
        self._posts = {post for post in self._posts if post[0] not in lines}

    def brought(self, row: StaffRow) -> tuple[int, str] | None:
        """The line and the name under which the list has brought somebody new whom the row
        means. Without a number name and day of birth must do, for a second post alone."""
        about = [key for key in (row.personal_number, row.staff_number) if key]
        known = next((self._newcomers[key] for key in about if key in self._newcomers), None)
        if known is None and row.second and not about and row.birth_date:
            known = self._newcomers.get((row.full_name, row.birth_date))
        return known

    def brings_name(self, row: StaffRow) -> bool:
        return (row.full_name, row.birth_date) in self._newcomers

    def bring(self, row: StaffRow, unit: int | None) -> None:
        """The row brings somebody new."""
        for key in (row.personal_number, row.staff_number, (row.full_name, row.birth_date)):
            if key:
                self._newcomers.setdefault(key, (row.line, row.full_name))
        self._posts.add((row.line, unit if row.second else None))

    def adds_post(self, row: StaffRow, line: int, unit: int | None) -> bool:
        """Whether the row gives the newcomer of that line a post that no row gave him."""
        post = (line, unit if row.second else None)
        if post in self._posts:
            return False
        self._posts.add(post)
        return True

    def new_numbers(self, row: StaffRow, line: int) -> list[str]:
        """The numbers that no row about the newcomer of that line has said yet."""
        said = (row.personal_number, row.staff_number)
        numbers = [number for number in said if number and number not in self._newcomers]
        for number in numbers:
            self._newcomers[number] = (line, row.full_name)
        return numbers


def _said_twice(row: StaffRow, earlier: tuple[int, str, str, str], column: str) -> Fault:
    line, name, *unit = earlier
    if fold(name) != fold(row.full_name):
        return other_name(line, name, column or "staff_number")
    repair = _("Keep one of the two rows.")
    if unit != [row.unit_code, row.unit]:
        repair = _(
            "Keep the row of the unit where the person works now; where both posts are held,"
            " write x for the second one in the column “Kiêm nhiệm”."
        )
    return Fault("", _("Row %(line)d is about the same person.") % {"line": line}, repair, False)


def other_name(line: int, name: str, column: str) -> Fault:
    return Fault(
        column,
        _("Row %(line)d has the same number, but the name %(name)s.")
        % {"line": line, "name": name},
        _("Check the numbers of both rows: each belongs to one person alone."),
        better=False,
    )
