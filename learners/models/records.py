"""Evidence: training records and participations."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.choices import ECOMMERCE_TOPICS, Audience, Topic
from courses.models import ClassGroup
from learners.choices import Mode, RecordState
from learners.models.businesses import Business
from learners.models.enrolments import Enrolment
from learners.models.organisations import Organisation
from learners.models.people import Person


class TrainingRecord(models.Model):
    """One piece of evidence that a person was trained, coached or self-trained."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="records")
    mode = models.CharField(_("mode"), max_length=12, choices=Mode)
    state = models.CharField(_("state"), max_length=10, choices=RecordState)
    title = models.CharField(_("title"), max_length=255)
    topic = models.CharField(
        _("topic"),
        max_length=20,
        choices=Topic,
        blank=True,
        default="",
        db_default="",
        help_text=_("Of self-training and results from elsewhere; a course or class has its own."),
    )
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1)
    completed_on = models.DateField(_("completed on"))
    source = models.CharField(_("source"), max_length=120, help_text=_("Where the fact is from."))
    certificate_number = models.CharField(_("certificate number"), max_length=60, blank=True)
    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    class_group = models.ForeignKey(
        ClassGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("class"),
        help_text=_("Of a record that a completed class yielded."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("training record")
        verbose_name_plural = _("training records")
        ordering = ["-completed_on", "-pk"]
        indexes = [models.Index(fields=["completed_on", "person"], name="records_of_a_period")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(mode=Mode.ONLINE) | Q(enrolment__isnull=False),
                name="online_record_has_its_enrolment",
            ),
            models.UniqueConstraint(
                fields=["person", "class_group"],
                condition=Q(class_group__isnull=False),
                name="one_record_per_class",
            ),
        ]

    @classmethod
    def of_class(cls, group: ClassGroup, person: Person, day: date) -> "TrainingRecord":
        """What a completed class says for the year's goal; unsaved."""
        return cls(
            person=person,
            class_group=group,
            mode=Mode.CLASS,
            state=RecordState.APPROVED,
            title=group.title,
            hours=group.hours,
            completed_on=day,
            source=group.provider.name[:120],
        )


CLASS_SOURCE = "class"
"""Of a participation that follows from attendances."""
COUNTED_TOPICS = ECOMMERCE_TOPICS
"""A participation counts towards the plan's goal when its class is about one of these. Who holds
no place in the plan's seven groups has no row at all: `actions.records.record_participation`."""


class Participations(models.QuerySet):
    def counted(self) -> "Participations":
        """Those that the plan counts."""
        return self.filter(class_group__topic__in=COUNTED_TOPICS)


class Participation(models.Model):
    """One person in one class, once, however many sessions ("lượt")."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(_("audience"), max_length=20, choices=Audience)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The unit of an official, the commune of anybody else, on that day."),
    )
    business = models.ForeignKey(
        Business,
        on_delete=models.PROTECT,
        null=True,
        related_name="participations",
        verbose_name=_("business"),
        help_text=_("The one that the person belonged to on that day."),
    )
    happened_on = models.DateField(_("date"))
    completed = models.BooleanField(_("completed the class"), default=False)
    source = models.CharField(_("source"), max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Participations.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["-happened_on", "-pk"]
        indexes = [models.Index(fields=["happened_on"], name="participations_of_a_period")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "class_group"], name="one_participation_per_class"
            )
        ]

    @property
    def is_counted(self) -> bool:
        """As `Participations.counted`, of one row whose class is at hand."""
        return self.class_group.topic in COUNTED_TOPICS
