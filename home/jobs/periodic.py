"""What runs by the clock: a name, a task, and how often. Tasks are named, not imported."""

from datetime import timedelta

PERIODIC: tuple[tuple[str, str, timedelta], ...] = (
    ("issue-missing-certificates", "certificates.tasks.issue_missing", timedelta(minutes=10)),
    ("hand-in-overdue", "learners.tasks.hand_in_overdue_attempts", timedelta(minutes=5)),
    ("publish-scheduled", "home.jobs.tasks.publish_scheduled", timedelta(minutes=5)),
    ("tell-classes", "learners.tasks.tell_classes", timedelta(minutes=10)),
    ("recount-targets", "learners.tasks.recount_today", timedelta(days=1)),
    ("reorganise", "learners.tasks.apply_due_documents", timedelta(hours=1)),
    ("seat-authors", "learners.tasks.seat_authors", timedelta(hours=1)),
    ("forget-old-jobs", "home.jobs.tasks.forget_old_jobs", timedelta(days=1)),
    ("forget-old-sessions", "home.jobs.tasks.forget_old_sessions", timedelta(days=1)),
    ("write-aggregate", "home.feeds.tasks.write_night", timedelta(days=1)),
    ("send-reports", "home.report_tasks.send_scheduled_reports", timedelta(hours=1)),
    ("forget-report-files", "home.report_tasks.forget_report_files", timedelta(days=1)),
    ("finish-erasures", "learners.tasks.finish_erasures", timedelta(hours=1)),
    ("forget-files-of-papers", "certificates.tasks.forget_paper_bundles", timedelta(days=1)),
    ("sign-online-papers", "certificates.tasks.sign_online_papers", timedelta(minutes=10)),
    ("look-again-at-papers", "certificates.tasks.look_again_at_papers", timedelta(hours=1)),
    ("forget-evidence-files", "learners.tasks.forget_evidence_files", timedelta(days=1)),
)
