"""Single pages, each beside a bare page of Wagtail with a lesson's body; and the recounts."""

from collections.abc import Iterator

from django.test import Client

from courses.models import CoursePage
from learners.actions.enrolments import enrol
from learners.actions.recounting import differences, recount_period
from learners.choices import RecordState, Status
from learners.models import Person, Standing, TrainingRecord
from learners.reports.completion import counts_by_unit
from tests.bench.references import bare_page, bare_select
from tests.bench.rows import BARE_PAGE, Floor, Row
from tests.bench.world import COURSE, LEADER, LEARNER, fresh, seen, signed_in
from tests.factories.learning import this_period

LESSON = Floor(0.3)
KEPT = Floor(0.05)
MISSING = "/bao-cao/danh-sach/?trang-thai=missing"


def pages_of_learners() -> Iterator[Row]:
    bare = bare_page()
    yield Row(BARE_PAGE, bare.work, bare)
    hoa = Person.objects.get(staff_number=LEARNER)
    enrol(person=hoa, course=CoursePage.objects.get(slug=COURSE))
    learner, stranger = signed_in(LEARNER), Client()
    yield Row(
        "lesson, signed-in learner", lambda: seen(learner, f"/hoc-tap/{COURSE}/1/"), bare, LESSON
    )
    yield Row("home page, anonymous, kept", lambda: seen(stranger, "/"), bare, KEPT)
    yield Row("catalogue, anonymous, kept", lambda: seen(stranger, "/khoa-hoc/"), bare, KEPT)
    yield Row(
        "catalogue, anonymous, after a publication", lambda: fresh(stranger, "/khoa-hoc/"), bare
    )
    yield Row("my learning", lambda: seen(learner, "/hoc-tap/"), bare)


def pages_of_leaders() -> Iterator[Row]:
    """Of whoever may see the whole province."""
    bare, leader, unit = bare_page(), signed_in(LEADER), largest_unit()
    standings = Standing.objects.filter(period=this_period())
    person = standings.filter(organisation=unit).order_by("pk")[0].person_id
    nothing = standings.filter(status=Status.NOTHING)
    middle = nothing.filter(name_key__gte="l").order_by("name_key", "pk")[0].pk
    addresses = {
        "dashboard of the province": "/bao-cao/",
        "dashboard of one unit": f"/bao-cao/?don-vi={unit}",
        "leader's screen": "/bao-cao/tong-quan/",
        "drill-down to units": "/bao-cao/don-vi/",
        "list of people missing, province": MISSING,
        "list of people missing, from the middle": f"{MISSING}&sau={middle}",
        "list of people missing, one unit": f"{MISSING}&don-vi={unit}",
        "person page": f"/bao-cao/nguoi/{person}/",
    }
    for name, address in addresses.items():
        yield Row(name, lambda address=address: seen(leader, address), bare)


def largest_unit() -> int:
    """The one with most people."""
    by_unit = counts_by_unit(this_period(), None)
    return max(by_unit, key=lambda unit: by_unit[unit].total())


def recounts() -> Iterator[Row]:
    """Beside what the database needs to add the same facts up."""
    period = this_period()
    plain = bare_select(
        "SELECT count(*), sum(found.hours) FROM (SELECT person_id, sum(hours) AS hours"
        f" FROM {TrainingRecord._meta.db_table}"
        " WHERE state = %s AND completed_on BETWEEN %s AND %s GROUP BY person_id) AS found",
        [RecordState.APPROVED.value, period.starts_on, period.ends_on],
    )
    yield Row("recount from the facts", lambda: recount_period(period), plain, once=True)
    yield Row("check against the facts", lambda: differences(period), plain, once=True)
