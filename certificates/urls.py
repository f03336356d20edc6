from django.urls import path, re_path

from certificates import views

app_name = "certificates"

urlpatterns = [
    path("tra-cuu/", views.verify, name="verify"),
    # The QR is printed in capitals, its shortest form; so the route ignores case.
    re_path(r"^[xX]/(?P<code>[0-9A-Za-z-]{1,40})/?$", views.check, name="check"),
    path("so-cap/", views.register, name="register"),
    path("so-cap/<str:serial>/", views.entry, name="entry"),
    path("giay-chung-nhan/<str:code>.pdf", views.download, name="download"),
]
