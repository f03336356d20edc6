"""The only news that travels up: home > certificates > learners > courses.

Sent after commit, robustly: a receiver that fails cannot undo a completion.
"""

from django.dispatch import Signal

course_completed = Signal()
"""Arguments: enrolment_id."""
