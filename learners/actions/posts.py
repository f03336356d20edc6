"""One person's posts, changed by hand: who knows only a decision, not a list, enters it here.

Each verb locks the person, writes the audit log and brings the standings in step, in one
transaction.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from learners.actions.audit import note
from learners.actions.standing import refresh_since
from learners.choices import Act, EndReason
from learners.models import Leave, Person, PersonalNumber, Post, User

ONE_DAY = timedelta(days=1)


class TooEarly(Exception):
    """The day lies before the post that is in force began; `day` is that beginning."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class NothingChanges(Exception):
    """The post is like that already."""


class HasEnded(Exception):
    """The post has ended: somebody was faster."""


class Taken(Exception):
    """Another record has this staff number or this personal number."""


@dataclass(frozen=True)
class Work:
    """What a post says, without its days."""

    managing_unit_id: int
    using_unit_id: int
    staff_kind: str
    title: str
    is_it_officer: bool


def work_of(post: Post) -> Work:
    return Work(
        post.managing_unit_id,
        post.using_unit_id,
        post.staff_kind,
        post.title,
        post.is_it_officer,
    )


def main_post(person: Person) -> Post | None:
    """The main post that has not ended; it may begin in days to come."""
    return person.posts.filter(is_main=True, valid_to__isnull=True).first()


@transaction.atomic
def change_main_post(person: Person, work: Work, *, day: date, by: User, why: str) -> Post:
    """From `day` on the person does this work: transfer, secondment, another title, IT officer.

    The post before ends the day before; one that began on `day` itself was entered wrongly and
    is corrected in place. Somebody without a post gets one. Raises TooEarly, NothingChanges.
    """
    _lock(person)
    old = main_post(person)
    if old is not None and day < old.valid_from:
        raise TooEarly(old.valid_from)
    if old is not None and work_of(old) == work:
        raise NothingChanges
    before = None if old is None else _said(old)
    if old is not None and day == old.valid_from:
        Post.objects.filter(pk=old.pk).update(**asdict(work))
        new = Post.objects.get(pk=old.pk)
    else:
        if old is not None:
            moves = old.managing_unit_id != work.managing_unit_id
            reason = EndReason.TRANSFER if moves else EndReason.CHANGE
            old.valid_to, old.end_reason = day - ONE_DAY, reason
            old.save(update_fields=["valid_to", "end_reason"])
        new = Post.objects.create(person=person, is_main=True, valid_from=day, **asdict(work))
    _done(person, day, before, _said(new), by, why)
    return new


@transaction.atomic
def add_second_post(person: Person, work: Work, *, day: date, by: User, why: str) -> Post:
    """Another post beside the main one; the person still counts once. Raises NothingChanges when
    there is such a post already, so that of two clicks one adds it."""
    _lock(person)
    same = asdict(work) | {"title": work.title, "valid_to": None}
    if person.posts.filter(is_main=False, **same).exists():
        raise NothingChanges
    new = Post.objects.create(person=person, is_main=False, valid_from=day, **asdict(work))
    _done(person, day, None, _said(new), by, why)
    return new


@transaction.atomic
def end_post(post: Post, *, last_day: date, reason: str, by: User, why: str) -> None:
    """The post is over after `last_day`. Raises HasEnded, TooEarly."""
    _lock(post.person)
    post.refresh_from_db()
    if post.valid_to is not None:
        raise HasEnded
    if last_day < post.valid_from:
        raise TooEarly(post.valid_from)
    before = _said(post)
    post.valid_to, post.end_reason = last_day, reason
    post.save(update_fields=["valid_to", "end_reason"])
    _done(post.person, post.valid_from, before, _said(post), by, why)


@transaction.atomic
def reopen_post(post: Post, *, by: User, why: str) -> None:
    """The post was ended by mistake and goes on. Raises HasEnded when another main post has begun
    since."""
    _lock(post.person)
    post.refresh_from_db()
    if post.is_main and main_post(post.person) is not None:
        raise HasEnded
    before = _said(post)
    post.valid_to, post.end_reason = None, ""
    post.save(update_fields=["valid_to", "end_reason"])
    _done(post.person, post.valid_from, before, _said(post), by, why)


