from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from certificates.evidence import papers_of
        from certificates.receivers import enqueue_certificate
        from learners.evidence.pieces import register_part
        from learners.signals import course_completed

        course_completed.connect(enqueue_certificate, dispatch_uid="certificates.issue")
        register_part(papers_of)
