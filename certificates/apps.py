from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from certificates.evidence import papers_of
        from certificates.personal_data import ERASER, LEFT_OUT, SOURCES
        from certificates.receivers import enqueue_certificate
        from certificates.training_papers import papers_of_records
        from learners.evidence.pieces import register_part
        from learners.personal_data.erasers import register_eraser
        from learners.personal_data.sources import register_sources
        from learners.reports.papers import register_papers
        from learners.signals import course_completed

        course_completed.connect(enqueue_certificate, dispatch_uid="certificates.issue")
        register_part(papers_of)
        register_papers(papers_of_records)
        register_sources(SOURCES, LEFT_OUT)
        register_eraser(ERASER)
