"""Courses as an author has them in hand. Plain functions; each makes what it needs."""

from typing import Any

from django.test import Client
from django.urls import reverse

from courses.models import CoursePage, LegalBasis, LessonPage, ModulePage
from home.site import create_site
from tests.factories.learning import legal_act


def admin_client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def draft_course(*, lesson_live: bool = True, **fields: Any) -> CoursePage:
    """A draft that a form has saved, with a module and a lesson; complete unless told."""
    course = create_site().add_child(
        instance=CoursePage(
            **{"title": "Chữ ký số", "summary": "Ký và kiểm tra.", "live": False}
            | complete()
            | fields
        )
    )
    course.save_revision(clean=False)
    module = course.add_child(instance=ModulePage(title="Phần 1"))
    module.add_child(
        instance=LessonPage(title="Bài 1", body=[("text", "<p>Chào.</p>")], live=lesson_live)
    )
    return course


def complete() -> dict[str, Any]:
    return {
        "topic": "digital_skills",
        "audiences": ["official"],
        "hours": 3,
        "completion": "everything",
        "legal_bases": [LegalBasis(act=legal_act())],
    }


def course_form(course: CoursePage, **changes: Any) -> dict[str, Any]:
    """What the browser sends from the course's edit page; a change of None leaves a field out."""
    bases = list(course.legal_bases.all())
    data: dict[str, Any] = {
        "title": course.title,
        "slug": course.slug,
        "summary": course.summary,
        "gains": "null",
        "introduction-count": "0",
        "topic": course.topic,
        "hours": course.hours or "",
        "completion": course.completion,
        "audiences": course.audiences,
        "framework": "",
        "legal_bases-TOTAL_FORMS": len(bases),
        "legal_bases-INITIAL_FORMS": sum(bool(basis.pk) for basis in bases),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    for number, basis in enumerate(bases):
        data[f"legal_bases-{number}-id"] = basis.pk or ""
        data[f"legal_bases-{number}-act"] = basis.act_id
        data[f"legal_bases-{number}-ORDER"] = number + 1
        data[f"legal_bases-{number}-DELETE"] = ""
    return {name: value for name, value in (data | changes).items() if value is not None}


def edit_url(course: CoursePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[course.pk])
