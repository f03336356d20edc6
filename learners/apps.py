from django.apps import AppConfig


class LearnersConfig(AppConfig):
    name = "learners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import pre_save

        from courses.models import ClassGroup
        from learners.receivers import keep_participations_in_step

        pre_save.connect(
            keep_participations_in_step, sender=ClassGroup, dispatch_uid="learners.class.topic"
        )
