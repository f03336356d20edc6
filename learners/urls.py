from django.urls import path

from learners.views import claims, learning, quiz, signup

app_name = "learners"

urlpatterns = [
    path("dang-ky/", signup.sign_up_page, name="sign_up"),
    path("hoc-tap/", learning.my_learning, name="my_learning"),
    path("hoc-tap/tu-boi-duong/", claims.mine, name="claims"),
    path("hoc-tap/tu-boi-duong/khai-bao/", claims.edit, name="new_claim"),
    path("hoc-tap/tu-boi-duong/<int:pk>/", claims.detail, name="claim"),
    path("hoc-tap/tu-boi-duong/<int:pk>/sua/", claims.edit, name="edit_claim"),
    path("hoc-tap/tu-boi-duong/<int:pk>/rut-lai/", claims.take_back, name="take_back_claim"),
    path("minh-chung/<uuid:pk>/", claims.proof_file, name="proof"),
    path("hoc-tap/<slug:slug>/", learning.course_home, name="course_home"),
    path("hoc-tap/<slug:slug>/ghi-danh/", learning.enrol_course, name="enrol"),
    path("hoc-tap/<slug:slug>/<int:position>/", learning.item, name="item"),
    path(
        "hoc-tap/<slug:slug>/<int:position>/xong/", learning.complete_lesson, name="complete_lesson"
    ),
    path("hoc-tap/<slug:slug>/<int:position>/lam-bai/", quiz.start, name="start_quiz"),
    path("hoc-tap/<slug:slug>/<int:position>/cau/<int:number>/", quiz.question, name="question"),
    path("hoc-tap/<slug:slug>/<int:position>/nop-bai/", quiz.review, name="review"),
    path("hoc-tap/<slug:slug>/<int:position>/ket-qua/<int:number>/", quiz.result, name="result"),
]
