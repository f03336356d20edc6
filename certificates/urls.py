from django.urls import path, re_path

from certificates.views import (
    badges,
    book,
    bundles,
    downloads,
    hand_over,
    lists,
    own_badges,
    register,
    signatures,
    verify,
    withheld,
)

app_name = "certificates"

urlpatterns = [
    path("tra-cuu/", verify.verify, name="verify"),
    path("tra-cuu/huy-hieu/", verify.check_badge, name="check_badge"),
    # The QR is printed in capitals, its shortest form; so the route ignores case.
    re_path(r"^[xX]/(?P<code>[0-9A-Za-z-]{1,40})/?$", verify.check, name="check"),
    path("x/<str:code>/tep/", verify.compare, name="compare"),
    path("so-cap/", register.register, name="register"),
    path("so-cap/bao-cao/", book.book, name="book"),
    path("so-cap/bao-cao.xlsx", book.book_xlsx, name="book_xlsx"),
    path("so-cap/ky-so/", signatures.online, name="online_signatures"),
    path("so-cap/giu-lai/", withheld.withheld, name="withheld"),
    path("so-cap/<str:serial>/", register.entry, name="entry"),
    path("cap-giay/", lists.desk, name="desk"),
    path("cap-giay/lop/<int:pk>/", lists.class_papers, name="class_papers"),
    path("cap-giay/danh-sach/<int:pk>/", lists.issue_list, name="list"),
    path("cap-giay/danh-sach/<int:pk>/bo/", lists.discard_list, name="discard_list"),
    path("cap-giay/danh-sach/<int:pk>/tiep-tuc/", lists.resume_list, name="resume_list"),
    path("cap-giay/danh-sach/<int:pk>/quyet-dinh/", lists.scan_file, name="decision_scan"),
    path("cap-giay/danh-sach/<int:pk>/giao/", hand_over.hand_over_list, name="hand_over"),
    path("cap-giay/danh-sach/<int:pk>/tep/", bundles.bundles, name="bundles"),
    path("cap-giay/tep/<uuid:pk>/", bundles.fetch_bundle, name="fetch_bundle"),
    path("cap-giay/danh-sach/<int:pk>/ky-so/", signatures.batch, name="batch"),
    path("cap-giay/danh-sach/<int:pk>/ky-so/<int:part>.zip", signatures.export, name="export"),
    path("cap-giay/danh-sach/<int:pk>/ky-so/ky/", signatures.sign_all, name="sign_all"),
    path(".well-known/did.json", badges.did, name="did"),
    path(".well-known/jwks.json", badges.jwks, name="jwks"),
    path("huy-hieu/don-vi-cap.json", badges.profile, name="issuer_profile"),
    path("huy-hieu/<str:key>.json", badges.achievement, name="achievement"),
    path("huy-hieu/<str:key>.png", badges.achievement_picture, name="achievement_picture"),
    path("huy-hieu/trang-thai/<int:number>", badges.status_list, name="status_list"),
    path("giay-chung-nhan/<str:code>/huy-hieu/", own_badges.badge, name="badge"),
    path("giay-chung-nhan/<str:code>/huy-hieu/cho-xem/", own_badges.show_badge, name="show_badge"),
    path("giay-chung-nhan/<str:code>/huy-hieu/thoi/", own_badges.hide_badge, name="hide_badge"),
    path(
        "giay-chung-nhan/<str:code>/huy-hieu.jwt",
        own_badges.badge_credential,
        name="badge_credential",
    ),
    path("giay-chung-nhan/<str:code>/huy-hieu.png", own_badges.badge_png, name="badge_png"),
    path("giay-chung-nhan/<str:code>.pdf", downloads.download, name="download"),
]
