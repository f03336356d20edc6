from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import page_published, page_unpublished

        from courses.receivers import refresh_edition

        page_published.connect(refresh_edition, dispatch_uid="courses.edition.published")
        page_unpublished.connect(refresh_edition, dispatch_uid="courses.edition.unpublished")
