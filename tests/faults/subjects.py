"""For each kind of job something to work on, so large that a kill hits it in the middle.

And what must be there once the job has ended: everything, once.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from importlib import import_module

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from django_tasks.base import Task

from certificates.actions.bundles import ask_for_bundle
from certificates.actions.lists import decide, draw_up, issue_by_list
from certificates.actions.online_signatures import due_for_signature
from certificates.choices import LineState, ListState
from certificates.models import Certificate, IssueLine, IssueList, PaperBundle
from courses.models import ClassGroup, CoursePage, EditionItem
from home.models import Delivery, Job, ReportFile, SavedView, Schedule
from learners.actions.attempts import open_attempt
from learners.actions.enrolments import enrol
from learners.actions.remarking import correct_key, question_of
from learners.actions.reminders import remind
from learners.actions.reorganisations import ask_back, put_into_effect, schedule_reorganisation
from learners.choices import (
    ErasureState,
    FileState,
    ImportState,
    ReorganisationState,
    SeatState,
)
from learners.evidence.making import ask_for_pack
from learners.imports.businesses import check_list as check_businesses
from learners.imports.businesses import open_list as open_businesses
from learners.imports.outside import bring
from learners.imports.staff import check_list
from learners.models import (
    Attempt,
    AttendanceFile,
    Business,
    BusinessList,
    Enrolment,
    Erasure,
    EvidencePack,
    OutsideFile,
    OutsideSource,
    Person,
    Reminder,
    Reorganisation,
    ReportingPeriod,
    Seat,
    StaffImport,
    User,
)
from learners.tree import tree_on
from tests.factories.certificates import class_decision, finished_class, keeper
from tests.factories.classes import class_of
from tests.factories.lists import workbook_of
from tests.factories.reorganisations import document, line
from tests.factories.staff_lists import line as staff_line
from tests.factories.staff_lists import opened

COURSE = "an-toan-thong-tin"
ROWS = 120
TASK_MODULES = ("certificates.tasks", "home.feeds.tasks", "home.jobs.tasks", "home.report_tasks",
                "learners.tasks")  # fmt: skip


def kinds_of_jobs() -> list[str]:
    """Every task of the product, by its address."""
    return [
        f"{module}.{name}"
        for module in TASK_MODULES
        for name, value in vars(import_module(module)).items()
        if isinstance(value, Task) and value.module_path == f"{module}.{name}"
    ]


def subject_of(task: str) -> list[object]:
    """The arguments of one job of the kind, and the rows that it works on."""
    return SUBJECTS[task]()


def fresh_people(count: int) -> list[Person]:
    """So many who have no account and began no course."""
    known = Enrolment.objects.values("person_id")
    return list(Person.objects.filter(user__isnull=True).exclude(pk__in=known)[:count])


def left_behind() -> dict[str, int]:
    """Work that says of itself that it is not over."""
    return {
        "lists_open": sum(
            model.objects.filter(state__in=states).count()
            for model, states in (
                (StaffImport, (ImportState.CHECKING, ImportState.APPLYING)),
                (BusinessList, (ImportState.CHECKING, ImportState.APPLYING)),
                (OutsideFile, (FileState.TRYING, FileState.IMPORTING)),
                (AttendanceFile, (FileState.IMPORTING,)),
            )
        ),
        "documents_open": Reorganisation.objects.filter(
            state__in=(ReorganisationState.SCHEDULED, ReorganisationState.UNDOING)
        ).count(),
        "files_missing": EvidencePack.objects.filter(made_at=None).count()
        + PaperBundle.objects.filter(made_at=None, refusal="").count()
        + ReportFile.objects.filter(made_at=None).count(),
        "papers_of_lists_missing": IssueLine.objects.filter(
            issue_list__state=ListState.DECIDED, state=LineState.ELIGIBLE
        ).count(),
        "papers_unsigned": due_for_signature().count()
        + Certificate.objects.filter(
            issue_line__issue_list__in=_lists_to_be_signed(), signed_pdf=None
        ).count(),
        "files_of_erased": Erasure.objects.exclude(files=[]).count(),
        "mails_unsent": Delivery.objects.exclude(state=Delivery.State.SENT).count(),
    }


def _lists_to_be_signed() -> list[int]:
    asked = Job.objects.filter(task="certificates.tasks.sign_papers_of_list")
    return [args[0] for args in asked.values_list("args", flat=True)]


# ------------------------------------------------------------------ what each kind works on


def _officer() -> User:
    return User.objects.get(username="NA900002")


def _administrator() -> User:
    return User.objects.get(username="quantri")


def _nothing() -> list[object]:
    """The kind finds its work by itself."""
    return []


def _enrolment() -> list[object]:
    return [Enrolment.objects.completed().latest("pk").pk]


def _open_attempt() -> list[object]:
    """A quiz whose time was over yesterday."""
    person = fresh_people(1)[0]
    enrolment = enrol(person=person, course=CoursePage.objects.get(slug=COURSE))
    quiz = enrolment.edition.items.filter(kind="quiz").first()
    attempt = open_attempt(enrolment=enrolment, item=quiz)
    Attempt.objects.filter(pk=attempt.pk).update(due_at=timezone.now() - timedelta(days=1))
    return []


def _remarking() -> list[object]:
    """The first question of the quiz is taken out of the marks, or put back."""
    quiz = EditionItem.objects.filter(edition__course__slug=COURSE, kind="quiz").latest("pk")
    before = question_of(quiz, "f0")
    after = {key: value for key, value in before.items() if key != "void"}
    if "void" not in before:
        after["void"] = True
    by = _administrator()
    return [correct_key(item=quiz, ref="f0", before=before, after=after, reason="Thử", by=by).pk]


def _reminders() -> list[object]:
    """A run with mails to be sent: nobody is reminded twice on one day."""
    people = list(Person.objects.exclude(pk__in=Reminder.objects.values("person_id"))[:20])
    period = ReportingPeriod.objects.latest("year")
    run = remind(people=people, period=period, unit_name="Sở Y tế", note="", by=_officer())
    return [run.pk]


def _document() -> Reorganisation:
    """Two units get another name, from today on."""
    number = Reorganisation.objects.count() + 1
    tree = tree_on(timezone.localdate())
    codes = [tree[unit].code for root in tree.roots() for unit in tree.children(root)][-2:]
    lines = [line("rename", code, code, f"Đơn vị {code} đổi tên lần {number}") for code in codes]
    made = document(*lines, day=timezone.localdate(), number=f"{number}/QĐ-THỬ")
    schedule_reorganisation(document=made, by=_administrator())
    return made


def _scheduled() -> list[object]:
    return [_document().pk]


def _due() -> list[object]:
    _document()
    return []


def _to_be_undone() -> list[object]:
    made = _document()
    if not put_into_effect(made.pk):
        made.refresh_from_db()
        raise RuntimeError(made.error)
    made.refresh_from_db()
    ask_back(document=made, by=_administrator())
    return [made.pk]


def _results(state: FileState) -> list[object]:
    """Results of ROWS people, each of whom is known by the staff number."""
    file = OutsideFile(
        source=OutsideSource.objects.get(name="OneTouch"), name="onetouch.xlsx", hours=Decimal(8),
        brought_by=_administrator(), state=state,
    )  # fmt: skip
    title = f"Kỹ năng số {OutsideFile.objects.count() + 1}"
    people = Person.objects.filter(staff_number__isnull=False).order_by("pk")[:ROWS]
    day = f"{timezone.localdate() - timedelta(days=3):%d/%m/%Y}"
    rows = [
        [number, person.full_name, person.staff_number, title, day]
        for number, person in enumerate(people, start=1)
    ]
    bring(
        file, workbook_of([["STT", "Họ và tên", "Số hiệu", "Khóa học", "Ngày hoàn thành"], *rows])
    )
    return [str(file.pk)]


def _staff_list(state: ImportState) -> list[object]:
    """ROWS people whom the register does not know; to be applied, they are checked before."""
    today = timezone.localdate()
    tree = tree_on(today)
    code, first = tree[tree.roots()[0]].code, StaffImport.objects.count() * ROWS
    born = [
        f"{n % 28 + 1:02}/{n // 28 % 12 + 1:02}/{1970 + n // 336 % 30}"
        for n in range(first, first + ROWS)
    ]
    lines = [
        staff_line(first + number, **{"Mã đơn vị": code, "Ngày sinh": day})
        for number, day in enumerate(born)
    ]
    run = opened(*lines, effective_on=today)
    StaffImport.objects.filter(pk=run.pk).update(state=ImportState.CHECKING)
    if state == ImportState.APPLYING:
        check_list(run)
        StaffImport.objects.filter(pk=run.pk).update(state=state, read=0, last_line=0)
    return [run.pk]


def _business_list(state: ImportState) -> list[object]:
    """ROWS cooperatives that the register does not know; to be applied, they are checked before."""
    tree, first = tree_on(timezone.localdate()), Business.objects.count()
    commune = next(node for node in tree.nodes.values() if node.is_commune)
    rows = [[n, f"Hợp tác xã Thử {first + n}", commune.code] for n in range(1, ROWS + 1)]
    data = workbook_of([["STT", "Tên hợp tác xã", "Mã xã"], *rows])
    run = open_businesses(data, name="htx.xlsx", by=_administrator())
    BusinessList.objects.filter(pk=run.pk).update(state=ImportState.CHECKING)
    if state == ImportState.APPLYING:
        check_businesses(run, None)
        BusinessList.objects.filter(pk=run.pk).update(state=state, read=0, last_line=0)
    return [run.pk]


def _birthday(number: int) -> str:
    """Another day for each, so that nobody is taken for a namesake."""
    return f"{number % 28 + 1:02}/{number // 28 % 12 + 1:02}/{1970 + number // 336 % 30}"


def _class(**fields: tuple[str, ...]) -> ClassGroup:
    """A class of eight who were there; a code and names that no other has."""
    first = ClassGroup.objects.count() * 100
    names = [f"Trần Thị Hoa {first + number}" for number in range(8)]
    return finished_class(*names, code=f"THU-{first}", **fields)


def _attendance() -> list[object]:
    """Thirty who have a seat and are not noted yet."""
    absent = tuple(f"Lê Văn Mới {ClassGroup.objects.count() * 100 + n}" for n in range(30))
    group = _class(absent=absent)
    rows = [[number, name, "x"] for number, name in enumerate(absent, start=1)]
    data = workbook_of([["STT", "Họ và tên", "Có mặt"], *rows])
    file = AttendanceFile(
        class_group=group, session=group.sessions.get(), name="diem-danh.xlsx",
        fingerprint=sha256(data).hexdigest(), brought_by=_administrator(),
        state=FileState.IMPORTING,
    )  # fmt: skip
    file.file.save("list", ContentFile(data), save=False)
    file.save(force_insert=True)
    return [str(file.pk), [], _administrator().pk]


def _pack() -> list[object]:
    return [str(ask_for_pack(_class(), _administrator()).pk)]


def _list_of_papers() -> IssueList:
    """A class's list with its decision; no paper made yet."""
    drawn = draw_up(group=_class(), by=keeper())
    decision = class_decision(number=f"{IssueList.objects.count()}/QĐ-THỬ")
    decide(issue_list=drawn, decision=decision, by=keeper())
    return drawn


