"""Training records of invented people: units differ, about three in four are reached."""

import random
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from courses.choices import Topic
from learners.choices import Mode, RecordState
from learners.models import ReportingPeriod, TrainingRecord
from learners.population.chances import chance, training_day
from learners.population.staff import Invented

SOURCES = {
    Mode.CLASS: ("Lớp bồi dưỡng kỹ năng số cấp tỉnh", "Lớp tập huấn chuyển đổi số cấp xã"),
    Mode.OUTSIDE: ("OneTouch", "Bình dân học vụ số", "MobiEdu"),
    Mode.SELF_STUDY: ("Tự bồi dưỡng",),
}
TITLES = (
    "Kỹ năng số cơ bản cho cán bộ, công chức, viên chức",
    "An toàn thông tin cho người dùng",
    "Ứng dụng AI trong công việc văn phòng",
    "Xử lý hồ sơ công việc và chữ ký số",
)


def records_of(
    one: Invented, periods: Iterable[ReportingPeriod], seed: int, today: date
) -> Iterator[TrainingRecord]:
    """At most one record for each year in which the person was there; unsaved."""
    post = one.posts[0]
    for period in periods:
        day = min(today, period.ends_on)
        if post.valid_from > day:
            continue
        luck = chance(seed, one.person.staff_number, period.year)
        is_over = period.ends_on < today
        if luck.random() < _zeal(one.workplace.code) + (0.1 if is_over else 0):
            yield _record(one, period, is_over, luck, today)


def _zeal(code: str) -> float:
    """How likely somebody of that unit has a record: 0.66 to 1.05, the same everywhere."""
    return 0.66 + zlib.crc32(code.encode()) % 40 / 100


def _record(
    one: Invented, period: ReportingPeriod, is_over: bool, luck: random.Random, today: date
) -> TrainingRecord:
    mode, state = _mode(luck)
    if is_over and state == RecordState.WAITING:
        state = RecordState.APPROVED  # nobody waits for years
    return TrainingRecord(
        person=one.person,
        mode=mode,
        state=state,
        title=luck.choice(TITLES),
        topic=Topic.DIGITAL_SKILLS,
        hours=Decimal(luck.choice((3, 4, 8))),
        completed_on=training_day(luck, period.starts_on, period.ends_on, today),
        source=luck.choice(SOURCES[mode]),
    )


def _mode(luck: random.Random) -> tuple[Mode, RecordState]:
    roll = luck.random()
    if roll < 0.30:
        return Mode.CLASS, RecordState.APPROVED
    if roll < 0.72:
        return Mode.OUTSIDE, RecordState.APPROVED
    if roll < 0.88:
        return Mode.SELF_STUDY, RecordState.APPROVED
    if roll < 0.96:
        return Mode.SELF_STUDY, RecordState.WAITING
    return Mode.SELF_STUDY, RecordState.DECLARED
