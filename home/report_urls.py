"""Reports: what HR officers and leaders open daily. All of it is bounded by their scope."""

from django.urls import path

from home import dashboards
from learners.views import downloads, staff

app_name = "reports"

urlpatterns = [
    path("", dashboards.goals, name="goals"),
    path("don-vi/", staff.units, name="units"),
    path("don-vi/tai-ve/", downloads.units, name="units_xlsx"),
    path("danh-sach/", staff.people, name="people"),
    path("danh-sach/tai-ve/", downloads.people, name="people_xlsx"),
    path("luot-tham-gia/", staff.participations, name="participations"),
    path("luot-tham-gia/tai-ve/", downloads.participations, name="participations_xlsx"),
    path("nguoi/<int:pk>/", staff.person, name="person"),
]