def _papers() -> list[object]:
    return [_list_of_papers().pk]


def _bundle() -> list[object]:
    drawn = _list_of_papers()
    issue_by_list(drawn.pk)
    return [str(ask_for_bundle(issue_list=drawn, form="pdf", by=_administrator()).pk)]


def _erasure() -> list[object]:
    """Carried out by a process that died before it removed the files."""
    store = storages["private"]
    names = [store.save(f"proofs/thu-{n}", ContentFile(b"x")) for n in range(12)]
    Erasure.objects.create(
        person=fresh_people(1)[0], reason="Thử", state=ErasureState.DONE, files=names,
        proposed_by=_officer(), closed_by=_administrator(), closed_at=timezone.now(),
    )  # fmt: skip
    return []


def _signing() -> list[object]:
    """A class's papers that the key of the site is to sign."""
    drawn = _list_of_papers()
    issue_by_list(drawn.pk)
    return [drawn.pk, _administrator().pk]


def _class_ahead() -> list[object]:
    """A class of tomorrow with twenty people who have a seat and are to be reminded."""
    group = class_of(starts_on=timezone.localdate() + timedelta(days=1))
    ClassGroup.objects.filter(pk=group.pk).update(code=f"NHAC-{group.pk}")
    now = timezone.now()
    Seat.objects.bulk_create(
        Seat(person=person, class_group=group, state=SeatState.SEATED, queued_at=now)
        for person in Person.objects.filter(merged_into=None).order_by("pk")[:20]
    )
    return []


