"""Every address, tried by everybody. Who is not named at a door finds no door: 404, or a sign-in.

A new address has no entry here and fails until somebody has written down who may come in.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories.badges import key_file
from tests.factories.everything import NUMBER, PHONE, Everything, everything
from tests.factories.reports import on_23_november

EVERYBODY = {"nobody", "hoa", "binh", "minh", "lan", "leader", "auditor"}
EVERYBODY |= {"author", "trainer", "registrar", "helper", "root"}
SIGNED_IN = EVERYBODY - {"nobody"}
REPORTS = {"minh", "lan", "leader", "auditor", "root"}
OVER_HOA = REPORTS - {"lan"}
PROVINCE = {"leader", "auditor", "root"}
OFFICERS = {"minh", "lan", "root"}
APPROVERS = {"minh", "lan", "leader", "root"}
AUTHORS = {"author", "root"}
KEEPERS = {"trainer", "author", "root"}
REGISTRARS = {"registrar", "root"}
HOA = {"hoa"}


@dataclass(frozen=True)
class Door:
    """Who comes in at an address, with what in it, and by which method."""

    who: set[str]
    key: Callable[[Everything], dict[str, object]] = lambda _e: {}
    method: str = "get"
    query: Callable[[Everything], dict[str, object]] = lambda _e: {}


def pk(name: str) -> Callable[[Everything], dict[str, object]]:
    """The key of one thing of everything()."""
    return lambda e: {"pk": getattr(e, name).pk}


def _at(position: int = 1, **more: object) -> Callable[[Everything], dict[str, object]]:
    return lambda e: {"slug": e.course.slug, "position": position} | more


def _post_of_hoa(e: Everything) -> dict[str, object]:
    return {"pk": e.hoa.pk, "post": e.hoa.posts.get().pk}


def _code(e: Everything) -> dict[str, object]:
    return {"code": e.certificate.code}


OPEN = [
    "healthz readyz help accessibility privacy learners:sign_up learners:classes",
    "learners:check_in_worker certificates:verify account_login",
    "feeds:openapi feeds:open_data feeds:catalogue",
    "certificates:did certificates:jwks certificates:issuer_profile",
    "certificates:check_badge",
]
DOORS: dict[str, Door] = {name: Door(EVERYBODY) for line in OPEN for name in line.split()}
DOORS |= {
    # ------------------------------------------------------------ everybody, signed in
    "choose_language": Door(EVERYBODY, method="post"),
    "account": Door(SIGNED_IN),
    "still_here": Door(SIGNED_IN, method="post"),
    "account_logout": Door(EVERYBODY),
    "account_change_password": Door(SIGNED_IN),
    "learners:my_learning": Door(SIGNED_IN),
    "learners:claims": Door(SIGNED_IN),
    "learners:own_data": Door(SIGNED_IN),
    "learners:ask_about_data": Door({"hoa", "binh"}),
    "learners:take_back_request": Door(HOA, pk("asked"), "post"),
    "learners:class": Door(EVERYBODY, pk("group")),
    "learners:calendar": Door(EVERYBODY, pk("group")),
    "certificates:check": Door(EVERYBODY, lambda e: {"code": e.certificate.code}),
    "certificates:compare": Door(EVERYBODY, lambda e: {"code": e.certificate.code}, method="post"),
    # ------------------------------------------------------------ one's own
    "learners:new_claim": Door(SIGNED_IN),
    "learners:own_code": Door({"hoa", "binh"}),
    "learners:claim_slip": Door({"hoa", "binh"}),
    "learners:history": Door({"hoa", "binh"}),
    "learners:take_seat": Door(SIGNED_IN, pk("group"), "post"),
    "learners:give_seat_back": Door(SIGNED_IN, pk("group"), "post"),
    "learners:wall": Door(EVERYBODY, lambda e: {"pk": e.session.pk, "code": "x"}),
    "learners:claim": Door(HOA, pk("claim")),
    "learners:edit_claim": Door(HOA, pk("claim")),
    "learners:take_back_claim": Door(HOA, pk("claim"), "post"),
    "learners:proof": Door(HOA | OVER_HOA, pk("proof")),
    "learners:course_home": Door(HOA, lambda e: {"slug": e.course.slug}),
    "learners:enrol": Door(SIGNED_IN, lambda e: {"slug": e.course.slug}, "post"),
    "learners:item": Door(HOA, _at()),
    "learners:complete_lesson": Door(HOA, _at(), "post"),
    "learners:start_quiz": Door(HOA, _at(2), "post"),
    "learners:question": Door(HOA, _at(2, number=1)),
    "learners:review": Door(HOA, _at(2)),
    "learners:result": Door(HOA, _at(2, number=1)),
    "certificates:download": Door(
        HOA | OVER_HOA | REGISTRARS, lambda e: {"code": e.certificate.code}
    ),
    # ------------------------------------------------------------ badges
    "certificates:achievement": Door(EVERYBODY, lambda e: {"key": e.achievement.key}),
    "certificates:achievement_picture": Door(EVERYBODY, lambda e: {"key": e.achievement.key}),
    "certificates:status_list": Door(EVERYBODY, lambda _e: {"number": 0}),
    "certificates:badge": Door(HOA, _code),
    "certificates:show_badge": Door(HOA, _code, "post"),
    "certificates:hide_badge": Door(HOA, _code, "post"),
    "certificates:badge_credential": Door(HOA, _code),
    "certificates:badge_png": Door(HOA, _code),
    # ------------------------------------------------------------ authors
    "learners:marking": Door(AUTHORS),
    "learners:mark": Door(AUTHORS, lambda e: {"pk": e.attempt.pk, "index": 0}),
    "learners:move_people": Door(AUTHORS, pk("course")),
    "learners:quiz_desk": Door(AUTHORS, pk("quiz")),
    "learners:correct_key": Door(AUTHORS, lambda e: {"pk": e.quiz.pk, "ref": "f0"}),
    "learners:quiz_xlsx": Door(AUTHORS, pk("quiz")),
    "learners:quiz_of_page": Door(AUTHORS, lambda e: {"pk": e.quiz.page_id}),
    "learners:bank_statistics": Door(AUTHORS, pk("bank")),
    "learners:bank_xlsx": Door(AUTHORS, pk("bank")),
    "learners:paper_result": Door(AUTHORS, pk("quiz"), "post"),
    # ------------------------------------------------------------ those who keep a class
    "learners:class_desk": Door(KEEPERS),
    "learners:kept_class": Door(KEEPERS, pk("group")),
    "learners:entrust": Door(AUTHORS, pk("group"), "post"),
    "learners:class_told": Door(KEEPERS, pk("group")),
    "learners:cancel_class": Door(AUTHORS, pk("group")),
    "learners:tag_class": Door(KEEPERS, pk("group")),
    "learners:hand_out_seats": Door(KEEPERS, pk("group"), "post"),
    "learners:session": Door(KEEPERS, pk("session")),
    "learners:tick": Door(KEEPERS, pk("session"), "post", lambda e: {"person": e.attending.pk}),
    "learners:synchronise": Door(KEEPERS, pk("session"), "post"),
    "learners:walk_in": Door(KEEPERS, pk("session"), "post"),
    "learners:wall_page": Door(KEEPERS, pk("session")),
    "learners:compare_sheet": Door(KEEPERS, pk("session")),
    "learners:add_sheet": Door(KEEPERS, pk("session"), "post"),
    "learners:sheet_file": Door(KEEPERS, pk("sheet")),
    "learners:bring_attendance": Door(KEEPERS, pk("group")),
    "learners:attendance_form": Door(KEEPERS, pk("group")),
    "learners:attendance_list": Door(KEEPERS, pk("attendance_file")),
    "learners:class_opinions": Door(KEEPERS | PROVINCE, pk("group")),
    "learners:course_opinions": Door(AUTHORS | PROVINCE, pk("course")),
    "learners:class_survey": Door(EVERYBODY, pk("group")),
    "learners:course_survey": Door(HOA, lambda e: {"slug": e.course.slug}),
    "learners:survey_thanks": Door(EVERYBODY),
    "learners:evidence": Door(KEEPERS | PROVINCE, pk("group")),
    "learners:fetch_evidence": Door(KEEPERS | PROVINCE, pk("pack")),
    # ------------------------------------------------------------ the register of papers
    "certificates:register": Door(PROVINCE | REGISTRARS),
    "certificates:book": Door(PROVINCE | REGISTRARS),
    "certificates:book_xlsx": Door(PROVINCE | REGISTRARS),
    "certificates:entry": Door(PROVINCE | REGISTRARS, lambda e: {"serial": e.certificate.serial}),
    "certificates:withheld": Door(REGISTRARS),
    "certificates:online_signatures": Door(REGISTRARS),
    "certificates:desk": Door(REGISTRARS),
    "certificates:class_papers": Door(REGISTRARS, pk("group")),
    "certificates:list": Door(REGISTRARS, pk("papers")),
    "certificates:discard_list": Door(REGISTRARS, pk("papers"), "post"),
    "certificates:resume_list": Door(REGISTRARS, pk("papers"), "post"),
    "certificates:decision_scan": Door(REGISTRARS, pk("papers")),
    "certificates:hand_over": Door(REGISTRARS, pk("papers")),
    "certificates:bundles": Door(REGISTRARS, pk("papers")),
    "certificates:fetch_bundle": Door(REGISTRARS, pk("bundle")),
    "certificates:batch": Door(REGISTRARS, pk("papers")),
    "certificates:sign_all": Door(REGISTRARS, pk("papers"), "post"),
    "certificates:export": Door(REGISTRARS, lambda e: {"pk": e.papers.pk, "part": 1}),
    # ------------------------------------------------------------ other systems
    "feeds:open_data_csv": Door(EVERYBODY, lambda _e: {"name": "can-bo-theo-don-vi"}),
    "feeds:open_data_json": Door(EVERYBODY, lambda _e: {"name": "can-bo-theo-don-vi"}),
    # ------------------------------------------------------------ reports
    "reports:overview": Door(REPORTS),
    "reports:overview_pdf": Door(REPORTS),
    "reports:files": Door(REPORTS),
    "reports:saved_views": Door(REPORTS),
    "reports:save_view": Door(
        REPORTS, method="post", query=lambda _e: {"name": "A", "page": "units", "query": ""}
    ),
    "reports:saved_view": Door({"minh"}, pk("saved_view")),
    "reports:remove_view": Door({"minh"}, pk("saved_view"), "post"),
    "reports:schedule": Door({"minh"}, pk("saved_view")),
    "reports:stop_schedule": Door({"minh"}, pk("saved_view"), "post"),
    "reports:settle_deliveries": Door({"minh"}, pk("saved_view"), "post"),
    "reports:ask_file": Door(
        REPORTS, method="post", query=lambda e: {"kind": "units", "form": "csv", "query": ""}
    ),
    "reports:file": Door({"minh"}, pk("report_file")),
    "reports:fetch_file": Door({"minh"}, pk("report_file")),
    "reports:goals": Door(REPORTS),
    "reports:what_if": Door(REPORTS),
    "reports:window": Door(REPORTS, query=lambda _e: {"ky": "quy-1"}),
    "reports:movement": Door(REPORTS),
    "reports:movement_xlsx": Door(REPORTS),
    "reports:movement_people": Door(REPORTS),
    "reports:movement_people_xlsx": Door(REPORTS),
    "reports:units": Door(REPORTS),
    "reports:units_xlsx": Door(REPORTS),
    "reports:people": Door(REPORTS),
    "reports:people_xlsx": Door(REPORTS),
    "reports:participations": Door(REPORTS),
    "reports:participations_xlsx": Door(REPORTS),
    "reports:histories": Door(REPORTS),
    "reports:histories_file": Door(REPORTS),
    "reports:person_history": Door(OVER_HOA, pk("hoa"), "get", lambda _e: {"dang": "xlsx"}),
    "reports:participation_table": Door(REPORTS),
    "reports:participation_table_xlsx": Door(REPORTS),
    "reports:course_matrix": Door(REPORTS),
    "reports:course_matrix_xlsx": Door(REPORTS),
    "reports:course_matrix_people": Door(REPORTS),
    "reports:course_matrix_people_xlsx": Door(REPORTS),
    "reports:remind_course": Door(
        APPROVERS,
        query=lambda e: {
            "khoa": e.course.pk,
            "mot": e.course.pk,
            "tinh-tren": "tat-ca",
            "tien-do": "con-lai",
        },
    ),
    "reports:institutions": Door(PROVINCE),
    "reports:institutions_xlsx": Door(PROVINCE),
    "reports:it_officers": Door(REPORTS),
    "reports:it_officers_xlsx": Door(REPORTS),
    "reports:plan_tags": Door(REPORTS),
    "reports:plan_tags_xlsx": Door(REPORTS),
    "reports:plan_tag_list": Door(REPORTS),
    "reports:plan_tag_list_xlsx": Door(REPORTS),
    "reports:tag_classes": Door(REPORTS, method="post"),
    "reports:person": Door(OVER_HOA, pk("hoa")),
    "reports:person_classes": Door(OVER_HOA, pk("hoa")),
    "reports:person_account": Door(OVER_HOA, pk("hoa")),
    "reports:person_changes": Door(OVER_HOA, pk("hoa")),
    "reports:switch_account": Door({"minh", "root"}, pk("hoa"), "post"),
    "reports:accounts": Door(OFFICERS),
    "reports:sheets": Door(OFFICERS, method="post"),
    "reports:assignments": Door(REPORTS),
    "reports:new_assignment": Door(APPROVERS),
    "reports:assignment": Door(OVER_HOA, pk("assignment")),
    "reports:assigned_people": Door(OVER_HOA, pk("assignment")),
    "reports:withdraw_assignment": Door({"minh", "leader", "root"}, pk("assignment"), "post"),
    "reports:reorganisations": Door(PROVINCE),
    "reports:new_reorganisation": Door({"root"}),
    "reports:reorganisation": Door(PROVINCE, pk("reorganisation")),
    "reports:edit_reorganisation": Door({"root"}, pk("reorganisation")),
    "reports:add_line": Door({"root"}, pk("reorganisation")),
    "reports:remove_line": Door({"root"}, pk("reorganisation"), "post"),
    "reports:bring_lines": Door({"root"}, pk("reorganisation")),
    "reports:reorganised_people": Door(PROVINCE, pk("reorganisation")),
    "reports:moves_xlsx": Door(PROVINCE, pk("reorganisation")),
    "reports:step_reorganisation": Door({"root"}, pk("reorganisation"), "post"),
    "reports:remind": Door(APPROVERS),
    "reports:classes_ahead": Door(APPROVERS),
    "reports:reminder_run": Door(OVER_HOA, pk("run")),
    "reports:results": Door(OFFICERS | PROVINCE),
    "reports:results_file": Door(OVER_HOA, pk("file")),
    "reports:begin_results": Door({"minh", "root"}, pk("file"), "post"),
    "reports:results_rows": Door(OVER_HOA, pk("file")),
    "reports:results_rows_xlsx": Door(OVER_HOA, pk("file")),
    "reports:results_row": Door({"minh", "root"}, lambda e: {"pk": e.file.pk, "row_pk": e.row.pk}),
    "reports:snapshots": Door(REPORTS),
    "reports:snapshot": Door(OVER_HOA, pk("snapshot")),
    "reports:snapshot_people": Door(OVER_HOA, pk("snapshot")),
    "reports:snapshot_file": Door(OVER_HOA, lambda e: {"pk": e.snapshot.pk, "form": "xlsx"}),
    "reports:snapshot_step": Door(
        {"minh", "root"}, lambda e: {"pk": e.snapshot.pk, "what": "kiem-tra"}, "post"
    ),
    "reports:roles": Door({"auditor", "root"}),
    "reports:withdraw_role": Door({"root"}, lambda e: {"pk": e.grant.pk}),
    "reports:audit_log": Door({"auditor", "root"}),
    "reports:show_number": Door(
        {"minh", "root"}, pk("hoa"), "post", lambda _e: {"reason": "Đối chiếu"}
    ),
    "reports:enter_person": Door(OFFICERS),
    "reports:correct_person": Door({"minh", "root"}, pk("hoa")),
    "reports:change_post": Door({"minh", "root"}, pk("hoa")),
    "reports:add_post": Door({"minh", "root"}, pk("hoa")),
    "reports:note_leave": Door({"minh", "root"}, pk("hoa")),
    "reports:end_post": Door({"minh", "root"}, _post_of_hoa),
    "reports:reopen_post": Door({"minh", "root"}, _post_of_hoa),
    "reports:call_off_post": Door({"minh", "root"}, _post_of_hoa),
    "reports:register": Door(REPORTS),
    "reports:assist": Door({"helper", "root"}),
    "reports:businesses": Door(REPORTS),
    "reports:business_lists": Door(PROVINCE),
    "reports:business_list": Door(PROVINCE, pk("business_list")),
    "reports:business_list_rows": Door(PROVINCE, pk("business_list")),
    "reports:business_rows_xlsx": Door({"root"}, pk("business_list")),
    "reports:apply_business_list": Door({"root"}, pk("business_list"), "post"),
    "reports:business": Door(PROVINCE, pk("business")),
    "reports:duplicates": Door(OFFICERS),
    "reports:compare_records": Door(
        {"minh", "root"}, lambda e: {"keep": e.hoa.pk, "drop": e.merger.kept_id}
    ),
    "reports:keep_apart": Door(
        {"minh", "root"}, lambda e: {"keep": e.hoa.pk, "drop": e.merger.kept_id}, "post"
    ),
    "reports:undo_merger": Door({"minh", "root"}, pk("merger")),
    "reports:subject_requests": Door(REPORTS - {"leader"}),
    "reports:subject_request": Door(OVER_HOA - {"leader"}, pk("asked")),
    "reports:erase_person": Door({"minh", "root"}, pk("hoa")),
    "reports:record_request": Door({"minh", "root"}, pk("hoa")),
    "reports:person_data": Door(
        {"minh", "root"}, pk("hoa"), "post", lambda _e: {"reason": "Người học đề nghị"}
    ),
    "reports:staff_lists": Door(REPORTS),
    "reports:staff_register": Door(REPORTS),
    "reports:staff_list": Door(OVER_HOA, pk("staff_list")),
    "reports:staff_list_rows": Door(OVER_HOA, pk("staff_list")),
    "reports:staff_rows_xlsx": Door({"minh", "root"}, pk("staff_list")),
    "reports:apply_staff_list": Door({"minh", "root"}, pk("staff_list"), "post"),
    "reports:claims": Door(REPORTS),
    "reports:approve_many": Door(APPROVERS, method="post"),
    "reports:claim": Door(OVER_HOA, pk("claim")),
    "reports:decide_claim": Door({"minh", "leader", "root"}, pk("claim"), "post"),
    "reports:rechecks": Door(REPORTS),
    "reports:recheck": Door({"minh", "leader", "root"}, pk("recheck")),
}
ELSEWHERE = {
    "picture": "everybody: tests/home/test_object_storage.py",
    "metrics": "this machine, or the token: tests/home/test_metrics.py",
    "feeds:indicators": "a client's token: tests/home/feeds",
    "feeds:indicators_xlsx": "the same",
    "feeds:units": "the same",
    "feeds:aggregates": "the same",
    "learners:commit_part": "one's own lesson that is a package: tests/learners/views",
    "package_frame": "a sealed key of one lesson: tests/learners/views",
    "package_file": "the same key, on an origin of its own",
    "wagtail_serve": "pages by Wagtail's own rules",
}
OUR_APPS = ("courses", "learners", "certificates")
OPEN_TO_ALL_OF_WAGTAIL = {
    "quan-tri/login/",
    "quan-tri/sprite/",
    "quan-tri/password_reset/",
    "quan-tri/password_reset/done/",
    "quan-tri/password_reset/complete/",
    "quan-tri/jsi18n/",
}
OF_LIBRARIES = ("account_", "mfa_", "wagtail", "socialaccount_", "openid_connect_")
"""Sign-in, second factor and the page tree: tried by their makers, and in tests/home."""


def addresses(patterns: list, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and route of every address."""
    for found in patterns:
        if isinstance(found, URLResolver):
            inner = ":".join(filter(None, [space, found.namespace]))
            yield from addresses(found.url_patterns, prefix + str(found.pattern), inner)
        elif isinstance(found, URLPattern) and found.name:
            yield ":".join(filter(None, [space, found.name])), prefix + str(found.pattern)


