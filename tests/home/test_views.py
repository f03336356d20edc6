"""Language and error pages."""

import pytest
from django.conf import settings as project
from django.test import Client, RequestFactory

from home import health, views
from home.site import create_site

pytestmark = pytest.mark.django_db


class TestChooseLanguage:
    def choose(self, client, **posted):
        return client.post("/ngon-ngu/", posted)

    def test_choice_is_kept_for_a_year_and_leads_back(self, client):
        response = self.choose(client, language="en", next="/khoa-hoc/?chu-de=digital_skills")
        cookie = response.cookies[project.LANGUAGE_COOKIE_NAME]
        assert (response.status_code, response["Location"]) == (
            302,
            "/khoa-hoc/?chu-de=digital_skills",
        )
        assert (cookie.value, cookie["max-age"], cookie["httponly"]) == ("en", 31536000, True)

    @pytest.mark.parametrize(
        "address",
        ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", ""],
    )
    def test_never_leads_to_another_site(self, client, address):
        assert self.choose(client, language="en", next=address)["Location"] == "/"

    def test_unknown_language_changes_nothing(self, client):
        response = self.choose(client, language="fr", next="/")
        assert (response.status_code, dict(response.cookies)) == (302, {})

    def test_page_asks_and_remembers_where_one_was(self, client):
        response = client.get("/ngon-ngu/", {"next": "/tro-giup/"})
        assert (response.status_code, response.context["next"]) == (200, "/tro-giup/")

    def test_choice_needs_the_form_token(self):
        response = Client(enforce_csrf_checks=True).post("/ngon-ngu/", {"language": "en"})
        assert response.status_code == 403
        assert next(template.name for template in response.templates) == "403_csrf.html"


class TestErrorPages:
    def test_unknown_address(self, client):
        create_site()
        response = client.get("/khong-co/")
        assert (response.status_code, response.templates[0].name) == (404, "404.html")

    def test_host_that_is_not_ours(self, client):
        response = client.get("/khoa-hoc/", HTTP_HOST="evil.example")
        assert (response.status_code, response.templates[0].name) == (400, "400.html")

    def test_refused(self):
        assert views.permission_denied(request(), PermissionError()).status_code == 403

    def test_too_many(self):
        assert views.too_many_requests(request()).status_code == 429

    def test_failure_needs_neither_context_nor_database(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = views.server_error(request())
        page = response.content.decode()
        assert (response.status_code, "<h1>" in page, "{{" in page) == (500, True, False)

    def test_failure_in_a_view_shows_that_page(self, monkeypatch):
        def fail(*args, **kwargs):
            raise ValueError("secret detail")

        monkeypatch.setattr(health.shutil, "disk_usage", fail)
        response = Client(raise_request_exception=False).get("/readyz")
        assert (response.status_code, "secret detail" in response.content.decode()) == (500, False)


def request():
    asked = RequestFactory().get("/")
    asked.COOKIES = {}
    return asked
