"""Reports: what HR officers and leaders open daily. All of it is bounded by their scope."""

from django.urls import path, re_path

from home import dashboards, leader, report_files, snapshot_files
from learners.views import (
    accounts,
    assignments,
    desk,
    outside,
    reminders,
    snapshots,
    staff,
    staff_lists,
)

app_name = "reports"

urlpatterns = [
    path("", dashboards.goals, name="goals"),
    path("tong-quan/", leader.overview, name="overview"),
    path("tong-quan/pdf/", leader.overview_pdf, name="overview_pdf"),
    path("tep/", report_files.index, name="files"),
    path("tep/moi/", report_files.ask, name="ask_file"),
    path("tep/<uuid:pk>/", report_files.detail, name="file"),
    path("tep/<uuid:pk>/tai-ve/", report_files.fetch, name="fetch_file"),
    path("don-vi/", staff.units, name="units"),
    path("don-vi/tai-ve/", report_files.units, name="units_xlsx"),
    path("danh-sach/", staff.people, name="people"),
    path("danh-sach/tai-ve/", report_files.people, name="people_xlsx"),
    path("giao-hoc/", assignments.index, name="assignments"),
    path("giao-hoc/moi/", assignments.new, name="new_assignment"),
    path("giao-hoc/<int:pk>/", assignments.detail, name="assignment"),
    path("giao-hoc/<int:pk>/danh-sach/", assignments.people, name="assigned_people"),
    path("giao-hoc/<int:pk>/thu-hoi/", assignments.withdraw, name="withdraw_assignment"),
    path("nhap-ket-qua/", outside.index, name="results"),
    path("nhap-ket-qua/<uuid:pk>/", outside.detail, name="results_file"),
    path("nhap-ket-qua/<uuid:pk>/nhap/", outside.begin, name="begin_results"),
    path("nhap-ket-qua/<uuid:pk>/dong/", outside.rows, name="results_rows"),
    path("nhap-ket-qua/<uuid:pk>/dong/tai-ve/", outside.rows_xlsx, name="results_rows_xlsx"),
    path("nhap-ket-qua/<uuid:pk>/dong/<int:row_pk>/", outside.row, name="results_row"),
    path("so-lieu-chot/", snapshots.index, name="snapshots"),
    path("so-lieu-chot/<int:pk>/", snapshots.detail, name="snapshot"),
    path("so-lieu-chot/<int:pk>/danh-sach/", snapshots.people, name="snapshot_people"),
    re_path(
        r"^so-lieu-chot/(?P<pk>\d{1,9})/(?P<what>kiem-tra|ky|khoa)/$",
        snapshots.step,
        name="snapshot_step",
    ),
    re_path(
        r"^so-lieu-chot/(?P<pk>\d{1,9})/so-lieu\.(?P<form>xlsx|pdf)$",
        snapshot_files.snapshot_file,
        name="snapshot_file",
    ),
    path("nhap-danh-sach/", staff_lists.index, name="staff_lists"),
    path("nhap-danh-sach/<int:pk>/", staff_lists.detail, name="staff_list"),
    path("nhap-danh-sach/<int:pk>/ap-dung/", staff_lists.begin, name="apply_staff_list"),
    path("nhap-danh-sach/<int:pk>/dong/", staff_lists.rows, name="staff_list_rows"),
    path("nhap-danh-sach/<int:pk>/dong/tai-ve/", staff_lists.rows_xlsx, name="staff_rows_xlsx"),
    path("nhac/", reminders.prepare, name="remind"),
    path("nhac/<int:pk>/", reminders.run, name="reminder_run"),
    path("luot-tham-gia/", staff.participations, name="participations"),
    path("luot-tham-gia/tai-ve/", report_files.participations, name="participations_xlsx"),
    path("nguoi/<int:pk>/", staff.person, name="person"),
    path("nguoi/<int:pk>/tai-khoan/", accounts.switch, name="switch_account"),
    path("tai-khoan/", accounts.accounts, name="accounts"),
    path("tai-khoan/phieu/", accounts.sheets, name="sheets"),
    path("duyet/", desk.queue, name="claims"),
    path("duyet/nhieu/", desk.approve_many, name="approve_many"),
    path("duyet/<int:pk>/", desk.look, name="claim"),
    path("duyet/<int:pk>/quyet-dinh/", desk.decide, name="decide_claim"),
    path("duyet/kiem-tra-lai/", desk.rechecks, name="rechecks"),
    path("duyet/kiem-tra-lai/<int:pk>/", desk.recheck, name="recheck"),
]
