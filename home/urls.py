"""All addresses, in unaccented Vietnamese. Wagtail's page tree takes what is left."""

from allauth.account import views as allauth
from django.conf import settings
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from courses import package_views
from home import views
from home.health import healthz, readyz
from home.metrics import metrics
from home.own_password import own_password

urlpatterns = [
    # First, because most visits end there and each pattern before costs them something.
    path("", include("home.feeds.urls")),
    path("", include("learners.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("ngon-ngu/", views.choose_language, name="choose_language"),
    path("tro-giup/", TemplateView.as_view(template_name="home/help.html"), name="help"),
    path(
        "tro-giup/kha-nang-tiep-can/",
        TemplateView.as_view(template_name="home/accessibility.html"),
        name="accessibility",
    ),
    path(
        "tro-giup/du-lieu-ca-nhan/",
        TemplateView.as_view(template_name="home/privacy.html"),
        name="privacy",
    ),
    path("bao-cao/", include("home.report_urls")),
    path("quan-tri/", include(wagtailadmin_urls)),
    path("tai-lieu/", include(wagtaildocs_urls)),
    path("tai-khoan/", views.account, name="account"),
    path("tai-khoan/con-lam-viec/", views.still_here, name="still_here"),
    path("tai-khoan/hai-lop/", include("allauth.mfa.urls")),
    # Mail is no way in here: HR prints a sheet. The library's pages for it stay shut.
    re_path(r"^tai-khoan/(?:email|confirm-email|password/(?:reset|set))/", views.no_such_page),
    path("tai-khoan/", include("allauth.account.urls")),
    # Named anew below the library's own: Django leads to the later of two with the same name.
    path("dang-nhap/", allauth.login, name="account_login"),
    path("dang-nhap/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("tai-khoan/lien-ket/", include("allauth.socialaccount.urls")),
    path("dang-xuat/", allauth.logout, name="account_logout"),
    path("tai-khoan/mat-khau/", own_password, name="account_change_password"),
    path("goi/<str:key>/", package_views.package_frame, name="package_frame"),
    path("goi/<str:key>/<path:name>", package_views.package_file, name="package_file"),
    path("", include("certificates.urls")),
    re_path(
        rf"^{settings.MEDIA_URL.lstrip('/')}(?P<name>images/.*|original_images/.*)$",
        views.picture,
        name="picture",
    ),
    *staticfiles_urlpatterns(),
    path("", include(wagtail_urls)),
]

handler400 = "home.views.bad_request"
handler403 = "home.views.permission_denied"
handler404 = "home.views.page_not_found"
handler429 = "home.views.too_many_requests"
handler500 = "home.views.server_error"
