"""Questions asked of many papers, in words."""

from collections.abc import Iterable

from django.db.models import QuerySet


class Certificates(QuerySet):
    def of_enrolments(self, enrolment_ids: Iterable[int]) -> "Certificates":
        return self.filter(enrolment__in=enrolment_ids)
