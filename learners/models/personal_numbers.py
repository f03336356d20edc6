"""Personal numbers, apart from the person, so that no list of people ever carries them."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from learners import personal_numbers
from learners.models.people import Person


class PersonalNumbers(models.QuerySet["PersonalNumber"]):
    def of(self, numbers: Iterable[str]) -> "PersonalNumbers":
        """The rows of these numbers, by their keyed hashes."""
        return self.filter(digest__in=[personal_numbers.digest_of(number) for number in numbers])


class PersonalNumber(models.Model):
    """One number of one person: sealed, and found by its keyed hash.

    Somebody may have an old CMND and a CCCD; nobody shares either.
    """

    # The unique constraint begins with the person, so that no index of its own is needed.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="personal_numbers", db_index=False
    )
    length = models.PositiveSmallIntegerField(_("digits"))
    sealed = models.CharField(max_length=200, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)

    objects = PersonalNumbers.as_manager()

    class Meta:
        verbose_name = _("personal number")
        verbose_name_plural = _("personal numbers")
        ordering = ["person", "-length"]
        constraints = [
            models.UniqueConstraint(fields=["person", "length"], name="one_number_of_a_kind"),
        ]

    @classmethod
    def made(cls, person: Person, number: str) -> "PersonalNumber":
        """The row for a number that was checked; unsaved."""
        return cls(
            person=person,
            length=len(number),
            sealed=personal_numbers.seal(number),
            digest=personal_numbers.digest_of(number),
        )

    @property
    def masked(self) -> str:
        return personal_numbers.mask(personal_numbers.unseal(self.sealed))

    def in_full(self) -> str:
        """The number itself, for whoever has the right and has written down why."""
        return personal_numbers.unseal(self.sealed)

    def rotate(self) -> None:
        """Under the newest key, with the present hash; unsaved. Raises KeysDoNotFit."""
        self.sealed = personal_numbers.seal_anew(self.sealed)
        self.digest = personal_numbers.digest_of(personal_numbers.unseal(self.sealed))
