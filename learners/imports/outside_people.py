"""Whom the rows of a foreign list mean."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.fast_rows import among
from courses.text import fold
from learners.imports.outside_rows import Result
from learners.models import OrganisationVersion, Person, PersonalNumber, Post


@dataclass(frozen=True)
class Match:
    """Whom a row means; None with the reason when that is not certain."""

    person_id: int | None
    why: str = ""


def match(results: Collection[Result], people: QuerySet[Person]) -> list[Match]:
    """Whom each row means among `people`, with a handful of queries for all of them.

    By personal number, by staff number, by phone with the same name, by name and date of
    birth, by name within a unit: the first that says exactly one person. Nobody is guessed.
    """
    found = _Lookup(results, people)
    return [found.match(result) for result in results]


class _Lookup:
    def __init__(self, results: Collection[Result], people: QuerySet[Person]) -> None:
        digests = {result.number_digest for result in results} - {""}
        self.by_digest = dict(
            PersonalNumber.objects.filter(digest__in=among(digests), person__in=people).values_list(
                "digest", "person_id"
            )
        )
        unnumbered = [result for result in results if result.number_digest not in self.by_digest]
        numbers = {result.staff_number for result in unnumbered} - {""}
        # A number that somebody's merged record had still means that person.
        numbered = Person.objects.filter(
            Q(pk__in=people, merged_into__isnull=True) | Q(merged_into__in=people),
            staff_number__in=among(numbers),
        )
        self.by_staff_number = {
            number: (person, name)
            for number, person, name in numbered.values_list(
                "staff_number",
                Coalesce("merged_into", "pk"),
                Coalesce("merged_into__folded_name", "folded_name"),
            )
        }
        # Namesakes are many: they are read only where a name is all there is.
        by_name = [result for result in unnumbered if not result.staff_number]
        names = {fold(result.full_name) for result in by_name}
        named = people.filter(merged_into__isnull=True, folded_name__in=among(names)).values_list(
            "pk", "folded_name", "birth_date", "phone"
        )
        self.named: dict[str, list[tuple[int, date | None, str]]] = defaultdict(list)
        for pk, name, birth_date, phone in named:
            self.named[name].append((pk, birth_date, phone))
        self.units = self._units(by_name)

    def _units(self, results: Iterable[Result]) -> dict[int, set[str]]:
        """Names of the units that the namesakes work in today."""
        wanted = {fold(r.full_name) for r in results if r.unit}
        people = [pk for name in wanted for pk, _birth, _phone in self.named.get(name, ())]
        today = timezone.localdate()
        posts = Post.objects.on(today).filter(person__in=among(people))
        pairs = list(posts.values_list("person_id", "managing_unit_id"))
        versions = OrganisationVersion.objects.on(today).filter(
            organisation__in=among({unit for _person, unit in pairs})
        )
        names = dict(versions.values_list("organisation_id", "folded_name"))
        units: dict[int, set[str]] = defaultdict(set)
        for person, unit in pairs:
            units[person].add(names.get(unit, ""))
        return units

    def match(self, result: Result) -> Match:
        if person := self.by_digest.get(result.number_digest):
            return Match(person)
        if result.staff_number:
            found = self.by_staff_number.get(result.staff_number)
            if found is None:
                return Match(None, _("Nobody has this staff number."))
            person, name = found
            if name != fold(result.full_name):
                return Match(None, _("The staff number belongs to somebody of another name."))
            return Match(person)
        return self._by_name(result, self.named.get(fold(result.full_name), []))

    def _by_name(self, result: Result, namesakes: list[tuple[int, date | None, str]]) -> Match:
        if not namesakes:
            return Match(None, _("Nobody has this name."))
        unit = fold(result.unit)
        tests = [
            [pk for pk, _birth, phone in namesakes if result.phone and phone == result.phone],
            [
                pk
                for pk, born, _phone in namesakes
                if result.birth_date and born == result.birth_date
            ],
            [pk for pk, _birth, _phone in namesakes if unit and unit in self.units.get(pk, ())],
        ]
        for likely in tests:
            if len(likely) == 1:
                return Match(likely[0])
        if any(len(likely) > 1 for likely in tests) or len(namesakes) > 1:
            return Match(None, _("Several people have this name."))
        return Match(None, _("One person has this name, but nothing else agrees."))
