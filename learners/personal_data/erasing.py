"""Erasing a person's data: proposed by one, carried out by another, and never half.

Rows change in one transaction with the list of files that go; the files go after the commit,
and whatever a crash leaves is taken up by `finish_erasures`.
"""

from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from learners.actions.audit import note
from learners.choices import Act, ErasureState, RequestState, SubjectRight
from learners.models import Erasure, Person, PersonalNumber, Post, Tombstone, User
from learners.models.erasures import mark_of
from learners.permissions import accounts_that_see_others
from learners.personal_data import own_eraser
from learners.personal_data.erasers import Eraser, Kind, Line, counted, registered_erasers
from learners.personal_data.sources import Subject
from learners.reading import count_each


class CannotErase(Exception):
    """Nothing was changed; str() says why, to the officer."""


def all_erasers() -> tuple[Eraser, ...]:
    return (own_eraser.ERASER, *registered_erasers())


def effect_on(person: Person) -> list[Line]:
    """What would go and what would stay, kind by kind; kinds of which there is nothing are left
    out."""
    subject = Subject(person, for_himself=False)
    kinds = [kind for eraser in all_erasers() for kind in eraser.kinds(subject)]
    naming, *lines = counted([_naming(subject), *kinds])
    name = Line(_("Full name"), 1, naming.stays_by if naming.number else "")
    return [name, *(line for line in lines if line.number)]


def _naming(subject: Subject) -> Kind:
    """The registers that go on saying the name."""
    rows = [rows for eraser in all_erasers() for rows in eraser.naming(subject)]
    why = _("A certificate was issued under this name: its register is kept for good.")
    return Kind(_("Full name"), rows, why)


def obstacle(person: Person) -> str:
    """Why the person's data can't be erased now; empty when it can."""
    if person.merged_into_id:
        return _("This record was merged into another one: erase that one.")
    if person.erased_at:
        return _("The data was erased before.")
    posts = Post.objects.on(timezone.localdate()).filter(person=person)
    in_office = accounts_that_see_others().filter(pk=person.user_id or 0)
    holds_post, holds_role = count_each(posts.order_by().values("pk"), in_office.values("pk"))
    if holds_post:
        return _(
            "The person holds a post: the register of staff is kept by law, not by consent."
            " End the post first, or refuse with this reason."
        )
    if holds_role:
        return _("The account holds a role: an administrator withdraws it first.")
    return ""


@transaction.atomic
def propose(person: Person, *, by: User, why: str) -> Erasure:
    """Raises CannotErase, also when one is proposed already."""
    if reason := obstacle(person):
        raise CannotErase(reason)
    asked = person.subject_requests.filter(
        state=RequestState.RECEIVED, right=SubjectRight.ERASURE
    ).first()
    try:
        with transaction.atomic():
            erasure = Erasure.objects.create(
                person=person, request=asked, reason=why, proposed_by=by
            )
    except IntegrityError as error:
        raise CannotErase(_("An erasure of this person's data is proposed already.")) from error
    note(Act.ERASURE, f"person {person.pk}", by=by, after={"state": "proposed"}, why=why)
    return erasure


@transaction.atomic
def drop(erasure: Erasure, *, by: User) -> bool:
    """Take a proposal back; False when it was closed before."""
    open_one = Erasure.objects.filter(pk=erasure.pk, state=ErasureState.PROPOSED)
    done = open_one.update(state=ErasureState.DROPPED, closed_by=by, closed_at=timezone.now())
    if done:
        note(Act.ERASURE, f"person {erasure.person_id}", by=by, after={"state": "dropped"})
    return bool(done)


def confirm(erasure: Erasure, *, by: User) -> None:
    """Carry a proposal out, once: of two at the same moment the second gets CannotErase.

    Figures are the same before and after. Raises CannotErase with nothing changed.
    """
    _carry_out(erasure, by)
    remove_files(erasure.pk)


@transaction.atomic
def _carry_out(erasure: Erasure, by: User) -> None:
    person = Person.objects.select_for_update().get(pk=erasure.person_id)
    if by.pk == erasure.proposed_by_id:
        raise CannotErase(_("Somebody else than the one who proposed it confirms."))
    if reason := obstacle(person):
        raise CannotErase(reason)
    subject = Subject(person, for_himself=False)
    with translation.override("vi"):
        effect = [[str(line.what), line.number, str(line.stays_by)] for line in effect_on(person)]
    open_one = Erasure.objects.filter(pk=erasure.pk, state=ErasureState.PROPOSED)
    if not open_one.update(
        state=ErasureState.DONE, closed_by=by, closed_at=timezone.now(), effect=effect
    ):
        raise CannotErase(_("This proposal was closed before."))
    _bury(erasure, subject)
    [naming] = counted([_naming(subject)])
    keeps_name = bool(naming.number)
    files = [name for eraser in all_erasers() for name in eraser.erase(subject)]
    own_eraser.blank(subject, keeps_name=keeps_name)
    Erasure.objects.filter(pk=erasure.pk).update(files=files)
    after = {"state": "done", "files": len(files), "name_stays": keeps_name}
    note(Act.ERASURE, f"person {person.pk}", by=by, after=after, why=erasure.reason)


def _bury(erasure: Erasure, subject: Subject) -> None:
    """Remember, as keyed hashes, by what a list would bring the person back."""
    marks = set(
        PersonalNumber.objects.filter(person__in=subject.people).values_list("digest", flat=True)
    )
    for person in subject.people:
        if person.staff_number:
            marks.add(mark_of("staff", person.staff_number))
        if person.birth_date:
            marks.add(mark_of("born", f"{person.name_key}|{person.birth_date:%Y-%m-%d}"))
    Tombstone.objects.bulk_create(Tombstone(erasure=erasure, digest=mark) for mark in sorted(marks))


def remove_files(pk: int) -> int:
    """Remove what an erasure left in the store. Safe to repeat; a file that is gone is gone."""
    erasure = Erasure.objects.get(pk=pk)
    for name in erasure.files:
        storages["private"].delete(name)
    Erasure.objects.filter(pk=pk).update(files=[])
    return len(erasure.files)


def finish_erasures() -> int:
    """Remove the files of erasures whose process was killed after its commit."""
    left = Erasure.objects.filter(state=ErasureState.DONE).exclude(files=[])
    return sum(remove_files(pk) for pk in left.values_list("pk", flat=True))
