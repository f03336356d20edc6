"""Questions asked of many papers, in words."""

from collections.abc import Iterable

from django.db.models import QuerySet


class Certificates(QuerySet):
    def standing(self) -> "Certificates":
        """The last of each chain of replacements, also when it was withdrawn; no confirmations."""
        return self.filter(replaced_by__isnull=True, confirms__isnull=True)

    def of_enrolments(self, enrolment_ids: Iterable[int]) -> "Certificates":
        """The paper of each that stands now."""
        return self.standing().filter(enrolment__in=enrolment_ids, renewals__isnull=True)
