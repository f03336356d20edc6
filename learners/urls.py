from django.urls import path

from learners.views import claims, class_desk, classes, learning, quiz, session_desk, signup

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
    path("hoc-tap/ma-diem-danh/", classes.own_code, name="own_code"),
    path("hoc-tap/nhan-luot-hoc/", classes.claim_slip, name="claim_slip"),
    path("lop/", classes.classes, name="classes"),
    path("lop/<int:pk>/", classes.class_detail, name="class"),
    path("lop/<int:pk>/dang-ky/", classes.sign_up, name="take_seat"),
    path("lop/<int:pk>/rut/", classes.withdraw, name="give_seat_back"),
    path("lop/<int:pk>/lich.ics", classes.calendar, name="calendar"),
    path("lop/phu-trach/", class_desk.desk, name="class_desk"),
    path("lop/phu-trach/may-doc.js", session_desk.service_worker, name="check_in_worker"),
    path("lop/phu-trach/<int:pk>/", class_desk.kept_class, name="kept_class"),
    path("lop/phu-trach/<int:pk>/giao/", class_desk.entrust, name="entrust"),
    path("lop/phu-trach/<int:pk>/xep-cho/", class_desk.hand_out_seats, name="hand_out_seats"),
    path("lop/phu-trach/buoi/<int:pk>/", session_desk.session_list, name="session"),
    path("lop/phu-trach/buoi/<int:pk>/co-mat/", session_desk.tick, name="tick"),
    path("lop/phu-trach/buoi/<int:pk>/dong-bo/", session_desk.synchronise, name="synchronise"),
    path("lop/phu-trach/buoi/<int:pk>/nguoi-moi/", session_desk.walk_in, name="walk_in"),
    path("lop/phu-trach/buoi/<int:pk>/ma-tuong/", session_desk.wall_page, name="wall_page"),
    path("lop/phu-trach/buoi/<int:pk>/phieu-ky/", session_desk.compare_sheet, name="compare_sheet"),
    path("lop/phu-trach/buoi/<int:pk>/phieu-ky/them/", session_desk.add_sheet, name="add_sheet"),
    path("lop/phu-trach/phieu-ky/<uuid:pk>/", session_desk.sheet_file, name="sheet_file"),
    path("diem-danh/<int:pk>/<slug:code>/", classes.wall, name="wall"),
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