def all_addresses() -> list[tuple[str, str]]:
    return list(addresses(get_resolver().url_patterns))


def test_every_address_has_an_entry():
    public = {name for name, route in all_addresses() if not route.startswith("quan-tri/")}
    known = DOORS.keys() | ELSEWHERE.keys()
    missing = {name for name in public - known if not name.startswith(OF_LIBRARIES)}
    assert (sorted(missing), sorted(known - public)) == ([], [])


@pytest.fixture
def things(settings):
    settings.BADGE_KEY_FILES = [key_file()]
    with on_23_november():
        yield everything()


def client_of(things: Everything, who: str) -> Client:
    client = Client()
    if who != "nobody":
        client.force_login(things.accounts[who])
    return client


def address(things: Everything, name: str) -> str:
    return reverse(name, kwargs=DOORS[name].key(things))


def knock(things: Everything, name: str, who: str) -> int:
    """The answer's status, 0 for being led to the sign-in. What was changed is undone."""
    door, client = DOORS[name], client_of(things, who)
    with transaction.atomic():
        response = getattr(client, door.method)(address(things, name), door.query(things))
        response.getvalue()
        transaction.set_rollback(True)
    is_sign_in = response.status_code == 302 and response.url.startswith("/dang-nhap/?")
    return 0 if is_sign_in else response.status_code


