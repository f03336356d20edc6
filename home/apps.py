from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class HomeConfig(AppConfig):
    name = "home"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.account.signals import password_changed
        from allauth.mfa.signals import authenticator_removed
        from allauth.socialaccount.signals import social_account_added, social_account_removed
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_delete
        from wagtail.models import Page
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from home import checks  # noqa: F401  registers the system checks
        from home.duties import after_second_factor, note_sign_in
        from home.middleware import bump_publish_stamp
        from home.passwords import end_temporary_password
        from home.personal_data import ERASER, LEFT_OUT, SOURCES
        from home.sign_in_elsewhere import note_link, note_unlink
        from learners.personal_data.erasers import register_eraser
        from learners.personal_data.sources import register_sources

        for signal in (page_published, page_unpublished, post_page_move):
            signal.connect(bump_publish_stamp)
        post_delete.connect(bump_publish_stamp, sender=Page)
        register_sources(SOURCES, LEFT_OUT)
        register_eraser(ERASER)
        user_logged_in.connect(note_sign_in)
        authenticator_removed.connect(after_second_factor)
        password_changed.connect(end_temporary_password)
        social_account_added.connect(note_link)
        social_account_removed.connect(note_unlink)


class AccountsAdminConfig(WagtailUsersAppConfig):
    """Wagtail's user administration with the product's own forms."""

    user_viewset = "home.users.UserViewSet"
