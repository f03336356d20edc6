"""The people of the demo world who can sign in, and what stands around them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from certificates.models import Decision
from courses.choices import ECOMMERCE_TOPICS, ClassMode, PlanSolution, PlanTask, Topic
from courses.models import ClassGroup, ClassSession, CoursePage, Provider
from home.site import AUTHORS
from learners.choices import Role, StaffKind
from learners.models import (
    OrganisationVersion,
    Person,
    Post,
    ReportingPeriod,
    RoleGrant,
    User,
)

PASSWORD = "hoc-so-nghe-an"  # noqa: S105  of invented people
"""Of every demo account; 14 characters, as the rule asks."""


@dataclass(frozen=True)
class Member:
    sign_in: str
    full_name: str
    unit_code: str
    staff_kind: str
    title: str
    birth_date: date
    phone: str = ""
    role: str = ""
    role_unit: str = ""
    group: str = ""
    is_superuser: bool = False


CAST = (
    Member(
        "NA900001",
        "Nguyễn Thị Hoa",
        "NA-BVHNDK",
        StaffKind.PUBLIC_EMPLOYEE,
        "Điều dưỡng",
        date(1990, 4, 5),
        phone="+84912345678",
    ),
    Member(
        "NA900002",
        "Trần Văn Minh",
        "NA-SYT",
        StaffKind.CIVIL_SERVANT,
        "Chuyên viên tổ chức cán bộ",
        date(1985, 9, 12),
        role=Role.OFFICER,
        role_unit="NA-SYT",
    ),
    Member(
        "NA900003",
        "Phan Thị Lan",
        "NA-SGDDT",
        StaffKind.CIVIL_SERVANT,
        "Chuyên viên tổ chức cán bộ",
        date(1988, 2, 20),
        role=Role.OFFICER,
        role_unit="NA-SGDDT",
    ),
    Member(
        "NA900004",
        "Hồ Đức Thịnh",
        "NA-VPUB",
        StaffKind.CADRE,
        "Lãnh đạo tỉnh",
        date(1972, 11, 3),
        role=Role.LEADER,
        role_unit="H41",
    ),
    Member(
        "NA900005",
        "Cao Thị Thu",
        "NA-SKHCN-2025",
        StaffKind.CIVIL_SERVANT,
        "Biên soạn khóa học",
        date(1991, 7, 30),
        group=AUTHORS,
    ),
    Member(
        "NA900006",
        "Đặng Quốc Việt",
        "NA-TTR",
        StaffKind.CIVIL_SERVANT,
        "Thanh tra viên",
        date(1980, 1, 15),
        role=Role.AUDITOR,
        role_unit="H41",
    ),
    Member(
        "quantri",
        "Lê Thị Quỳnh",
        "NA-SKHCN-2025",
        StaffKind.CIVIL_SERVANT,
        "Quản trị hệ thống",
        date(1987, 5, 25),
        is_superuser=True,
    ),
)


def create_cast() -> None:
    """Accounts, persons, posts and roles of the cast. Idempotent."""
    for member in CAST:
        user, created = User.objects.get_or_create(
            username=member.sign_in,
            defaults={
                "full_name": member.full_name,
                "phone": member.phone or None,
                "is_superuser": member.is_superuser,
                "is_staff": member.is_superuser,
            },
        )
        if not created:
            continue
        user.set_password(PASSWORD)
        user.save()
        person = Person.objects.create(
            user=user,
            full_name=member.full_name,
            staff_number=member.sign_in.upper(),
            birth_date=member.birth_date,
            phone=member.phone,
        )
        unit = _organisation(member.unit_code)
        Post.objects.create(
            person=person,
            managing_unit_id=unit,
            using_unit_id=unit,
            staff_kind=member.staff_kind,
            title=member.title,
            valid_from=date(2025, 7, 1),
        )
        if member.role:
            RoleGrant.objects.create(
                user=user,
                role=member.role,
                organisation_id=_organisation(member.role_unit),
                valid_from=date(2025, 7, 1),
            )
        if member.group:
            user.groups.add(Group.objects.get(name=member.group))


def _organisation(code: str) -> int:
    return OrganisationVersion.objects.on(timezone.localdate()).get(code=code).organisation_id


def open_online_classes() -> None:
    """One online class of the year for each e-commerce course. Idempotent."""
    provider, _created = Provider.objects.get_or_create(
        name="Trường Đại học Vinh", defaults={"is_educational_institution": True}
    )
    period = ReportingPeriod.objects.covering(timezone.localdate()).get()
    for course in CoursePage.objects.filter(topic__in=[str(topic) for topic in ECOMMERCE_TOPICS]):
        ClassGroup.objects.get_or_create(
            code=f"TT-{period.year}-{course.slug}"[:40],
            defaults={
                "title": f"Lớp trực tuyến {period.year}: {course.title}"[:200],
                "provider": provider,
                "course": course,
                "topic": course.topic,
                "mode": ClassMode.ONLINE,
                "hours": course.hours or 1,
                "starts_on": period.starts_on,
                "ends_on": period.ends_on,
            },
        )


def open_class_in_a_room() -> None:
    """One class that anybody can sign up for, in two sessions a week from now. Idempotent."""
    provider, _created = Provider.objects.get_or_create(
        name="Trường Đại học Vinh", defaults={"is_educational_institution": True}
    )
    first = timezone.localdate() + timedelta(days=7)
    group, created = ClassGroup.objects.get_or_create(
        code="TMDT-DEMO",
        defaults={
            "title": "Bán hàng trên sàn thương mại điện tử cho người mới",
            "provider": provider,
            "topic": Topic.ECOMMERCE_SKILLS,
            "mode": ClassMode.ONSITE,
            "hours": 8,
            "summary": "Mở gian hàng, chụp ảnh sản phẩm, trả lời khách và giao hàng đúng luật."
            " Mang theo điện thoại và một sản phẩm của bạn.",
            "for_whom": "Hộ kinh doanh, hợp tác xã, làng nghề, thanh niên khởi nghiệp",
            "trainers": "ThS. Lê Thị Mẫu",
            "venue": "Phòng 301, nhà A1, Trường Đại học Vinh",
            "commune_code": "16690",
            "starts_on": first,
            "ends_on": first + timedelta(days=1),
            "capacity": 40,
            "is_open": True,
            "tasks": [PlanTask.ECONOMY, PlanTask.SOCIETY],
            "solutions": [PlanSolution.COMMUNICATIONS, PlanSolution.MODELS],
        },
    )
    if created:
        for day in (first, first + timedelta(days=1)):
            start = timezone.make_aware(datetime.combine(day, time(8)))
            ClassSession.objects.create(
                class_group=group, starts_at=start, ends_at=start + timedelta(hours=4)
            )


def sign_standing_decision() -> None:
    """The decision under which the demo's online courses yield papers. Idempotent."""
    Decision.objects.get_or_create(
        number="01/QĐ-SKHCN (dữ liệu mẫu)",
        defaults={
            "signed_on": date(2026, 1, 5),
            "governing_body": "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN",
            "issuing_body": "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
            "place": "Nghệ An",
            "signer_title": "GIÁM ĐỐC",
            "signer_name": "Nguyễn Văn Mẫu",
            "is_standing": True,
        },
    )
