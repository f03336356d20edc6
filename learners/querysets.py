"""Questions asked of many rows, in words."""

from datetime import date

from django.db.models import QuerySet


class Enrolments(QuerySet):
    def open(self) -> "Enrolments":
        return self.filter(completed_at__isnull=True)

    def completed(self) -> "Enrolments":
        return self.filter(completed_at__isnull=False)

    def completed_between(self, first: date, last: date) -> "Enrolments":
        """Completed on a local day of the range, both ends included."""
        return self.filter(completed_at__date__range=(first, last))
