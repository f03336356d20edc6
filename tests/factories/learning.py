"""A small course and people who can learn it. Plain functions; each makes what it needs."""

from datetime import date

from django.utils import timezone

from courses.editions import publish_edition
from courses.models import (
    CoursePage,
    Edition,
    EditionItem,
    LegalAct,
    LegalBasis,
    LessonPage,
    ModulePage,
    QuizPage,
)
from home.site import create_site
from learners.actions.attempts import open_attempt, submit_attempt
from learners.actions.progress import tick_lesson
from learners.choices import Level, StaffKind
from learners.models import (
    Attempt,
    Enrolment,
    Organisation,
    OrganisationVersion,
    Person,
    Post,
    ReportingPeriod,
    User,
)

QUESTIONS = [
    (
        "Mật khẩu nào khó đoán nhất?",
        "12345678\n* Sáng nào mẹ cũng ra chợ Vinh\nnghean2026",
    ),
    (
        "Nhận được đường dẫn lạ thì làm gì?",
        "Bấm ngay\n* Hỏi lại người gửi\n> Xem lại bài 1.",
    ),
]


def this_period() -> ReportingPeriod:
    """The administrative year of today: 15 December to 14 December."""
    today = timezone.localdate()
    year = today.year + (today >= date(today.year, 12, 15))
    period, _created = ReportingPeriod.objects.get_or_create(
        year=year,
        defaults={"starts_on": date(year - 1, 12, 15), "ends_on": date(year, 12, 14)},
    )
    return period


def unit(name: str = "Bệnh viện Hữu nghị Đa khoa Nghệ An", code: str = "") -> Organisation:
    """An organisation in force since 2020, directly below nothing."""
    code = code or f"U{Organisation.objects.count() + 1}"
    organisation, created = Organisation.objects.get_or_create(key=f"{code}@2020-01-01")
    if created:
        OrganisationVersion.objects.create(
            organisation=organisation,
            code=code,
            name=name,
            level=Level.PROVINCE,
            valid_from=date(2020, 1, 1),
        )
    return organisation


def staff(
    name: str = "Nguyễn Thị Hoa",
    *,
    at: Organisation | None = None,
    kind: StaffKind = StaffKind.PUBLIC_EMPLOYEE,
    sign_in: str = "",
) -> Person:
    """A person with one post; with an account when `sign_in` is given."""
    user = None
    if sign_in:
        user = User.objects.create_user(sign_in, password="hoc-so-nghe-an", full_name=name)
    person = Person.objects.create(
        full_name=name,
        staff_number=sign_in or None,
        birth_date=date(1990, 4, 5),
        user=user,
    )
    at = at or unit()
    Post.objects.create(
        person=person,
        managing_unit=at,
        using_unit=at,
        staff_kind=kind,
        valid_from=date(2024, 1, 1),
    )
    return person


def legal_act(title: str = "Luật An ninh mạng", **fields: object) -> LegalAct:
    act, _created = LegalAct.objects.get_or_create(
        title=title, defaults={"number": "116/2025/QH15"} | fields
    )
    return act


def small_course(
    title: str = "An toàn thông tin",
    *,
    lessons: int = 2,
    quiz: bool = True,
    **fields: object,
) -> CoursePage:
    """A live course of one module: lessons, then a quiz of two questions, with its edition."""
    catalog = create_site()
    course = catalog.add_child(
        instance=CoursePage(
            title=title,
            summary="Giữ an toàn khi làm việc trên mạng.",
            **{
                "topic": "digital_skills",
                "audiences": ["official"],
                "hours": 3,
                "completion": "everything",
                "legal_bases": [LegalBasis(act=legal_act())],
            }
            | fields,
        )
    )
    module = course.add_child(instance=ModulePage(title="Phần 1"))
    for number in range(1, lessons + 1):
        module.add_child(
            instance=LessonPage(
                title=f"Bài {number}",
                minutes=10,
                body=[("text", f"<p>Nội dung bài {number}.</p>")],
            )
        )
    if quiz:
        module.add_child(
            instance=QuizPage(
                title="Kiểm tra",
                pass_mark=50,
                questions=[
                    ("question", {"stem": stem, "choices": choices}) for stem, choices in QUESTIONS
                ],
            )
        )
    publish_edition(course)
    return course


def edition_of(course: CoursePage) -> Edition:
    return Edition.objects.filter(course=course).order_by("-number").first()


def items_of(course: CoursePage) -> list[EditionItem]:
    return list(edition_of(course).items.all())


def answer_rightly(attempt: Attempt) -> None:
    """Keep the right answer of every question, without handing in."""
    attempt.answers = {
        str(index): [place for place, choice in enumerate(asked["choices"]) if choice["right"]]
        for index, asked in enumerate(attempt.asked())
    }
    attempt.save(update_fields=["answers"])


def learnt(enrolment: Enrolment) -> Enrolment:
    """The enrolment after every lesson was ticked and every quiz passed."""
    for item in enrolment.edition.items.all():
        if item.kind == "lesson":
            tick_lesson(enrolment=enrolment, item=item)
        else:
            attempt = open_attempt(enrolment=enrolment, item=item)
            answer_rightly(attempt)
            submit_attempt(attempt=attempt)
    enrolment.refresh_from_db()
    return enrolment
