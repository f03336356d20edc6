"""Who of the staff can sign in, and who waits for a sheet."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.text import fold
from learners.choices import AccountState
from learners.models import Person, Post
from learners.normalise import staff_number
from learners.reports.names import short_name, unit_names
from learners.tree import tree_on

NEEDS_A_SHEET = (AccountState.NONE, AccountState.EXPIRED, AccountState.DORMANT)


@dataclass(frozen=True)
class AccountRow:
    person: Person
    unit: str
    state: AccountState


def found(people: QuerySet[Person], words: str) -> QuerySet[Person]:
    """Those whose name holds all the words, marks aside, or whose staff number it is."""
    if not words:
        return people
    by_name = Q()
    for word in fold(words).split():
        by_name &= Q(folded_name__contains=word)
    return people.filter(by_name | Q(staff_number=staff_number(words)))


def without_account(people: QuerySet[Person]) -> QuerySet[Person]:
    return people.filter(user__isnull=True)


def account_rows(people: list[Person]) -> list[AccountRow]:
    """Each with unit and state; the accounts come with the people. Two queries."""
    today = timezone.localdate()
    posts = Post.objects.on(today).filter(person__in=people, is_main=True)
    unit_of = dict(posts.values_list("person_id", "managing_unit_id"))
    names = unit_names(unit_of.values(), tree_on(today))
    return [
        AccountRow(
            person,
            short_name(names.get(unit_of.get(person.pk, 0), "")),
            state_of(person),
        )
        for person in people
    ]


def state_of(person: Person) -> AccountState:
    return person.user.state() if person.user else AccountState.NONE