def _report_file() -> list[object]:
    leader = User.objects.get(username="NA900004")
    return [str(ReportFile.objects.create(kind="people", form="xlsx", by=leader).pk)]


def _mails() -> list[object]:
    """A view of the leader's that is due to himself since this Monday."""
    leader = User.objects.get(username="NA900004")
    leader.email = "lanh-dao@nghean.example"
    leader.save(update_fields=["email"])
    name = f"Tổng quan {SavedView.objects.count()}"
    view = SavedView.objects.create(owner=leader, name=name, page="overview")
    schedule = Schedule.objects.create(
        view=view, every="week", since=timezone.localdate() - timedelta(days=7)
    )
    schedule.recipients.add(leader)
    return []


SUBJECTS: dict[str, Callable[[], list[object]]] = {
    "certificates.tasks.issue_for_enrolment": _enrolment,
    "certificates.tasks.issue_missing": _nothing,
    "certificates.tasks.issue_papers_of_list": _papers,
    "certificates.tasks.sign_papers_of_list": _signing,
    "certificates.tasks.sign_online_papers": _nothing,
    "certificates.tasks.make_paper_bundle": _bundle,
    "certificates.tasks.forget_paper_bundles": _nothing,
    "certificates.tasks.look_again_at_papers": _nothing,
    "home.feeds.tasks.write_night": _nothing,
    "home.jobs.tasks.forget_old_jobs": _nothing,
    "home.jobs.tasks.forget_old_sessions": _nothing,
    "home.jobs.tasks.publish_scheduled": _nothing,
    "home.report_tasks.make_report_file": _report_file,
    "home.report_tasks.forget_report_files": _nothing,
    "home.report_tasks.send_scheduled_reports": _mails,
    "learners.tasks.recount_today": _nothing,
    "learners.tasks.recount_all": _nothing,
    "learners.tasks.hand_in_overdue_attempts": _open_attempt,
    "learners.tasks.remark_attempts": _remarking,
    "learners.tasks.send_reminders": _reminders,
    "learners.tasks.tell_classes": _class_ahead,
    "learners.tasks.seat_authors": _nothing,
    "learners.tasks.apply_document": _scheduled,
    "learners.tasks.undo_document": _to_be_undone,
    "learners.tasks.apply_due_documents": _due,
    "learners.tasks.try_results": lambda: _results(FileState.TRYING),
    "learners.tasks.import_results": lambda: _results(FileState.IMPORTING),
    "learners.tasks.check_staff_list": lambda: _staff_list(ImportState.CHECKING),
    "learners.tasks.apply_staff_list": lambda: _staff_list(ImportState.APPLYING),
    "learners.tasks.check_business_list": lambda: _business_list(ImportState.CHECKING),
    "learners.tasks.apply_business_list": lambda: _business_list(ImportState.APPLYING),
    "learners.tasks.make_evidence_pack": _pack,
    "learners.tasks.forget_evidence_files": _nothing,
    "learners.tasks.enter_attendance": _attendance,
    "learners.tasks.finish_erasures": _erasure,
}
"""One for each of `kinds_of_jobs`; a test says which is missing."""
