"""Summaries that make dashboards fast. Derived: recount_targets rebuilds them from facts."""

from django.db import models

from courses.choices import Audience, Topic
from learners.choices import AgeBand, Status
from learners.models.organisations import Organisation
from learners.models.people import Person
from learners.models.targets import ReportingPeriod


class Standing(models.Model):
    """Where one person of the denominator stands in one period."""

    # The unique constraint begins with the period: an index of its own would be written in vain.
    period = models.ForeignKey(
        ReportingPeriod, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status)
    reached_on = models.DateField(null=True)
    name_key = models.CharField(max_length=220)
    age_band = models.CharField(
        max_length=8, choices=AgeBand, default=AgeBand.UNKNOWN, db_default="", blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "person"], name="one_standing_per_person")
        ]
        indexes = [
            # The list of people behind a number, for the province and for one unit.
            models.Index(fields=["period", "status", "name_key"], name="standing_list"),
            models.Index(
                fields=["period", "organisation", "status", "name_key"], name="standing_unit_list"
            ),
        ]


class StaffTally(models.Model):
    """People of one unit (without those below it) by status and month reached."""

    period = models.ForeignKey(ReportingPeriod, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status)
    month = models.PositiveSmallIntegerField(help_text="1-12 of the period; 0: not reached.")
    people = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "organisation", "status", "month"], name="one_staff_tally"
            )
        ]


class AgeTally(models.Model):
    """People of one unit (without those below it) by age band and status."""

    period = models.ForeignKey(ReportingPeriod, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    age_band = models.CharField(max_length=8, choices=AgeBand, blank=True)
    status = models.CharField(max_length=12, choices=Status)
    people = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "organisation", "age_band", "status"], name="one_age_tally"
            )
        ]


class ParticipationTally(models.Model):
    """Participations of one unit or commune by audience, topic and month."""

    period = models.ForeignKey(ReportingPeriod, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=20, choices=Audience)
    topic = models.CharField(max_length=20, choices=Topic)
    month = models.PositiveSmallIntegerField()
    participations = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "organisation", "audience", "topic", "month"],
                name="one_participation_tally",
            )
        ]
