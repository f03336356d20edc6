from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from certificates.receivers import enqueue_certificate
        from learners.signals import course_completed

        course_completed.connect(enqueue_certificate, dispatch_uid="certificates.issue")
