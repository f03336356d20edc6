"""The plan as data: reporting years, targets and counting rules that every site begins with."""

from datetime import date

from django.utils import timezone

from learners.choices import IndicatorCode
from learners.models import CountingRule, Denominator, OutsideSource, ReportingPeriod, Target

FIRST_YEAR, LAST_YEAR = 2024, 2026
"""Of the plan. Years after the last are added as they begin, with the targets as they were."""

DENOMINATORS: tuple[tuple[str, str, dict[str, bool]], ...] = (
    (
        "Cán bộ, công chức, viên chức",
        "Cán bộ, công chức, viên chức có mặt trong sổ tại ngày chốt",
        {},
    ),
    (
        "Thêm người lao động hợp đồng",
        "Cán bộ, công chức, viên chức và người lao động hợp đồng có mặt trong sổ tại ngày chốt",
        {"with_contract": True},
    ),
    (
        "Thêm người hoạt động không chuyên trách cấp xã",
        "Cán bộ, công chức, viên chức, người lao động hợp đồng, người hoạt động không chuyên trách",
        {"with_contract": True, "with_part_time": True},
    ),
)
"""Name, sentence, and who counts beside officials and public employees. The plan: the first."""
PLAN_2024 = "Kế hoạch chuyển đổi số tỉnh Nghệ An năm 2024"
IN_CHARGE_2024 = "Sở Thông tin và Truyền thông"
IN_CHARGE_SINCE = "Sở Khoa học và Công nghệ"
"""From March 2025 on: the department that answered for the plan of 2024 was merged into it."""
LATER_PLANS = "Quyết định 146/QĐ-TTg ngày 28/01/2022 (cập nhật hằng năm)"

SOURCES: tuple[tuple[str, str, date], ...] = (
    ("OneTouch", "outside", date(2022, 4, 1)),
    ("Bình dân học vụ số", "outside", date(2025, 3, 21)),
    ("MobiEdu", "outside", date(2022, 1, 1)),
    ("daotao.ai", "outside", date(2022, 1, 1)),
    ("Lớp học trực tiếp (danh sách giấy)", "class", date(2022, 1, 1)),
)
"""Where results come from, how they count, and since when."""

TARGETS = {
    IndicatorCode.STAFF_TRAINED: 100,
    IndicatorCode.PARTICIPATIONS: 3000,
    IndicatorCode.PROVIDERS: 1,
    IndicatorCode.IT_OFFICERS: 100,
}

RULES = {
    IndicatorCode.STAFF_TRAINED: (
        "Mỗi cán bộ, công chức, viên chức có mặt tại ngày chốt được tính một lần khi có ít nhất một"
        " kết quả được công nhận trong năm: hoàn thành khóa học tại đây, hoàn thành lớp, học ở nơi"
        " khác, hoặc tự bồi dưỡng đã được duyệt; mới khai báo hoặc chờ duyệt thì chưa tính."
    ),
    IndicatorCode.PARTICIPATIONS: (
        "1 người tham gia 1 lớp được tính 1 lượt; nhiều buổi của cùng một lớp vẫn là 1 lượt; lớp"
        " trực tuyến được tính khi người học hoàn thành khóa học."
    ),
    IndicatorCode.PROVIDERS: (
        "Một cơ sở giáo dục được tính khi trong năm có ít nhất một lớp thương mại điện tử đã có"
        " người hoàn thành."
    ),
    IndicatorCode.IT_OFFICERS: (
        "Một cơ quan được tính khi tại ngày chốt có ít nhất một người đang được giao phụ trách"
        " công nghệ thông tin."
    ),
}


def seed_plan() -> None:
    """Reporting years, targets, first rules and sources, where they are missing. Idempotent."""
    today = timezone.localdate()
    running = today.year + (today >= date(today.year, 12, 15))
    for name, sentence, counted in DENOMINATORS:
        Denominator.objects.get_or_create(name=name, defaults={"sentence": sentence, **counted})
    officials = Denominator.objects.get(name=DENOMINATORS[0][0])
    for year in range(FIRST_YEAR, max(LAST_YEAR, running) + 1):
        ReportingPeriod.objects.get_or_create(
            year=year,
            defaults={"starts_on": date(year - 1, 12, 15), "ends_on": date(year, 12, 14)},
        )
        for indicator, value in TARGETS.items():
            Target.objects.get_or_create(
                indicator=indicator,
                year=year,
                defaults={
                    "value": value,
                    "legal_act": PLAN_2024 if year == 2024 else LATER_PLANS,
                    "denominator": (
                        officials if indicator == IndicatorCode.STAFF_TRAINED else None
                    ),
                    "responsible": IN_CHARGE_2024 if year == 2024 else IN_CHARGE_SINCE,
                },
            )
    for name, mode, since in SOURCES:
        if not OutsideSource.objects.filter(name=name).exists():
            OutsideSource.objects.create(
                name=name, mode=mode, legal_act=LATER_PLANS, valid_from=since
            )
    for indicator, sentence in RULES.items():
        CountingRule.objects.get_or_create(
            indicator=indicator,
            version=1,
            defaults={"sentence": sentence, "valid_from": date(FIRST_YEAR - 1, 12, 15)},
        )
