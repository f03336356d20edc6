"""An author brings a course along: looks first, then takes it in."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.models import CoursePage
from home.site import create_site
from learners.models import User
from tests.courses.imports.test_cartridge import cartridge

pytestmark = pytest.mark.django_db

PAGE, TAKE_IN = "/quan-tri/courses-import/", "/quan-tri/courses-import/in/"


@pytest.fixture
def author(client):
    create_site()
    thu = User.objects.create_superuser("thu", password="hoc-so-nghe-an")
    client.force_login(thu)
    return client


def sent(data: bytes) -> dict:
    return {"file": SimpleUploadedFile("khoa.imscc", data)}


def test_a_file_is_looked_into_before_it_is_taken_in(author):
    trial = author.post(PAGE, sent(cartridge()))
    assert CoursePage.objects.count() == 0
    kept = {"key": trial.context["key"], "name": "khoa.imscc"}
    assert author.post(TAKE_IN, kept).status_code == 200
    assert CoursePage.objects.get().title == "Khóa mẫu"
    assert author.post(TAKE_IN, kept).url == PAGE


def test_a_file_of_another_kind_gets_a_sentence(author):
    page = author.post(PAGE, sent(b"hello"))
    assert (page.status_code, CoursePage.objects.count()) == (422, 0)
    assert page.context["form"].errors["file"]


def test_whoever_writes_no_courses_does_not_get_in(client):
    create_site()
    moderator = User.objects.create_user("ha", password="hoc-so-nghe-an", is_staff=True)
    moderator.groups.add(*Group.objects.filter(name="Không có nhóm này"))
    client.force_login(moderator)
    assert client.get(PAGE).status_code in (302, 403)
    assert client.post(PAGE, sent(cartridge())).status_code in (302, 403)
    assert CoursePage.objects.count() == 0
