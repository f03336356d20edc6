"""Whom the rows of a list of attendance mean.

A row names somebody by staff number, or by name within the class; a phone tells namesakes
apart. What is not certain is said, never guessed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from courses.choices import Audience
from courses.models import ClassGroup
from courses.text import fold
from learners.account_forms import OWN_SIGN_UP, NameAndPhone, commune_choices
from learners.choices import SeatState
from learners.models import Attendance, AttendanceFile, Participation, Person, Seat
from learners.normalise import name_key, phone_number


class Unclear(Exception):
    """A row that cannot be entered; says why and what would mend it."""

    def __init__(self, why: str, repair: str) -> None:
        super().__init__(why)
        self.why, self.repair = why, repair


@dataclass(frozen=True)
class NewPerson:
    """Somebody on no list of the class, as the row describes him."""

    full_name: str
    phone: str
    audience: str
    commune_id: int


@dataclass(frozen=True)
class Said:
    """What a row says about a person, as it is written."""

    name: str
    staff_number: str
    phone: str
    audience: str
    commune: str


class People:
    """Those whom the rows of one list may mean: three queries."""

    def __init__(self, group: ClassGroup, rows: Sequence[Said]) -> None:
        numbers = {said.staff_number for said in rows} - {""}
        self.by_number = {
            str(person.staff_number): person.current
            for person in Person.objects.filter(staff_number__in=numbers).select_related(
                "merged_into"
            )
        }
        members = _members(group)
        self.by_name: Mapping[str, list[Person]] = _grouped(
            (fold(person.full_name), person) for person in members
        )
        self.by_phone: Mapping[str, list[Person]] = _grouped(
            (person.phone, person) for person in members if person.phone
        )
        self.communes = {fold(label): unit for unit, label in commune_choices() if unit}

    def meant(self, said: Said) -> Person | None:
        """Whom the row means; None for somebody on no list of the class. Raises Unclear."""
        if said.staff_number:
            return self._with_number(said.staff_number, said.name)
        name, phone = said.name, phone_number(said.phone)
        namesakes = self.by_name.get(fold(name), [])
        exact = [person for person in namesakes if person.name_key == name_key(name)]
        likely = exact or namesakes
        if len(likely) > 1:
            same_phone = [person for person in likely if phone and person.phone == phone]
            if len(same_phone) != 1:
                raise Unclear(
                    _("%(n)d people of this class have this name.") % {"n": len(likely)},
                    _("Add the staff number or the phone to the row."),
                )
            likely = same_phone
        if not likely:
            self._refuse_other_name(phone)
            return None
        [person] = likely
        if phone and person.phone and person.phone != phone:
            raise Unclear(
                _("In this class somebody of this name has another phone."),
                _("Add the staff number, or tick the person on the page of the session."),
            )
        return person

    def _with_number(self, number: str, name: str) -> Person:
        person = self.by_number.get(number)
        if person is None:
            raise Unclear(
                _("Nobody has the staff number %(number)s.") % {"number": number},
                _("Correct the number, or leave the cell empty."),
            )
        if person.folded_name != fold(name):
            raise Unclear(
                _("The staff number %(number)s belongs to another name.") % {"number": number},
                _("Correct the number or the name."),
            )
        return person

    def _refuse_other_name(self, phone: str) -> None:
        owners = self.by_phone.get(phone, []) if phone else []
        if owners:
            raise Unclear(
                _("In this class the phone belongs to %(name)s.") % {"name": owners[0].full_name},
                _("Correct the name or the phone."),
            )

    def proposed(self, said: Said, file: AttendanceFile) -> NewPerson:
        """Raises Unclear unless the row says enough for a record."""
        form = NameAndPhone({"full_name": said.name, "phone": said.phone})
        if not form.is_valid():
            if not said.phone:
                raise Unclear(
                    _("Nobody of this class has this name."),
                    _("Add the staff number of an official, or the phone of anybody else."),
                )
            reason = next(iter(form.errors.as_data().values()))[0]
            raise Unclear(
                _("Nobody of this class has this name."), " ".join(map(str, reason.messages))
            )
        audience = _audience(said.audience) or file.audience
        commune = self.communes.get(fold(said.commune)) or file.commune_id
        if not audience or not commune:
            raise Unclear(
                _("Nobody of this class has this name."),
                _("To add a new person, give group and commune, in the row or above the list."),
            )
        return NewPerson(
            form.cleaned_data["full_name"], form.cleaned_data["phone"], audience, commune
        )


def _members(group: ClassGroup) -> list[Person]:
    """Everybody who has a seat, waits for one, was there or took part. One query."""
    seats = Seat.objects.filter(class_group=group).exclude(state=SeatState.WITHDRAWN)
    attended = Attendance.objects.filter(session__class_group=group, revoked_at__isnull=True)
    took_part = Participation.objects.filter(class_group=group)
    rows = Person.objects.filter(
        Q(pk__in=seats.values("person"))
        | Q(pk__in=attended.values("person"))
        | Q(pk__in=took_part.values("person"))
    )
    return list(rows.order_by("pk"))


def _grouped(pairs: Iterable[tuple[str, Person]]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = defaultdict(list)
    for key, person in pairs:
        found[key].append(person)
    return found


def _audience(written: str) -> str:
    """One of the groups that people without a post belong to; "" for none."""
    folded = fold(written)
    allowed = {value for value, _label in OWN_SIGN_UP if value}
    labels = {fold(str(group.label)): group.value for group in Audience if group in allowed}
    return labels.get(folded, "") if folded else ""
