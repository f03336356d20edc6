"""An account for everybody of the invented population, all with one password."""

import sys

from django.contrib.auth.hashers import make_password

from home.demo.cast import PASSWORD
from learners.models import Person, User


def open_accounts() -> None:
    """Prints the sign-in names."""
    password = make_password(PASSWORD)
    people = list(Person.objects.filter(user__isnull=True, staff_number__isnull=False))
    users = User.objects.bulk_create(
        User(username=person.staff_number, full_name=person.full_name, password=password)
        for person in people
    )
    for person, user in zip(people, users, strict=True):
        person.user = user
    Person.objects.bulk_update(people, ["user"], batch_size=500)
    sys.stdout.write("\n".join(user.username for user in users))
