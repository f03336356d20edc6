"""The whole cast, and one row of everything that has an address of its own, all of it Hoa's."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone

from certificates.actions.bundles import ask_for_bundle, make_bundle
from certificates.actions.lists import issue_by_list
from certificates.actions.online import issue_certificate
from certificates.badges.achievements import achievement_of
from certificates.badges.status import status_entry
from certificates.models import Achievement, Certificate, IssueList, PaperBundle
from courses.models import ClassGroup, ClassSession, CoursePage, EditionItem, QuestionBank
from home.feeds.aggregates import write_aggregate
from home.models import ReportFile, SavedView
from home.site import MODERATORS
from learners.actions.assignments import assign_course
from learners.actions.attempts import open_attempt, save_answer, submit_attempt
from learners.actions.businesses import Named, business_of
from learners.actions.enrolments import enrol
from learners.actions.merging import merge
from learners.actions.snapshots import draw_up
from learners.actions.subject_requests import file_request
from learners.choices import ReminderChannel, ReminderState, Role, RowState, SubjectRight
from learners.evidence.making import ask_for_pack, make
from learners.imports.businesses import open_list as open_businesses
from learners.imports.staff import open_list
from learners.models import (
    Assignment,
    Attempt,
    AttendanceFile,
    Business,
    BusinessList,
    ClassKeeper,
    EvidencePack,
    Merge,
    OutsideFile,
    OutsideRow,
    OutsideSource,
    Person,
    PersonalNumber,
    Proof,
    Recheck,
    Reminder,
    ReminderRun,
    Reorganisation,
    RoleGrant,
    SignedSheet,
    Snapshot,
    StaffImport,
    SubjectRequest,
    TrainingRecord,
    User,
)
from tests.factories.certificates import decided_list, keeper, standing_decision
from tests.factories.claims import sent
from tests.factories.files import photo
from tests.factories.learning import learnt, small_course
from tests.factories.lists import csv_of
from tests.factories.quizzes import KINDS, bank_of, quiz_course
from tests.factories.reorganisations import document, line
from tests.factories.reports import World, person, recount, viewer, world

PHONE = "0912345678"
NUMBER = "040190001234"


@dataclass
class Everything:
    """Whoever comes to the door, and what lies behind the doors."""

    units: World
    accounts: dict[str, User]
    hoa: Person
    course: CoursePage
    quiz: EditionItem
    attempt: Attempt
    bank: QuestionBank
    claim: TrainingRecord
    proof: Proof
    recheck: Recheck
    certificate: Certificate
    achievement: Achievement
    papers: IssueList
    bundle: PaperBundle
    group: ClassGroup
    session: ClassSession
    attending: Person
    sheet: SignedSheet
    pack: EvidencePack
    attendance_file: AttendanceFile
    assignment: Assignment
    run: ReminderRun
    file: OutsideFile
    row: OutsideRow
    report_file: ReportFile
    saved_view: SavedView
    staff_list: StaffImport
    merger: Merge
    business: Business
    business_list: BusinessList
    asked: SubjectRequest
    snapshot: Snapshot
    reorganisation: Reorganisation
    grant: RoleGrant


def cast(units: World) -> dict[str, User]:
    """One account for each way of coming in; passwords and second factors are tried elsewhere."""
    return {
        "hoa": viewer("hoa"),
        "binh": viewer("binh"),
        "minh": viewer("minh", unit=units.health),
        "lan": viewer("lan", unit=units.education),
        "leader": viewer("leader", Role.LEADER, units.province),
        "auditor": viewer("auditor", Role.AUDITOR, units.province),
        "author": viewer("author"),
        "helper": viewer("helper", Role.HELPER, units.commune),
        "trainer": viewer("trainer"),
        "registrar": keeper(),
        "root": User.objects.create_superuser("root"),
    }


def staff_list(minh: User, units: World) -> StaffImport:
    day = timezone.localdate()
    data = csv_of([["Họ và tên", "Ngày sinh", "Mã cán bộ"], ["Lê Thị Na", "05/04/1990", "CB1"]])
    run, _sheet = open_list(
        data, name="danh-sach.csv", unit=units.health.pk, effective_on=day, by=minh
    )
    return run


def merger(minh: User, units: World) -> Merge:
    kept, dropped = person("Lê Thị Mơ", units.hospital), person("Lê Thị Mơ", units.hospital)
    return merge(kept=kept, dropped=dropped, by=minh, why="Nhập hai lần")


def everything() -> Everything:
    """On the day that is today: call it inside on_23_november()."""
    units = world()
    accounts = cast(units)
    standing_decision()
    course = small_course(lessons=1)
    accounts["author"].groups.add(Group.objects.get(name=MODERATORS))
    hoa = person("Nguyễn Thị Hoa", units.hospital, user=accounts["hoa"], phone=PHONE)
    PersonalNumber.made(hoa, NUMBER).save()
    person("Lê Văn Bình", units.school, user=accounts["binh"])
    enrolment = learnt(enrol(person=hoa, course=course))
    issue_certificate(enrolment.pk)
    quiz = enrolment.edition.items.get(kind="quiz")
    essay = enrol(person=hoa, course=quiz_course([KINDS[-1]]))
    attempt = open_attempt(enrolment=essay, item=essay.edition.items.get())
    save_answer(attempt=attempt, question=0, answer=["Vì dữ liệu là của dân."])
    submit_attempt(attempt=attempt)
    claim = sent(hoa)
    papers = decided_list("Trần Thị Lan Anh")
    papers.refresh_from_db()
    papers.decision.scan_type = "image/jpeg"
    papers.decision.scan_sha256 = "1" * 64
    papers.decision.scan.save("decision.jpg", ContentFile(photo()))
    issue_by_list(papers.pk)
    bundle = ask_for_bundle(issue_list=papers, form="zip", by=accounts["registrar"])
    make_bundle(str(bundle.pk))
    group = papers.class_group
    ClassKeeper.objects.create(class_group=group, account=accounts["trainer"])
    session = group.sessions.get()
    sheet = SignedSheet(session=session, content_type="image/jpeg", added_by=accounts["trainer"])
    sheet.file.save("sheet.jpg", ContentFile(photo()))
    pack = ask_for_pack(group, accounts["trainer"])
    make(str(pack.pk))
    attendance_file = AttendanceFile(class_group=group, name="x", brought_by=accounts["trainer"])
    attendance_file.file.save("list", ContentFile("STT;Họ và tên\n1;Lê An\n".encode()))
    run = ReminderRun.objects.create(period=units.period, unit_name="Sở Y tế", by=accounts["minh"])
    Reminder.objects.create(
        run=run,
        person=hoa,
        day=timezone.localdate(),
        channel=ReminderChannel.SITE,
        state=ReminderState.SENT,
    )
    file = OutsideFile(
        source=OutsideSource.objects.first(),
        name="onetouch.xlsx",
        hours=8,
        brought_by=accounts["minh"],
    )
    file.file.save("file", ContentFile(b"x"))
    report_file = ReportFile(kind="units", form="csv", by=accounts["minh"], made_at=timezone.now())
    report_file.file.save("don-vi.csv", ContentFile(b"x"))
    recount(units)
    write_aggregate()
    certificate = Certificate.objects.get(person=hoa)
    status_entry(certificate.pk)
    return Everything(
        units=units,
        accounts=accounts,
        hoa=hoa,
        course=course,
        quiz=quiz,
        attempt=attempt,
        bank=bank_of(1),
        claim=claim,
        proof=Proof.objects.get(),
        recheck=Recheck.objects.create(record=claim, period=units.period, person=hoa),
        certificate=certificate,
        achievement=achievement_of(certificate),
        papers=papers,
        bundle=bundle,
        group=group,
        session=session,
        attending=session.attendances.get().person,
        sheet=sheet,
        pack=pack,
        attendance_file=attendance_file,
        assignment=assign_course(
            Assignment(
                course=course, unit=units.hospital, due_on=timezone.localdate() + timedelta(30)
            ),
            by=accounts["minh"],
        ),
        run=run,
        file=file,
        grant=accounts["lan"].role_grants.get(),
        snapshot=draw_up(period=units.period, unit=units.health.pk, by=accounts["minh"]),
        business=business_of(Named("cooperative", "Hợp tác xã Kim Liên", units.commune.pk)),
        business_list=open_businesses(
            csv_of([["Tên cơ sở", "Mã số thuế"], ["Công ty An", "0100109106"]]),
            name="co-so.csv",
            by=accounts["root"],
        ),
        merger=merger(accounts["minh"], units),
        asked=file_request(
            person=hoa,
            right=SubjectRight.CORRECTION,
            words="Ngày sinh của tôi sai.",
            received_on=timezone.localdate(),
            by=accounts["hoa"],
        ),
        staff_list=staff_list(accounts["minh"], units),
        reorganisation=document(line("rename", "NA-SYT", name="Sở Sức khỏe")),
        row=OutsideRow.objects.create(file=file, line=2, fingerprint="1", state=RowState.OPEN),
        report_file=report_file,
        saved_view=SavedView.objects.create(owner=accounts["minh"], name="A", page="units"),
    )
