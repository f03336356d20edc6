"""People and the posts they hold."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.choices import Audience
from courses.text import fold, nfc
from learners.choices import EndReason, StaffKind
from learners.models.businesses import Business
from learners.models.organisations import InForce, Organisation
from learners.normalise import given_name, name_key


class Person(models.Model):
    """One record for life; an account is optional."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
    )
    full_name = models.CharField(_("full name"), max_length=100)
    name_key = models.CharField(max_length=220, editable=False)
    folded_name = models.CharField(max_length=100, editable=False, db_index=True)
    staff_number = models.CharField(
        _("staff number"), max_length=40, null=True, blank=True, unique=True
    )
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    audience = models.CharField(
        _("audience"),
        max_length=20,
        choices=Audience,
        blank=True,
        help_text=_("Of somebody without a post; copied onto each participation."),
    )
    commune = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commune"),
        help_text=_("Of somebody without a post."),
    )
    business = models.ForeignKey(
        Business,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("business"),
        help_text=_("Of somebody without a post; copied onto each participation."),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged_records",
        help_text="The record that took over; this one only remembers, and is never counted.",
    )
    erased_at = models.DateTimeField(
        null=True, editable=False, help_text="When all was taken away that the law lets go."
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_key", "pk"]
        indexes = [
            # Lists by name, and namesakes born on one day.
            models.Index(fields=["name_key", "birth_date"], name="people_by_name_and_birth")
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_names()
        super().save(*args, **kwargs)

    def set_names(self) -> None:
        """Derive the search and sort columns; bulk writers call it themselves."""
        self.full_name = nfc(self.full_name)
        self.name_key = name_key(self.full_name)
        self.folded_name = fold(self.full_name)

    @property
    def current(self) -> "Person":
        """The record that stands for the person today: itself, unless it was merged."""
        return self.merged_into or self

    @property
    def given_name(self) -> str:
        return given_name(self.full_name)


class Post(models.Model):
    """A dated position: who manages the person, where the work is done, as what staff."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    # "posts_of_a_unit" begins with the unit, so that no index of its own is needed.
    managing_unit = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("managing unit"),
        db_index=False,
    )
    using_unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("using unit")
    )
    staff_kind = models.CharField(_("kind of staff"), max_length=20, choices=StaffKind)
    title = models.CharField(_("position"), max_length=120, blank=True)
    is_main = models.BooleanField(_("main post"), default=True)
    is_it_officer = models.BooleanField(_("IT officer"), default=False)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    end_reason = models.CharField(
        _("why it ended"), max_length=12, choices=EndReason, blank=True, default="", db_default=""
    )

    objects = InForce.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["person", "-is_main", "valid_from"]
        indexes = [
            models.Index(fields=["managing_unit", "valid_from"], name="posts_of_a_unit"),
            # Which agencies have an IT officer, without reading everybody's posts.
            models.Index(
                fields=["managing_unit"], condition=Q(is_it_officer=True), name="it_officers"
            ),
            # Who works elsewhere than managed: few, whatever the number of posts.
            models.Index(
                fields=["managing_unit", "using_unit"],
                condition=Q(is_main=True) & ~Q(using_unit=F("managing_unit")),
                name="seconded_posts",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(is_main=True, valid_to__isnull=True),
                name="one_open_main_post",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="post_ends_after_start",
            ),
        ]

    @property
    def is_away(self) -> bool:
        """Seconded: the work is done in another unit than the managing one."""
        return self.using_unit_id != self.managing_unit_id

    @property
    def is_open_main(self) -> bool:
        return self.is_main and self.valid_to is None
