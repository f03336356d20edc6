"""What tasks are called where people read it. One that is not listed shows its own name."""

from django.utils.translation import gettext_lazy as _

from home.models import Job

TITLES = {
    "certificates.tasks.issue_for_enrolment": _("Issue a certificate"),
    "certificates.tasks.forget_paper_bundles": _("Delete files of papers that are a week old"),
    "certificates.tasks.make_paper_bundle": _("Put the papers of a class into one file"),
    "certificates.tasks.issue_papers_of_list": _("Issue the papers of a class"),
    "certificates.tasks.sign_papers_of_list": _("Sign the papers of a class"),
    "certificates.tasks.sign_online_papers": _("Sign the papers of online courses"),
    "certificates.tasks.look_again_at_papers": _("Look at papers that are withheld"),
    "certificates.tasks.issue_missing": _("Look for certificates not yet issued"),
    "home.jobs.tasks.forget_old_jobs": _("Delete jobs that ended long ago"),
    "home.jobs.tasks.forget_old_sessions": _("Delete sessions that have ended"),
    "home.jobs.tasks.publish_scheduled": _("Publish pages whose hour has come"),
    "home.feeds.tasks.write_night": _("Write down the figures of the night"),
    "home.report_tasks.forget_report_files": _("Delete report files that are a week old"),
    "home.report_tasks.make_report_file": _("Draw up a long list"),
    "learners.tasks.apply_staff_list": _("Apply a list of staff"),
    "learners.tasks.check_staff_list": _("Check a list of staff"),
    "learners.tasks.apply_business_list": _("Apply a list of businesses"),
    "learners.tasks.check_business_list": _("Check a list of businesses"),
    "learners.tasks.apply_document": _("Put a reorganisation into effect"),
    "learners.tasks.apply_due_documents": _("Put reorganisations into effect whose day has come"),
    "learners.tasks.undo_document": _("Undo a reorganisation"),
    "home.report_tasks.send_scheduled_reports": _("Send the reports that are due"),
    "learners.tasks.enter_attendance": _("Enter a list of attendance"),
    "learners.tasks.finish_erasures": _("Remove files that were to be erased"),
    "learners.tasks.forget_evidence_files": _("Delete evidence packs made long ago"),
    "learners.tasks.make_evidence_pack": _("Draw up the evidence of a class"),
    "learners.tasks.hand_in_overdue_attempts": _("Hand in quizzes whose time is over"),
    "learners.tasks.import_results": _("Take in results from elsewhere"),
    "learners.tasks.recount_all": _("Recount the targets of every year"),
    "learners.tasks.recount_today": _("Recount the targets"),
    "learners.tasks.tell_classes": _("Tell people about their classes"),
    "learners.tasks.seat_authors": _("Let authors in and out on their days"),
    "learners.tasks.send_reminders": _("Send reminders by e-mail"),
    "learners.tasks.try_results": _("Check results from elsewhere"),
    "learners.tasks.remark_attempts": _("Mark anew after a corrected answer key"),
}


def title_of(job: Job) -> str:
    return str(TITLES.get(job.task, job.short_task))
