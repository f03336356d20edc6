"""What a day needs before it begins, and what must hold after it. Runs in the site's processes."""

import json
import sys

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from certificates.actions.lists import decide, draw_up
from certificates.choices import LineState
from certificates.models import IssueLine
from certificates.tasks import issue_papers_of_list
from courses.models import ClassGroup
from home.demo.cast import PASSWORD
from learners.actions.standing import refresh_since
from learners.choices import SeatState
from learners.models import Attendance, ClassKeeper, Person, ReportingPeriod, Seat, User
from learners.person_codes import CHECK_IN, code_of
from tests.factories.certificates import class_decision, finished_class, keeper
from tests.factories.classes import class_of
from tests.faults.scripts import hold

SEATS = 40


def prepare(stages: int, trainers: int) -> None:
    """An account with one password for everybody, and for each stage so many trainers with a
    class of SEATS today. Prints {"names": [sign-in], "password", "classes": [[{...}]]}."""
    password = make_password(PASSWORD)
    people = list(Person.objects.filter(user__isnull=True, staff_number__isnull=False))
    users = User.objects.bulk_create(
        User(username=person.staff_number, full_name=person.full_name, password=password)
        for person in people
    )
    for person, user in zip(people, users, strict=True):
        person.user = user
    Person.objects.bulk_update(people, ["user"], batch_size=500)
    classes = [
        [_class(f"giangvien{stage}-{number}", password, people) for number in range(trainers)]
        for stage in range(stages)
    ]
    sys.stdout.write(
        json.dumps(
            {
                "names": [user.username for user in users],
                "password": PASSWORD,
                "classes": classes,
            }
        )
    )


def _class(trainer: str, password: str, people: list[Person]) -> dict[str, object]:
    """A class of today, entrusted to an account of its own. Everybody has seats in several."""
    group = class_of()
    ClassGroup.objects.filter(pk=group.pk).update(code=f"TAI-{trainer}")
    account = User.objects.create(username=trainer, full_name="Lê Thị Giảng", password=password)
    ClassKeeper.objects.create(class_group=group, account=account)
    first = group.pk * SEATS % (len(people) - SEATS)
    seated = people[first : first + SEATS]
    now = timezone.now()
    Seat.objects.bulk_create(
        Seat(person=person, class_group=group, state=SeatState.SEATED, queued_at=now)
        for person in seated
    )
    codes = [code_of(person.pk, CHECK_IN) for person in seated]
    return {"trainer": trainer, "session": group.sessions.get().pk, "codes": codes}


def issue(count: int, number: str) -> None:
    """A class of so many gets its decision, and the job is handed over. Prints the list's id."""
    names = [f"Đặng Thị Hoa {number} {n}" for n in range(count)]
    group = finished_class(*names, code=f"GIAY-{number}")
    # The factory's people have been in office for years.
    people = Seat.objects.filter(class_group=group).values_list("person_id", flat=True)
    refresh_since(list(people), ReportingPeriod.objects.earliest("starts_on").starts_on)
    drawn = draw_up(group=group, by=keeper())
    decide(issue_list=drawn, decision=class_decision(number=f"{number}/QĐ-TẢI"), by=keeper())
    issue_papers_of_list.enqueue(drawn.pk)
    sys.stdout.write(str(drawn.pk))


def issued(issue_list: int) -> None:
    """How many papers of the list there are by now."""
    lines = IssueLine.objects.filter(issue_list=issue_list, state=LineState.ISSUED)
    sys.stdout.write(str(lines.count()))


def after() -> None:
    """What must hold, and how much there is of it."""
    found = hold()
    found["attendances"] = Attendance.objects.filter(
        session__class_group__code__startswith="TAI-", revoked_at=None
    ).count()
    sys.stdout.write(json.dumps(found))
