from django.urls import path

from home import dashboards

app_name = "reports"

urlpatterns = [
    path("", dashboards.goals, name="goals"),
]
