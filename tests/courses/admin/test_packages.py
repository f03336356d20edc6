"""Learning packages in Wagtail's administration."""

import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from courses.models import LessonPage, Package
from home.site import AUTHORS, create_site
from learners.models import User
from tests.factories.files import upload
from tests.factories.learning import small_course
from tests.factories.packages import h5p, scorm

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client):
    """A client signed in as somebody of the authors' group."""
    create_site()
    user = User.objects.create_user("NA5", password="hoc-so-nghe-an", full_name="Hạnh")
    user.groups.add(Group.objects.get(name=AUTHORS))
    client.force_login(user)
    return client


def bring(author, data: bytes) -> Package:
    page = author.post(
        reverse("package:add"), {"title": "", "file": upload(data, "goi.zip")}, follow=True
    )
    package = Package.objects.get()
    assert page.redirect_chain[-1][0] == reverse("package:inspect", args=[package.pk])
    return package


@pytest.mark.parametrize("data", [h5p(), scorm(parts=2)], ids=["h5p", "scorm"])
def test_package_is_brought_in_and_tried(author, data):
    package = bring(author, data)
    trial = author.get(reverse("package:inspect", args=[package.pk]))
    assert f"/goi/{package.folder}" in trial.content.decode()
    assert "frame-src http://localhost" in trial["Content-Security-Policy"]


def test_trial_says_what_each_rule_makes_of_it(author):
    package = bring(author, h5p())
    address = reverse("package:inspect", args=[package.pk])
    said = {"cmi": {"finished": True, "raw": 1, "max": 2}, "mastery": ""}
    answer = author.post(address, json.dumps(said), "application/json")
    assert answer.json() == {"score": 50, "met": {"said": True, "passed": False}}


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"cmi": [], "mastery": ""}', "\xff"])
def test_trial_refuses_what_it_cannot_read(author, body):
    package = bring(author, h5p())
    answer = author.post(reverse("package:inspect", args=[package.pk]), body, "application/json")
    assert answer.status_code == 400


def test_broken_file_is_refused_beside_the_field(author):
    page = author.post(reverse("package:add"), {"title": "", "file": upload(b"x", "goi.h5p")})
    assert (page.status_code, Package.objects.count()) == (200, 0)
    assert "zip" in page.context["form"].errors["file"][0]


def test_lesson_that_asks_for_a_score_names_it():
    course = small_course(lessons=1, quiz=False)
    lesson = LessonPage.objects.descendant_of(course).get()
    lesson.package_rule = "score"
    with pytest.raises(Exception, match="điểm"):
        lesson.full_clean()
