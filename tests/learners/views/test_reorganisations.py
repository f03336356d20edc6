"""The pages on which the province's HR officer reorganises units."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from learners.choices import Role, Status
from learners.models import OrganisationVersion, Post, Reorganisation, ReorganisationLine
from learners.tasks import apply_due_documents
from learners.tree import organisation_by_code
from tests.factories.lists import csv_of
from tests.factories.reorganisations import DAY, document, line, register
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with on_23_november():
        yield


@pytest.fixture
def place():
    found = world()
    found.hoa = person("Nguyễn Thị Hoa", found.hospital, Status.ONLINE, staff_number="NA1")
    found.binh = person("Trần Văn Bình", found.health, Status.WAITING, staff_number="NA2")
    return recount(found)


@pytest.fixture
def hr(place):
    client = Client(headers={"accept-language": "en"})
    client.force_login(viewer("hr", Role.OFFICER, place.province))
    return client


def at(name: str, *args: object) -> str:
    return reverse(f"reports:{name}", args=args)


def step(client: Client, made: Reorganisation, name: str, **more: str):
    return client.post(at("step_reorganisation", made.pk), {"step": name, **more}, follow=True)


def merger() -> Reorganisation:
    return document(
        line("merge", "NA-SYT", "NA-SYTGD", "Sở Y tế và Giáo dục"),
        line("merge", "NA-SGDDT", "NA-SYTGD"),
    )


def test_a_decision_is_entered_line_by_line_and_put_into_effect(place, hr):
    response = hr.post(
        at("new_reorganisation"),
        {
            "decision_number": "12/NQ-HĐND",
            "title": "Hợp nhất hai sở",
            "signed_on": "2026-06-20",
            "effective_on": "2026-07-01",
        },
    )
    made = Reorganisation.objects.get()
    assert response.url == at("reorganisation", made.pk)
    for unit in ("NA-SYT · Sở Y tế", "Sở Giáo dục và Đào tạo"):
        fields = {"kind": "merge", "from_code": unit, "to_code": "na-sytgd", "to_name": "Sở Mới"}
        assert hr.post(at("add_line", made.pk), fields).status_code == 302
    lines = made.lines.values_list("from_code", "to_code", "people")
    assert list(lines) == [("NA-SYT", "NA-SYTGD", "all"), ("NA-SGDDT", "NA-SYTGD", "all")]
    page = step(hr, made, "thuc-hien")
    made.refresh_from_db()
    assert made.state == "applied"
    assert made.lines.first().moved == 1
    assert page.context["moved"] == 1
    assert Post.objects.on(DAY).get(person=place.binh).managing_unit_id == organisation_by_code(
        "NA-SYTGD", DAY
    )


def test_two_clicks_apply_once_and_undo_and_settle_follow(place, hr):
    made = merger()
    before = register()
    step(hr, made, "thuc-hien")
    after = register()
    step(hr, made, "thuc-hien")
    assert register() == after
    step(hr, made, "hoan-tac")
    assert register() == before
    step(hr, made, "thuc-hien")
    step(hr, made, "chot")
    made.refresh_from_db()
    assert made.state == "applied"  # nobody said that it is final
    step(hr, made, "chot", is_final="1")
    step(hr, made, "hoan-tac")
    made.refresh_from_db()
    assert made.state == "signed"
    steps = [event.step for event in made.events.all()]
    once = ["scheduled", "applied", "asked_back", "undone"]
    assert steps == [*once, "scheduled", "applied", "signed"]


def test_a_document_of_the_future_waits_and_can_be_stopped(place, hr):
    made = document(line("rename", "NA-SYT", name="Sở Sức khỏe"), day=date(2026, 11, 24))
    step(hr, made, "thuc-hien")
    made.refresh_from_db()
    assert made.state == "scheduled"
    apply_due_documents.func()
    made.refresh_from_db()
    assert made.state == "scheduled"
    Reorganisation.objects.update(effective_on=date(2026, 11, 23))
    apply_due_documents.func()
    made.refresh_from_db()
    assert made.state == "applied"
    assert OrganisationVersion.objects.filter(name="Sở Sức khỏe").exists()


def test_on_its_day_a_document_that_no_longer_fits_comes_back_with_the_reason(place, hr):
    made = document(line("rename", "NA-SYT", name="Sở Sức khỏe"), day=date(2026, 11, 24))
    step(hr, made, "thuc-hien")
    OrganisationVersion.objects.filter(organisation=place.health).update(valid_to=DAY)
    Reorganisation.objects.update(effective_on=date(2026, 11, 23))
    apply_due_documents.func()
    made.refresh_from_db()
    assert made.state == "draft"
    assert "NA-SYT" in made.error


def test_who_would_be_left_has_to_be_confirmed(place, hr):
    made = document(line("dissolve", "NA-BV"))
    page = hr.get(at("reorganisation", made.pk))
    assert page.context["left"] == [("Bệnh viện Hữu nghị Đa khoa", 1)]
    step(hr, made, "thuc-hien")
    made.refresh_from_db()
    assert made.state == "draft"
    left = hr.get(at("reorganised_people", made.pk), {"con-lai": "1"})
    assert [row.full_name for row in left.context["rows"]] == ["Nguyễn Thị Hoa"]
    step(hr, made, "thuc-hien", leaves_people="1")
    made.refresh_from_db()
    assert made.state == "applied"


def test_who_goes_where_is_listed_before_and_after(place, hr):
    person("Lê Văn An", place.health)
    made = merger()
    address = at("reorganised_people", made.pk)
    before = hr.get(address, {"dong": "1"}).context["rows"]
    step(hr, made, "thuc-hien")
    after = hr.get(address).context["rows"]
    assert before == after
    assert [(row.full_name, row.origin, row.target) for row in after] == [
        ("Lê Văn An", "Sở Y tế", "Sở Y tế và Giáo dục"),
        ("Trần Văn Bình", "Sở Y tế", "Sở Y tế và Giáo dục"),
    ]
    assert hr.get(at("moves_xlsx", made.pk)).status_code == 200


def test_lines_come_from_a_file_all_or_none(place, hr):
    made = merger()
    rows = [
        ["Hình thức", "Mã đơn vị cũ", "Mã đơn vị mới", "Tên đơn vị mới"],
        ["Sáp nhập", "NA-SYT", "NA-SGDDT", ""],
        ["Trộn", "NA-BV", "", ""],
    ]
    address = at("bring_lines", made.pk)
    refused = hr.post(address, {"upload": SimpleUploadedFile("phu-luc.csv", csv_of(rows))})
    assert (refused.status_code, made.lines.count()) == (422, 2)
    assert [row.where for row in refused.context["skipped"]] == ["3"]
    hr.post(address, {"upload": SimpleUploadedFile("phu-luc.csv", csv_of(rows[:2]))})
    assert list(made.lines.values_list("kind", "from_code")) == [("absorb", "NA-SYT")]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "merge", "from_code": "KHONG-CO", "to_code": "NA-X"},
        {"kind": "merge", "from_code": "", "to_code": "NA-X"},
        {"kind": "explode", "from_code": "NA-SYT"},
        {"kind": "merge", "from_code": "NA-SYT", "to_code": "một mã"},
        {"kind": "split", "from_code": "NA-SYT", "to_code": "NA-X", "people": "named"},
        {"kind": "rename", "from_code": "NA-SYT", "to_name": "x" * 201},
    ],
)
def test_a_line_that_makes_no_sense_is_not_added(place, hr, fields):
    made = merger()
    assert hr.post(at("add_line", made.pk), fields).status_code == 422
    assert ReorganisationLine.objects.count() == 2


@pytest.mark.parametrize("number", ["", "x", "99999999999999999999", "-1"])
def test_a_line_is_taken_out_and_nonsense_takes_out_nothing(place, hr, number):
    made = merger()
    hr.post(at("remove_line", made.pk), {"line": number})
    assert made.lines.count() == 2
    hr.post(at("remove_line", made.pk), {"line": made.lines.first().pk})
    assert made.lines.count() == 1


def test_what_is_in_effect_is_not_edited(place, hr):
    made = merger()
    step(hr, made, "thuc-hien")
    for name in ("edit_reorganisation", "add_line", "bring_lines"):
        assert hr.get(at(name, made.pk)).status_code == 404
    hr.post(at("remove_line", made.pk), {"line": made.lines.first().pk})
    assert made.lines.count() == 2


def test_an_unknown_step_does_nothing(place, hr):
    made = merger()
    step(hr, made, "xoa")
    assert list(made.events.all()) == []


def test_a_unit_officer_and_a_leader_change_nothing(place):
    made = merger()
    for name, role, unit in (
        ("minh", Role.OFFICER, place.health),
        ("leader", Role.LEADER, place.province),
        ("auditor", Role.AUDITOR, place.province),
    ):
        client = Client()
        client.force_login(viewer(name, role, unit))
        assert step(client, made, "thuc-hien").status_code == 404
        seen = client.get(at("reorganisation", made.pk)).status_code
        assert seen == (404 if name == "minh" else 200)
    made.refresh_from_db()
    assert made.state == "draft"


@pytest.mark.parametrize("name", ["reorganisation", "reorganised_people"])
def test_a_page_costs_the_same_for_one_line_and_for_three(
    place, hr, name, django_assert_max_num_queries
):
    one = document(line("absorb", "NA-SYT", "NA-SGDDT"), number="1")
    three = document(
        line("merge", "NA-SYT", "NA-SYTGD", "Sở Y tế và Giáo dục"),
        line("merge", "NA-SGDDT", "NA-SYTGD"),
        line("rename", "NA-TU", name="Tỉnh ủy"),
    )
    with override("vi"):
        for made in (one, three):
            hr.get(at(name, made.pk))
            with django_assert_max_num_queries(12):
                assert hr.get(at(name, made.pk)).status_code == 200


def test_what_is_left_open_is_called_by_its_meaning(place, hr):
    page = hr.get(at("add_line", merger().pk)).content.decode()
    assert "---------" not in page
    for words in ("Chọn", "giữ như trước", "theo hình thức sắp xếp"):
        assert f'<option value="" selected>{words}</option>' in page