@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_doors(things, who):
    """In, for those who are named; for all others there is nothing."""
    wrong = []
    for name, door in DOORS.items():
        status = knock(things, name, who)
        came_in = status not in (0, 403, 404, 405, 500)
        if came_in != (who in door.who):
            wrong.append(f"{name}: {status}")
    assert "\n".join(wrong) == ""


OWN_OR_OPEN = {"nobody", "hoa", "binh"}


@pytest.mark.django_db
def test_second_factor_stands_before_every_door_with_others_behind_it(things, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    wrong = []
    for name, door in DOORS.items():
        if door.who & OWN_OR_OPEN:
            continue
        who = min(door.who)
        response = getattr(client_of(things, who), door.method)(
            address(things, name), door.query(things)
        )
        if response.headers.get("Location") != reverse("mfa_activate_totp"):
            wrong.append(f"{name} as {who}: {response.status_code}")
    assert wrong == []


def rows_of_our_apps() -> dict[str, list]:
    models = [m for app in OUR_APPS for m in apps.get_app_config(app).get_models()]
    return {m._meta.label: list(m._base_manager.order_by("pk").values()) for m in models}


@pytest.mark.django_db
def test_auditor_reads_all_and_changes_nothing(things):
    client = client_of(things, "auditor")
    before = rows_of_our_apps()
    for name in DOORS:
        if name.startswith(("reports:", "certificates:")):
            client.post(address(things, name), {"reason": "Thử", "decision": "approve"})
    assert rows_of_our_apps() == before


@pytest.mark.django_db
def test_numbers_of_people_stand_in_no_address_and_in_no_log(things, caplog):
    caplog.set_level(logging.DEBUG)
    told = []
    for who in ("hoa", "minh", "root"):
        for name, door in DOORS.items():
            with transaction.atomic():
                client = client_of(things, who)
                response = getattr(client, door.method)(address(things, name), door.query(things))
                html = response.getvalue().decode(errors="ignore")
                transaction.set_rollback(True)
            links = re.findall(r'(?:href|action|src)="([^"]*)"', html)
            told += [link for link in links if PHONE in link and not link.startswith("tel:")]
            # But the one page that shows it, for a reason that is written down.
            if NUMBER in html and name != "reports:show_number":
                told.append(f"{name} shows the whole number")
    assert told == []
    assert (PHONE in caplog.text, NUMBER in caplog.text) == (False, False)


@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted(EVERYBODY - {"root", "author", "registrar"}))
def test_administration_is_closed(things, who):
    """Learners, officers, leaders and the auditor have no part in Wagtail's admin."""
    client = client_of(things, who)
    opened = []
    for _name, route in all_addresses():
        if route.startswith("quan-tri/") and not set(route) & set("<(^"):
            response = client.get(f"/{route}")
            if response.status_code == 200 and route not in OPEN_TO_ALL_OF_WAGTAIL:
                opened.append(route)
    assert opened == []


@pytest.mark.django_db
def test_author_keeps_to_courses(things):
    client = client_of(things, "author")
    closed = ["cong-viec/", "decisions/", "muc-tieu/", "quy-tac/", "mau-so/", "users/"]
    assert {client.get(f"/quan-tri/{part}").status_code for part in closed} <= {302, 403, 404}
