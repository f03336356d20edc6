"""List, decision, papers: in this order, once, and taken up again where it was cut off."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from certificates.actions import lists
from certificates.actions.lists import (
    ListAwaitsDecision,
    NobodyToList,
    NotADraft,
    NotEntitled,
    decide,
    discard,
    draw_up,
    issue_by_list,
)
from certificates.actions.withdrawal import replace, withdraw
from certificates.eligibility import verdicts
from certificates.models import Certificate, Decision, IssueList, PaperNotice, Register
from learners.actions.attendance import take_back
from learners.models import Person, Post, Seat
from tests.factories.certificates import class_decision, decided_list, finished_class, keeper
from tests.factories.classes import class_of
from tests.factories.learning import staff, unit

pytestmark = pytest.mark.django_db

QUERIES_OF_A_BATCH = 26
THREE = ("Phan Thị Lan", "Nguyễn Thị Hoa", "Trần Văn Minh")


def reasons(group):
    return {one.person.full_name: one.reason for one in verdicts(group)}


class TestVerdicts:
    def test_everybody_has_a_verdict_by_given_name(self):
        group = finished_class(*THREE, absent=("Lê Văn Vắng",))
        assert list(reasons(group).items()) == [
            ("Nguyễn Thị Hoa", ""),
            ("Phan Thị Lan", ""),
            ("Trần Văn Minh", ""),
            ("Lê Văn Vắng", "Có chỗ trong lớp nhưng không dự buổi nào."),
        ]

    def test_too_few_sessions_are_counted_out(self):
        group = finished_class("Nguyễn Thị Hoa")
        for days in (1, 2):
            group.sessions.create(
                starts_at=group.sessions.first().starts_at + timedelta(days=days),
                ends_at=group.sessions.first().ends_at + timedelta(days=days),
            )
        group.completion_percent = 80
        Person.objects.get().participations.update(completed=False)
        Person.objects.get().records.all().delete()
        assert reasons(group) == {"Nguyễn Thị Hoa": "Đã dự 1/3 buổi; lớp yêu cầu ít nhất 3 buổi."}

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"birth_date": None}, "Hồ sơ thiếu ngày sinh."),
            ({"full_name": "សុខា"}, "U+17BB"),
            ({"full_name": "Nguyễn " * 14}, "quá dài"),
        ],
    )
    def test_what_cannot_be_printed_is_refused_beforehand(self, change, reason):
        group = finished_class("Nguyễn Thị Hoa")
        Person.objects.update(**change)
        assert reason in next(iter(reasons(group).values()))

    def test_waiting_without_a_seat_is_no_ground(self):
        group = finished_class(absent=("Nguyễn Thị Hoa",))
        Seat.objects.update(state="waiting")
        assert reasons(group) == {"Nguyễn Thị Hoa": "Chỉ ở danh sách chờ, chưa có chỗ."}

    def test_queries_do_not_grow_with_people(self, django_assert_num_queries):
        one, three = finished_class("Vi Văn Một"), finished_class(*THREE)
        for group in (one, three):
            with django_assert_num_queries(7):
                verdicts(group)


class TestDrawUp:
    def test_second_list_waits_for_the_first(self):
        group = finished_class("Nguyễn Thị Hoa")
        drawn = draw_up(group=group, by=keeper())
        with pytest.raises(ListAwaitsDecision):
            draw_up(group=group, by=keeper())
        discard(drawn)
        assert draw_up(group=group, by=keeper()).lines.count() == 1
        with pytest.raises(NotADraft):
            discard(drawn)

    def test_empty_class_has_no_list(self):
        with pytest.raises(NobodyToList):
            draw_up(group=class_of(), by=keeper())
        assert IssueList.objects.count() == 0


class TestDecide:
    def test_nothing_is_made_before_the_decision(self):
        drawn = draw_up(group=finished_class("Nguyễn Thị Hoa"), by=keeper())
        issue_by_list(drawn.pk)
        assert (Certificate.objects.count(), drawn.lines.get().state) == (0, "eligible")

    def test_regulated_certificate_is_for_entitled_providers(self):
        drawn = draw_up(group=finished_class("Nguyễn Thị Hoa"), by=keeper())
        with pytest.raises(NotEntitled):
            decide(issue_list=drawn, decision=class_decision(kind="certificate"), by=keeper())
        assert Decision.objects.count() == 0
        provider = drawn.class_group.provider
        provider.may_issue_certificates, provider.legal_act = True, "QĐ 12/2024"
        provider.save()
        decide(issue_list=drawn, decision=class_decision(kind="certificate"), by=keeper())
        issue_by_list(drawn.pk)
        paper = Certificate.objects.get()
        assert (paper.serial[:6], paper.paper["kind_title"]) == ("NA-CC-", "CHỨNG CHỈ BỒI DƯỠNG")

    def test_second_decision_on_a_list_is_refused_and_leaves_nothing(self):
        drawn = decided_list("Nguyễn Thị Hoa")
        with pytest.raises(NotADraft), transaction.atomic():
            decide(issue_list=drawn, decision=class_decision(number="46/QĐ"), by=keeper())
        assert Decision.objects.count() == 1


class TestIssue:
    def test_list_yields_contiguous_serials_in_its_order_and_one_word_each(self):
        drawn = decided_list(*THREE)
        issue_by_list(drawn.pk)
        issue_by_list(drawn.pk)
        made = Certificate.objects.order_by("number")
        assert [(one.number, one.paper["full_name"]) for one in made] == [
            (1, "Nguyễn Thị Hoa"),
            (2, "Phan Thị Lan"),
            (3, "Trần Văn Minh"),
        ]
        assert PaperNotice.objects.count() == 3
        assert set(drawn.lines.values_list("state", flat=True)) == {"issued"}

    def test_paper_says_what_the_class_was(self):
        drawn = decided_list("Nguyễn Thị Hoa", valid_months=24)
        issue_by_list(drawn.pk)
        made = Certificate.objects.get()
        wanted = ("course_title", "hours", "study_form", "result", "decision_number")
        assert [made.paper[name] for name in wanted] == [
            "Luật thương mại điện tử cho hộ kinh doanh",
            "8.0",
            "Tập trung",
            "Đạt",
            "45/QĐ-ĐHV",
        ]
        assert (made.enrolment, made.class_group) == (None, drawn.class_group)
        assert made.expires_on.year == made.issued_on.year + 2
        assert made.paper["expires_on"] == made.expires_on.isoformat()

    def test_cut_off_in_the_middle_it_goes_on_with_the_next_line(self, monkeypatch):
        monkeypatch.setattr(lists, "AT_A_TIME", 2)
        drawn = decided_list(*THREE, "Vi Văn Một", "Lò Thị Hai")
        real, calls = lists.write, []

        def power_cut(*args, **fields):
            calls.append(args)
            if len(calls) == 4:
                raise OSError("power cut")
            return real(*args, **fields)

        monkeypatch.setattr(lists, "write", power_cut)
        with pytest.raises(OSError, match="power cut"):
            issue_by_list(drawn.pk)
        assert (Certificate.objects.count(), Register.objects.get().last_number) == (2, 2)
        issue_by_list(drawn.pk)
        numbers = Certificate.objects.order_by("number").values_list("number", flat=True)
        assert (list(numbers), PaperNotice.objects.count()) == ([1, 2, 3, 4, 5], 5)

    def test_queries_do_not_grow_with_people(self, django_assert_num_queries):
        one, three = decided_list("Vi Văn Một"), decided_list(*THREE, number="46/QĐ-ĐHV")
        issue_by_list(decided_list("Lò Thị Hai", number="47/QĐ-ĐHV").pk)
        for drawn in (one, three):
            with django_assert_num_queries(QUERIES_OF_A_BATCH):
                issue_by_list(drawn.pk)

    def test_each_paper_names_the_unit_of_the_day_of_completion(self):
        drawn = decided_list(*THREE)
        lan, hoa, minh = (Person.objects.get(full_name=name) for name in THREE)
        Post.objects.filter(person=hoa).update(managing_unit=unit("UBND xã Quỳnh Lưu", "Q"))
        Post.objects.filter(person=minh).update(managing_unit=unit("UBND phường Vinh", "V"))
        # Lan came into her post after the class.
        Post.objects.filter(person=lan).update(valid_from=timezone.localdate())
        issue_by_list(drawn.pk)
        said = dict(Certificate.objects.values_list("paper__full_name", "paper__unit"))
        assert said == {
            "Nguyễn Thị Hoa": "UBND xã Quỳnh Lưu",
            "Trần Văn Minh": "UBND phường Vinh",
            "Phan Thị Lan": "",
        }

    def test_right_lost_since_the_list_was_drawn_up_is_refused_with_the_reason(self):
        drawn = decided_list("Nguyễn Thị Hoa", "Phan Thị Lan")
        lan = Person.objects.get(full_name="Phan Thị Lan")
        take_back(session=drawn.class_group.sessions.get(), person=lan, by=keeper())
        issue_by_list(drawn.pk)
        assert list(drawn.lines.values_list("state", "reason")) == [
            ("issued", ""),
            ("refused", "Có chỗ trong lớp nhưng không dự buổi nào."),
        ]

    def test_line_that_would_print_wrong_is_refused_and_leaves_no_gap(self):
        drawn = decided_list("Nguyễn Thị Hoa", "Phan Thị Lan")
        Decision.objects.update(signer_name="")
        issue_by_list(drawn.pk)
        assert set(drawn.lines.values_list("state", flat=True)) == {"refused"}
        assert Certificate.objects.count() == 0

    def test_nobody_gets_a_second_paper_of_the_class_by_another_list(self):
        drawn = decided_list("Nguyễn Thị Hoa")
        issue_by_list(drawn.pk)
        serial = Certificate.objects.get().serial
        again = draw_up(group=drawn.class_group, by=keeper())
        assert again.lines.get().reason == f"Đã có giấy {serial} của lớp này."
        withdraw(certificate=Certificate.objects.get(), reason="Sai tên", act="9/QĐ", by=keeper())
        assert reasons(drawn.class_group) == {
            "Nguyễn Thị Hoa": f"Giấy {serial} của lớp này đã bị thu hồi."
        }

    def test_wrong_paper_of_a_class_is_replaced_under_the_decision_of_its_list(self):
        drawn = decided_list("Nguyễn Thị Hoà")
        issue_by_list(drawn.pk)
        Person.objects.update(full_name="Nguyễn Thị Hòa")
        given = {"reason": "Sai dấu", "act": "9/QĐ", "by": keeper()}
        new = replace(certificate=Certificate.objects.get(), **given)
        assert (new.number, new.decision, new.class_group) == (
            2,
            IssueList.objects.get().decision,
            drawn.class_group,
        )


@pytest.mark.parametrize("both", [True, False])
def test_paper_rests_on_one_thing_says_the_database(both):
    drawn = decided_list("Nguyễn Thị Hoa")
    issue_by_list(drawn.pk)
    made = Certificate.objects.get()
    copied = {
        field.attname: getattr(made, field.attname)
        for field in Certificate._meta.concrete_fields
        if field.attname not in ("id", "serial", "code", "number")
    }
    wrong = copied | {"serial": "X", "code": "X", "number": 9, "state": "withdrawn"}
    wrong |= {"state_reason": "-", "class_group_id": None}
    if both:
        from learners.actions.enrolments import enrol
        from tests.factories.learning import small_course

        enrolment = enrol(person=staff("Vi Văn Hai"), course=small_course())
        wrong |= {"class_group_id": drawn.class_group_id, "enrolment_id": enrolment.pk}
    with pytest.raises(IntegrityError, match="a_paper_rests_on_one_thing"), transaction.atomic():
        Certificate.objects.create(**wrong)


def test_months_after_keeps_within_the_month():
    from certificates.actions.entering import months_after

    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 15), 12) == date(2027, 12, 15)
