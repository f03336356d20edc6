"""The outermost layers: kept pages, the content policy, the chosen language."""

import pytest
from django.conf import settings as project
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from wagtail.models import PageViewRestriction

from courses.models import CoursePage
from home import middleware
from home.middleware import FilesByProxy
from home.models import HomePage
from home.site import create_site
from tests.factories.learning import small_course, staff

pytestmark = pytest.mark.django_db


def kept_pages() -> list[str]:
    return [key for key in caches["local"]._cache if ":page:" in key]


@pytest.fixture
def catalogue():
    return create_site()


@pytest.fixture
def publish(django_capture_on_commit_callbacks, monkeypatch):
    """Do something that editors do, and let the moment pass until processes notice."""
    monkeypatch.setattr(middleware, "STAMP_SECONDS", 0)

    def act(action):
        with django_capture_on_commit_callbacks(execute=True):
            action()

    return act


class TestAnonymousPageCache:
    def test_second_visit_asks_no_database(self, client, catalogue, django_assert_num_queries):
        first = client.get("/khoa-hoc/")
        with django_assert_num_queries(0):
            second = client.get("/khoa-hoc/")
        assert (second.status_code, second.content) == (200, first.content)

    def test_kept_page_keeps_its_headers(self, client, catalogue):
        first, second = client.get("/khoa-hoc/"), client.get("/khoa-hoc/")
        assert first.headers.pop("X-Request-ID") != second.headers.pop("X-Request-ID")
        assert dict(second.items()) == dict(first.items())

    @pytest.mark.parametrize("address", ["/", "/khoa-hoc/", "/khoa-hoc/?chu-de=digital_skills"])
    def test_public_pages_are_kept(self, client, catalogue, address):
        client.get(address)
        assert len(kept_pages()) == 1

    @pytest.mark.parametrize(
        "address",
        [
            "/khoa-hoc/?q=an+toan",
            "/khoa-hoc/?utm_source=x",
            "/khong-co/",
            "/dang-nhap/",
            "/tra-cuu/",
            "/hoc-tap/",
            "/bao-cao/",
            "/quan-tri/",
            "/healthz",
            "/ngon-ngu/",
        ],
    )
    def test_everything_else_is_made_anew(self, client, catalogue, address):
        client.get(address)
        assert kept_pages() == []

    def test_somebody_signed_in_neither_fills_nor_sees_the_cache(self, client, catalogue):
        hoa = staff("Nguyễn Thị Hoa", sign_in="hoa")
        client.get("/khoa-hoc/")
        client.force_login(hoa.user)
        assert "Nguyễn Thị Hoa" in client.get("/khoa-hoc/").content.decode()
        client.logout()
        assert "Nguyễn Thị Hoa" not in client.get("/khoa-hoc/").content.decode()

    def test_languages_and_filters_are_kept_apart(self, client, catalogue):
        vietnamese = client.get("/khoa-hoc/").content
        client.cookies[project.LANGUAGE_COOKIE_NAME] = "en"
        english = client.get("/khoa-hoc/").content
        filtered = client.get("/khoa-hoc/?chu-de=digital_skills").content
        assert len({vietnamese, english, filtered}) == 3

    def test_language_nobody_speaks_shares_the_vietnamese_page(self, client, catalogue):
        client.get("/khoa-hoc/")
        client.cookies[project.LANGUAGE_COOKIE_NAME] = "xx"
        client.get("/khoa-hoc/")
        assert len(kept_pages()) == 1

    def test_page_for_those_who_know_a_word_is_never_kept(self, client, catalogue):
        PageViewRestriction.objects.create(
            page=catalogue, restriction_type=PageViewRestriction.PASSWORD, password="hoa"
        )
        client.get("/khoa-hoc/")
        assert caches["local"]._cache == {}

    def test_page_that_sets_a_cookie_is_never_kept(self):
        def with_cookie(request):
            request.resolver_match = resolve("/tro-giup/")
            response = HttpResponse()
            response.set_cookie("a", "b")
            return response

        middleware.AnonymousPageCache(with_cookie)(RequestFactory().get("/tro-giup/"))
        assert caches["local"]._cache == {}


