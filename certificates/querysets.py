"""Questions asked of many papers, in words."""

from collections.abc import Iterable

from django.db.models import QuerySet


class Certificates(QuerySet):
    def of_enrolments(self, enrolment_ids: Iterable[int]) -> "Certificates":
        """The paper of each that stands now: the last of a chain of replacements, also when it
        was withdrawn."""
        return self.filter(enrolment__in=enrolment_ids, replaced_by__isnull=True)