@transaction.atomic
def call_off(post: Post, *, by: User, why: str) -> None:
    """A decision about days to come was withdrawn: the post never begins, and the one that it was
    to follow goes on. Raises HasEnded once its day has come, or when it is gone."""
    _lock(post.person)
    found = Post.objects.filter(pk=post.pk, valid_from__gt=timezone.localdate()).first()
    if found is None:
        raise HasEnded
    before, person = _said(found), found.person
    follows = person.posts.filter(
        is_main=True,
        valid_to=found.valid_from - ONE_DAY,
        end_reason__in=(EndReason.TRANSFER, EndReason.CHANGE),
    )
    old = follows.order_by("-valid_from").first() if found.is_main else None
    found.delete()
    if old is not None and main_post(person) is None:
        old.valid_to, old.end_reason = None, ""
        old.save(update_fields=["valid_to", "end_reason"])
    refresh_since([person.pk], post.valid_from)
    after = None if old is None else _said(old)
    note(Act.POST, f"person {person.pk}", by=by, before=before, after=after, why=why)


@transaction.atomic
def enter_person(
    fields: Mapping[str, Any], number: str, work: Work, *, day: date, by: User, why: str
) -> Person:
    """A new record with its first post. Raises Taken."""
    person = Person(**fields)
    _store(person, number)
    note(Act.POST, f"person {person.pk}", by=by, after={"entered": True}, why=why)
    change_main_post(person, work, day=day, by=by, why=why)
    return person


@transaction.atomic
def correct_person(
    person: Person, fields: Mapping[str, Any], number: str, *, by: User, why: str
) -> None:
    """Correct what a record says about who somebody is. Papers keep what is printed on them.

    The log says which facts were corrected, a name and a day of birth with their values; phone
    and personal number only that they were. Raises Taken.
    """
    _lock(person)
    changed = {name: value for name, value in fields.items() if getattr(person, name) != value}
    before = {name: str(getattr(person, name) or "") for name in changed}
    for name, value in changed.items():
        setattr(person, name, value)
    _store(person, number)
    after = {name: str(value or "") for name, value in changed.items()}
    for said in (before, after):
        if "phone" in said:
            said["phone"] = "•••"
    if number:
        after["personal_number"] = "•••"
    if after:
        note(Act.PERSON, f"person {person.pk}", by=by, before=before, after=after, why=why)
    born_or_named = {"full_name", "birth_date"} & changed.keys()
    first = person.posts.order_by("valid_from").first()
    if born_or_named and first is not None:
        refresh_since([person.pk], first.valid_from)


def _store(person: Person, number: str) -> None:
    """A number of a length that the record has replaces that one."""
    try:
        with transaction.atomic():
            person.save()
            if number:
                person.personal_numbers.filter(length=len(number)).delete()
                PersonalNumber.made(person, number).save()
    except IntegrityError as error:
        raise Taken from error


@transaction.atomic
def note_leave(
    person: Person, kind: str, *, first: date, last: date | None, by: User, why: str
) -> Leave:
    """Somebody is away for long, and stays counted. The same first day again corrects it."""
    _lock(person)
    leave, _made = Leave.objects.update_or_create(
        person=person, valid_from=first, defaults={"kind": kind, "valid_to": last}
    )
    after = {"leave": kind, "from": str(first), "to": str(last or "")}
    note(Act.POST, f"person {person.pk}", by=by, after=after, why=why)
    return leave


def _lock(person: Person) -> None:
    """One change of a person's posts at a time."""
    Person.objects.select_for_update().get(pk=person.pk)


def _said(post: Post) -> dict[str, Any]:
    days = {"from": str(post.valid_from), "to": str(post.valid_to or "")}
    return {"post": post.pk, **asdict(work_of(post)), **days, "why": post.end_reason}


def _done(
    person: Person,
    day: date,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    by: User,
    why: str,
) -> None:
    refresh_since([person.pk], day)
    note(Act.POST, f"person {person.pk}", by=by, before=before, after=after, why=why)
