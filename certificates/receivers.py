"""News from below. The signal buys speed; issue_missing_certificates buys correctness."""

from typing import Any

from certificates.tasks import issue_for_enrolment


def enqueue_certificate(*, enrolment_id: int, **kwargs: Any) -> None:
    issue_for_enrolment.enqueue(enrolment_id)
