"""What training yielded, whatever its topic: lượt in classes, and online courses completed."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from learners.models import Participation, Person, TrainingRecord
from learners.reading import count_each


@dataclass(frozen=True)
class Results:
    """The same thing is never in both: a completed course that a class carried is a lượt."""

    lots: QuerySet[Participation]
    online: QuerySet[TrainingRecord]
    """Of completed courses."""

    def of(self, *, classes: Collection[int], courses: Collection[int]) -> "Results":
        """Those of some classes and of some courses."""
        return Results(
            self.lots.filter(class_group__in=classes),
            self.online.filter(enrolment__edition__course__in=courses),
        )

    @property
    def completed(self) -> "Results":
        """Those that were completed: of a class by its own rule."""
        return Results(self.lots.filter(completed=True), self.online)

    def people(self) -> QuerySet[Person]:
        """Everybody behind the results, each once."""
        return Person.objects.filter(
            Q(pk__in=self.lots.order_by().values("person"))
            | Q(pk__in=self.online.order_by().values("person"))
        )

    def count_people(self) -> int:
        """How many they are. One query."""
        return count_each(self.persons())[0]

    def persons(self) -> QuerySet:
        """Their ids, without looking at their records."""
        # Distinct each: where one of them can hold nothing, no union is made that would see to it.
        lots = self.lots.order_by().values("person").distinct()
        return lots.union(self.online.order_by().values("person").distinct())