class TestPublishStamp:
    """What editors do is seen by the next visitor, at most STAMP_SECONDS later."""

    def titles(self, client):
        page = client.get("/khoa-hoc/").content.decode()
        return [course.title for course in CoursePage.objects.all() if course.title in page]

    def test_published_page_appears(self, client, catalogue, publish):
        assert self.titles(client) == []
        publish(lambda: small_course().save_revision().publish())
        assert self.titles(client) == [CoursePage.objects.get().title]

    def test_unpublished_page_disappears(self, client, catalogue, publish):
        course = small_course()
        assert self.titles(client) == [course.title]
        publish(course.unpublish)
        assert self.titles(client) == []

    def test_deleted_page_disappears(self, client, catalogue, publish):
        course = small_course()
        title = course.title
        assert title in client.get("/khoa-hoc/").content.decode()
        publish(course.delete)
        assert title not in client.get("/khoa-hoc/").content.decode()

    def test_moved_page_disappears(self, client, catalogue, publish):
        course = small_course()
        assert self.titles(client) == [course.title]
        publish(lambda: course.move(HomePage.objects.get(), pos="last-child"))
        assert self.titles(client) == []

    def test_stamp_is_looked_up_once_in_a_while(self, client, catalogue, monkeypatch):
        layer = middleware.AnonymousPageCache(lambda request: HttpResponse())
        first = layer._current_stamp()
        caches["default"].set(middleware.STAMP_KEY, "newer")
        assert layer._current_stamp() == first
        layer._stamp_due = 0
        assert layer._current_stamp() == "newer"


class TestFormsOnlyPage:
    def test_whoever_is_led_to_where_a_form_goes_reads_what_to_do(self, client):
        client.force_login(staff(sign_in="hoa").user)
        response = client.get("/lop/1/dang-ky/")
        assert (response.status_code, response["Allow"]) == (405, "POST")
        assert "<h1>Nội dung chưa được gửi</h1>" in response.content.decode()

    def test_machines_get_no_page(self, client):
        assert client.put("/lop/1/dang-ky/").content == b""


class TestContentSecurityPolicy:
    def test_site_allows_nothing_inline_and_nothing_from_elsewhere(self, client, catalogue):
        policy = client.get("/khoa-hoc/")["Content-Security-Policy"]
        assert policy == middleware.ContentSecurityPolicy.SITE
        assert ("unsafe" in policy, "http" in policy, "*" in policy) == (False, False, False)

    def test_administration_may_run_its_own_inline_scripts(self, client, catalogue):
        policy = client.get("/quan-tri/login/")["Content-Security-Policy"]
        assert policy == middleware.ContentSecurityPolicy.ADMIN
        assert ("http" in policy, "*" in policy) == (False, False)

    def test_error_pages_are_covered(self, client, catalogue):
        response = client.get("/khong-co/")
        assert (response.status_code, response["Content-Security-Policy"]) == (
            404,
            middleware.ContentSecurityPolicy.SITE,
        )


class TestChosenLanguage:
    @pytest.mark.parametrize(
        ("cookie", "language"), [(None, "vi"), ("vi", "vi"), ("en", "en"), ("fr", "vi")]
    )
    def test_cookie_decides_and_the_browser_is_not_asked(self, client, catalogue, cookie, language):
        if cookie:
            client.cookies[project.LANGUAGE_COOKIE_NAME] = cookie
        response = client.get("/khoa-hoc/", HTTP_ACCEPT_LANGUAGE="en,fr;q=0.5")
        assert response["Content-Language"] == language
        assert f'<html lang="{language}">' in response.content.decode()


class TestFilesByProxy:
    def answer(self, settings, folder, file):
        settings.FILES_BY_PROXY = True
        settings.PRIVATE_ROOT = folder
        made = FileResponse(file.open("rb"), as_attachment=True, filename="giấy.pdf")
        return FilesByProxy(lambda request: made)(RequestFactory().get("/"))

    def test_a_private_file_is_left_to_the_proxy(self, settings, tmp_path):
        (tmp_path / "giấy tờ.pdf").write_bytes(b"proof")
        response = self.answer(settings, tmp_path, tmp_path / "giấy tờ.pdf")
        assert response["X-Accel-Redirect"] == "/rieng-tu/gi%E1%BA%A5y%20t%E1%BB%9D.pdf"
        assert (response.content, "attachment" in response["Content-Disposition"]) == (b"", True)
        assert response["Content-Type"] == "application/pdf"

    def test_any_other_file_is_sent_from_here(self, settings, tmp_path):
        (tmp_path / "private").mkdir()
        (tmp_path / "made.xlsx").write_bytes(b"sheet")
        response = self.answer(settings, tmp_path / "private", tmp_path / "made.xlsx")
        assert (b"".join(response), "X-Accel-Redirect" in response) == (b"sheet", False)

    def test_it_is_not_there_unless_asked_for(self, settings):
        settings.FILES_BY_PROXY = False
        with pytest.raises(MiddlewareNotUsed):
            FilesByProxy(lambda request: None)
