"""Addresses for other systems. A second version of the API would stand beside the first."""

from django.urls import path

from home.feeds import views

app_name = "feeds"

urlpatterns = [
    path("api/v1/openapi.json", views.description, name="openapi"),
    path("api/v1/indicators.json", views.indicators_json, name="indicators"),
    path("api/v1/indicators.xlsx", views.indicators_xlsx, name="indicators_xlsx"),
    path("api/v1/units.json", views.units_json, name="units"),
    path("api/v1/aggregates.json", views.aggregates_json, name="aggregates"),
    path("du-lieu-mo/", views.open_data, name="open_data"),
    path("du-lieu-mo/catalogue.jsonld", views.open_data_catalogue, name="catalogue"),
    path("du-lieu-mo/<slug:name>.csv", views.open_data_csv, name="open_data_csv"),
    path("du-lieu-mo/<slug:name>.json", views.open_data_json, name="open_data_json"),
]
