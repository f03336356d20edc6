from django.urls import URLPattern, URLResolver, include, path

from learners.views import (
    attendance_lists,
    claims,
    class_desk,
    class_notices,
    classes,
    edition_moves,
    evidence,
    learning,
    marking,
    packages,
    personal_data,
    question_statistics,
    quiz,
    session_desk,
    signup,
    subject_requests,
    surveys,
)

app_name = "learners"

Addresses = list[URLPattern | URLResolver]

# Grouped by the first word, so that the most visited ones are found without trying all others.
my_learning: Addresses = [
    path("", learning.my_learning, name="my_learning"),
    path("tu-boi-duong/", claims.mine, name="claims"),
    path("tu-boi-duong/khai-bao/", claims.edit, name="new_claim"),
    path("tu-boi-duong/<int:pk>/", claims.detail, name="claim"),
    path("tu-boi-duong/<int:pk>/sua/", claims.edit, name="edit_claim"),
    path("tu-boi-duong/<int:pk>/rut-lai/", claims.take_back, name="take_back_claim"),
    path("ma-diem-danh/", classes.own_code, name="own_code"),
    path("qua-trinh/", learning.history, name="history"),
    path("nhan-luot-hoc/", classes.claim_slip, name="claim_slip"),
    path("du-lieu-cua-toi/", personal_data.mine, name="own_data"),
    path("du-lieu-cua-toi/de-nghi/", subject_requests.ask, name="ask_about_data"),
    path("du-lieu-cua-toi/<int:pk>/rut-lai/", subject_requests.take_back, name="take_back_request"),
    path("<slug:slug>/", learning.course_home, name="course_home"),
    path("<slug:slug>/ghi-danh/", learning.enrol_course, name="enrol"),
    path("<slug:slug>/y-kien/", surveys.course_survey, name="course_survey"),
    path("<slug:slug>/<int:position>/", learning.item, name="item"),
    path("<slug:slug>/<int:position>/xong/", learning.complete_lesson, name="complete_lesson"),
    path("<slug:slug>/<int:position>/goi/<int:part>/", packages.commit_part, name="commit_part"),
    path("<slug:slug>/<int:position>/lam-bai/", quiz.start, name="start_quiz"),
    path("<slug:slug>/<int:position>/cau/<int:number>/", quiz.question, name="question"),
    path("<slug:slug>/<int:position>/nop-bai/", quiz.review, name="review"),
    path("<slug:slug>/<int:position>/ket-qua/<int:number>/", quiz.result, name="result"),
]
marking_desk: Addresses = [
    path("", marking.queue, name="marking"),
    path("<int:pk>/<int:index>/", marking.mark, name="mark"),
    path("khoa/<int:pk>/y-kien/", surveys.course_opinions, name="course_opinions"),
    path("khoa/<int:pk>/phien-ban/", edition_moves.move_people, name="move_people"),
    path("de/<int:pk>/", marking.quiz_desk, name="quiz_desk"),
    path("de/<int:pk>/dap-an/<slug:ref>/", marking.correct, name="correct_key"),
    path("de/<int:pk>/thong-ke.xlsx", question_statistics.quiz_xlsx, name="quiz_xlsx"),
    path("de/<int:pk>/bai-giay/", marking.paper, name="paper_result"),
    path("trang/<int:pk>/", marking.quiz_of_page, name="quiz_of_page"),
    path("ngan-hang/<int:pk>/", question_statistics.bank, name="bank_statistics"),
    path("ngan-hang/<int:pk>/thong-ke.xlsx", question_statistics.bank_xlsx, name="bank_xlsx"),
]
class_desk_pages: Addresses = [
    path("", class_desk.desk, name="class_desk"),
    path("may-doc.js", session_desk.service_worker, name="check_in_worker"),
    path("<int:pk>/", class_desk.kept_class, name="kept_class"),
    path("<int:pk>/giao/", class_desk.entrust, name="entrust"),
    path("<int:pk>/bao-tin/", class_notices.told, name="class_told"),
    path("<int:pk>/huy/", class_notices.cancel, name="cancel_class"),
    path("<int:pk>/ke-hoach/", class_desk.tag_class, name="tag_class"),
    path("<int:pk>/xep-cho/", class_desk.hand_out_seats, name="hand_out_seats"),
    path("<int:pk>/y-kien/", surveys.class_opinions, name="class_opinions"),
    path("<int:pk>/minh-chung/", evidence.packs, name="evidence"),
    path("minh-chung/<uuid:pk>/tai-ve/", evidence.fetch, name="fetch_evidence"),
    path("<int:pk>/nhap-diem-danh/", attendance_lists.bring, name="bring_attendance"),
    path("<int:pk>/nhap-diem-danh/mau/", attendance_lists.list_form, name="attendance_form"),
    path("diem-danh/<uuid:pk>/", attendance_lists.attendance_list, name="attendance_list"),
    path("buoi/<int:pk>/", session_desk.session_list, name="session"),
    path("buoi/<int:pk>/co-mat/", session_desk.tick, name="tick"),
    path("buoi/<int:pk>/dong-bo/", session_desk.synchronise, name="synchronise"),
    path("buoi/<int:pk>/nguoi-moi/", session_desk.walk_in, name="walk_in"),
    path("buoi/<int:pk>/ma-tuong/", session_desk.wall_page, name="wall_page"),
    path("buoi/<int:pk>/phieu-ky/", session_desk.compare_sheet, name="compare_sheet"),
    path("buoi/<int:pk>/phieu-ky/them/", session_desk.add_sheet, name="add_sheet"),
    path("phieu-ky/<uuid:pk>/", session_desk.sheet_file, name="sheet_file"),
]
class_pages: Addresses = [
    path("", classes.classes, name="classes"),
    path("<int:pk>/", classes.class_detail, name="class"),
    path("<int:pk>/dang-ky/", classes.sign_up, name="take_seat"),
    path("<int:pk>/rut/", classes.withdraw, name="give_seat_back"),
    path("<int:pk>/lich.ics", classes.calendar, name="calendar"),
    path("phu-trach/", include(class_desk_pages)),
]

urlpatterns = [
    path("hoc-tap/", include(my_learning)),
    path("lop/", include(class_pages)),
    path("cham-bai/", include(marking_desk)),
    path("dang-ky/", signup.sign_up_page, name="sign_up"),
    path("minh-chung/<uuid:pk>/", claims.proof_file, name="proof"),
    path("y-kien/lop/<int:pk>/", surveys.class_survey, name="class_survey"),
    path("y-kien/cam-on/", surveys.thanks, name="survey_thanks"),
    path("diem-danh/<int:pk>/<slug:code>/", classes.wall, name="wall"),
]
