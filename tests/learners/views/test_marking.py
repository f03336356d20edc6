"""Thu marks essays and corrects keys of her courses; learners and other authors cannot."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission

from courses.models import Edition, EditionItem, Question, QuizPage
from home.site import MODERATORS
from learners.actions import remarking
from learners.actions.attempts import (
    mark_answer,
    remark,
)
from learners.actions.enrolments import enrol
from learners.actions.remarking import (
    CorrectedMeanwhile,
    apply_remarking,
    correct_key,
    question_of,
)
from learners.marking_forms import KeyForm
from learners.models import Attempt, Enrolment, LessonTick, Remarking, User
from learners.tasks import remark_attempts
from tests.factories.learning import staff, this_period
from tests.factories.quizzes import bank_of, draw, handed_in, marker, quiz_course

pytestmark = pytest.mark.django_db

ESSAY = [("essay", "Vì sao phải bảo mật?", "Có ít nhất hai lý do.")]
WRONG_KEY = [
    ("choice", "Thủ phủ của Nghệ An?", "* Huế\n- Vinh"),
    ("choice", "Sông nào chảy qua Vinh?", "* Lam\n- Hồng"),
]


@pytest.fixture
def thu():
    return marker()


class TestEssays:
    def test_thu_marks_and_hoa_completes_the_course(self, thu, client):
        attempt = handed_in(quiz_course(ESSAY), "Vì dữ liệu là của dân.")
        assert (attempt.waiting, attempt.passed) == (1, False)
        client.force_login(thu)
        page = client.get("/cham-bai/").content.decode()
        assert ("Nguyễn Thị Hoa" in page, "1 bài chờ chấm" in page) == (True, True)
        address = reverse("learners:mark", args=[attempt.pk, 0])
        page = client.get(address).content.decode()
        assert ("Vì dữ liệu là của dân." in page, "Có ít nhất hai lý do." in page) == (True, True)
        assert client.post(address, {"percent": 80, "comment": "Tốt."}).url == "/cham-bai/"
        attempt.refresh_from_db()
        assert (attempt.waiting, attempt.score, attempt.passed) == (0, 80, True)
        assert Enrolment.objects.get().completed_at is not None

    def test_second_marker_sees_the_first_mark_before_changing_it(self, thu, client):
        attempt = handed_in(quiz_course(ESSAY), "Vì dữ liệu là của dân.")
        client.force_login(thu)
        address = reverse("learners:mark", args=[attempt.pk, 0])
        client.post(address, {"percent": 80, "seen": ""})
        client.post(address, {"percent": 10, "seen": ""})
        attempt.refresh_from_db()
        assert (attempt.score, attempt.manual_marks.count()) == (80, 1)

    @pytest.mark.parametrize("percent", ["", "101", "-1", "tốt"])
    def test_mark_that_is_none_is_refused(self, thu, client, percent):
        attempt = handed_in(quiz_course(ESSAY), "Vì dữ liệu là của dân.")
        client.force_login(thu)
        address = reverse("learners:mark", args=[attempt.pk, 0])
        assert client.post(address, {"percent": percent}).status_code == 422
        assert attempt.manual_marks.count() == 0

    def test_nobody_marks_himself(self, thu, client):
        attempt = handed_in(quiz_course(ESSAY), "Vì dữ liệu là của dân.")
        own = attempt.enrolment.person.user
        own.groups.add(Group.objects.get(name=MODERATORS))
        client.force_login(own)
        assert client.get(reverse("learners:mark", args=[attempt.pk, 0])).status_code == 404

    def test_queue_is_narrowed_to_one_course_and_stays_so(self, thu, client):
        first, second = quiz_course(ESSAY), quiz_course(ESSAY)
        handed_in(first, "Vì dân.", name="Lê Ba")
        older = handed_in(second, "Vì dân.", name="Lê Tư")
        newer = handed_in(second, "Vì dân.", name="Lê Năm")
        client.force_login(thu)
        for words in ("", "x", "99999", first.pk):
            assert client.get("/cham-bai/", {"khoa": words}).status_code == 200
        page = client.get("/cham-bai/", {"khoa": second.pk})
        assert list(page.context["page"].object_list) == [older, newer]
        address = reverse("learners:mark", args=[older.pk, 0]) + f"?khoa={second.pk}"
        following = client.post(address, {"percent": 10}).url
        assert following == reverse("learners:mark", args=[newer.pk, 0]) + f"?khoa={second.pk}"
        assert client.post(following, {"percent": 10}).url == f"/cham-bai/?khoa={second.pk}"

    def test_learner_reads_that_it_waits_and_then_mark_and_comment(self, thu, client):
        course = quiz_course(ESSAY)
        attempt = handed_in(course, "Vì dân.")
        client.force_login(attempt.enrolment.person.user)
        front = reverse("learners:item", args=[course.slug, 1])
        result = reverse("learners:result", args=[course.slug, 1, 1])
        assert "đang chờ chấm" in client.get(front).content.decode()
        page = client.get(result).content.decode()
        assert ("Đang chờ chấm" in page, "Mức đạt là" in page) == (True, False)
        mark_answer(attempt=attempt, index=0, mark=30, comment="Còn thiếu ý.", by=thu)
        page = client.get(result).content.decode()
        assert ("0.3/1" in page or "0,3/1" in page, "Còn thiếu ý." in page) == (True, True)

    @pytest.mark.parametrize("count", [1, 3])
    def test_queue_costs_the_same_for_one_and_three(
        self, thu, client, count, django_assert_max_num_queries
    ):
        course = quiz_course(ESSAY)
        for number in range(count):
            handed_in(course, "Vì dân.", name=f"Lê Văn {number}")
        client.force_login(thu)
        with django_assert_max_num_queries(12):
            client.get("/cham-bai/")


class TestKeys:
    @pytest.fixture
    def course(self, thu):
        return quiz_course(WRONG_KEY, pass_mark=100)

    @pytest.fixture
    def address(self, course):
        item = EditionItem.objects.get(kind="quiz")
        return reverse("learners:correct_key", args=[item.pk, "f0"])

    def test_list_comes_before_the_act_and_changes_nothing(self, thu, course, address, client):
        attempt = handed_in(course, [1], [0])
        client.force_login(thu)
        given = {"typed": "- Huế\n* Vinh", "reason": "Đáp án ghi nhầm"}
        page = client.post(address, given)
        assert (page.context["changed"], page.context["now_pass"]) == (1, 1)
        attempt.refresh_from_db()
        assert (attempt.score, Remarking.objects.count()) == (50, 0)

    def test_whoever_passes_by_the_new_key_completes_and_whoever_passed_stays(
        self, thu, course, address, client
    ):
        right, lucky = handed_in(course, [1], [0]), handed_in(course, [0], [0], name="Lê Ba")
        client.force_login(thu)
        given = {"typed": "- Huế\n* Vinh", "reason": "Đáp án ghi nhầm", "apply": "1"}
        client.post(address, given)
        act = Remarking.objects.get()
        remark_attempts.func(act.pk)
        remark_attempts.func(act.pk)
        for attempt in (right, lucky):
            attempt.refresh_from_db()
        assert [(a.score, a.passed) for a in (right, lucky)] == [(100, True), (100, True)]
        assert LessonTick.objects.filter(enrolment=right.enrolment).count() == 1
        act.refresh_from_db()
        assert (len(act.changes), act.reason, act.done_by) == (2, "Đáp án ghi nhầm", thu)

    def test_next_learner_is_asked_by_the_new_key(self, thu, course, address, client):
        client.force_login(thu)
        given = {"typed": "- Huế\n* Vinh", "reason": "Đáp án ghi nhầm", "apply": "1"}
        client.post(address, given)
        assert handed_in(course, [1], [0]).passed is True

    def test_faulty_question_gives_everybody_its_mark(self, thu, course, address, client):
        attempt = handed_in(course, [1], [0])
        client.force_login(thu)
        given = {"typed": "* Huế\n- Vinh", "is_void": "on", "reason": "Hai câu đúng", "apply": "1"}
        client.post(address, given)
        remark_attempts.func(Remarking.objects.get().pk)
        attempt.refresh_from_db()
        assert (attempt.score, attempt.passed) == (100, True)

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"typed": "* Hà Nội\n- Vinh"}, "giữ nguyên lời"),
            ({"typed": "* Huế\n- Vinh"}, "Chưa sửa gì"),
            ({"typed": "- Huế\n* Vinh", "reason": ""}, "Lý do"),
        ],
    )
    def test_what_cannot_be_done_is_said_and_nothing_changes(
        self, thu, course, address, client, given, words
    ):
        client.force_login(thu)
        response = client.post(address, {"reason": "Đáp án ghi nhầm", "apply": "1"} | given)
        assert (response.status_code, words in response.content.decode()) == (422, True)
        assert Remarking.objects.count() == 0

    def test_older_editions_are_marked_anew_though_the_question_has_moved(
        self, thu, course, address, client
    ):
        attempt = handed_in(course, [1], [0])
        quiz = QuizPage.objects.descendant_of(course).get()
        first = {"kind": "choice", "stem": "Câu mới?", "choices": "* a\n- b"}
        quiz.questions.insert(0, ("question", first))
        quiz.save_revision().publish()
        newest = EditionItem.objects.filter(kind="quiz").order_by("pk").last()
        client.force_login(thu)
        given = {"typed": "- Huế\n* Vinh", "reason": "Đáp án ghi nhầm", "apply": "1"}
        client.post(reverse("learners:correct_key", args=[newest.pk, "f1"]), given)
        attempt.refresh_from_db()
        assert (attempt.score, attempt.passed) == (100, True)

    def test_quiz_of_a_deleted_page_is_corrected_alone(self, thu, course, address, client):
        handed_in(course, [1], [0])
        other = quiz_course(WRONG_KEY, pass_mark=100)
        enrol(person=staff("Lê Ba", sign_in="ba"), course=other)
        for quiz in QuizPage.objects.all():
            quiz.delete()
        client.force_login(thu)
        given = {"typed": "- Huế\n* Vinh", "reason": "Đáp án ghi nhầm", "apply": "1"}
        client.post(address, given)
        rights = {
            item.edition.course_id: [choice["right"] for choice in item.questions[0]["choices"]]
            for item in EditionItem.objects.filter(kind="quiz").select_related("edition")
        }
        assert rights == {course.pk: [False, True], other.pk: [True, False]}
        assert Attempt.objects.get().passed is True

    def test_author_with_a_draft_is_told_that_it_still_has_the_old_key(
        self, thu, course, address, client
    ):
        quiz = QuizPage.objects.get()
        quiz.title = "Kiểm tra cuối khóa"
        quiz.save_revision()
        client.force_login(thu)
        given = {"typed": "- Huế\n* Vinh", "reason": "Đáp án ghi nhầm", "apply": "1"}
        page = client.post(address, given, follow=True).content.decode()
        assert "vẫn còn câu hỏi này với đáp án cũ" in page

    def test_page_follows_and_publishing_it_again_makes_no_edition(
        self, thu, course, address, client
    ):
        handed_in(course, [1], [0])
        client.force_login(thu)
        given = {"typed": "- Huế\n* Vinh", "reason": "Đáp án ghi nhầm", "apply": "1"}
        page = client.post(address, given, follow=True).content.decode()
        assert "vẫn còn câu hỏi này với đáp án cũ" not in page
        QuizPage.objects.get().save_revision().publish()
        assert Edition.objects.count() == 1

    def test_author_who_looked_before_another_corrected_is_told(self, thu, course):
        item = EditionItem.objects.get(kind="quiz")
        before = question_of(item, "f0")
        after = before | {"void": True}
        act = {"item": item, "ref": "f0", "before": before, "after": after, "by": thu}
        correct_key(**act, reason="Hai câu đúng")
        with pytest.raises(CorrectedMeanwhile):
            correct_key(**act, reason="Hai câu đúng")
        assert Remarking.objects.count() == 1

    def test_job_killed_in_the_middle_is_carried_on_and_tells_all(self, thu, course, monkeypatch):
        attempts = [handed_in(course, [1], [0], name=f"Lê {number}") for number in range(3)]
        item = EditionItem.objects.get(kind="quiz")
        before = question_of(item, "f0")
        after = before | {"void": True}
        act = correct_key(item=item, ref="f0", before=before, after=after, reason="Sai", by=thu)

        def dies_at_the_second(attempt):
            if attempt.pk == attempts[1].pk:
                raise KeyboardInterrupt
            remark(attempt)

        monkeypatch.setattr(remarking, "remark", dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            apply_remarking(act.pk)
        monkeypatch.undo()
        act.refresh_from_db()
        assert (len(act.changes), act.applied_at) == (1, None)
        apply_remarking(act.pk)
        act.refresh_from_db()
        assert [change["attempt"] for change in act.changes] == [a.pk for a in attempts]
        assert Enrolment.objects.filter(completed_at=None).count() == 0


class TestKeysOfBanks:
    @pytest.fixture
    def bank(self, thu):
        return bank_of(1)

    def test_question_is_corrected_in_every_quiz_that_draws_it(self, thu, bank, client):
        courses = [quiz_course([], pass_mark=100) for _ in range(2)]
        for course in courses:
            draw(course, bank, 1)
        attempts = [handed_in(course, [1], name=f"Lê {course.pk}") for course in courses]
        assert [attempt.passed for attempt in attempts] == [False, False]
        client.force_login(thu)
        ref = f"q{Question.objects.get().pk}"
        address = reverse("learners:correct_key", args=[attempts[0].item_id, ref])
        given = {"typed": "- đúng\n* sai\n- không biết", "reason": "Đáp án ghi nhầm"}
        assert client.post(address, given).context["now_pass"] == 2
        client.post(address, given | {"apply": "1"})
        for attempt in attempts:
            attempt.refresh_from_db()
        assert [attempt.passed for attempt in attempts] == [True, True]

    def test_people_of_other_authors_are_counted_and_not_named(self, thu, bank, client):
        own, other = quiz_course([], pass_mark=100), quiz_course([], pass_mark=100)
        for course, name in ((own, "Lê Của Mình"), (other, "Lê Khóa Khác")):
            draw(course, bank, 1)
            handed_in(course, [1], name=name)
        only_own = User.objects.create_user("tho", full_name="Hồ Thọ")
        group = Group.objects.create(name="Soạn một khóa")
        codes = ["change_page", "change_question"]
        change_page, change_question = (Permission.objects.get(codename=code) for code in codes)
        GroupPagePermission.objects.create(group=group, page=own, permission=change_page)
        only_own.groups.add(group)
        client.force_login(only_own)
        item = EditionItem.objects.get(edition__course=own, kind="quiz")
        ref = f"q{Question.objects.get().pk}"
        address = reverse("learners:correct_key", args=[item.pk, ref])
        assert client.get(address).status_code == 404
        group.permissions.add(change_question)
        given = {"typed": "- đúng\n* sai\n- không biết", "reason": "Đáp án ghi nhầm"}
        page = client.post(address, given)
        assert (page.context["changed"], page.context["elsewhere"]) == (2, 1)
        assert "Lê Khóa Khác" not in page.content.decode()


class TestWhatCanBeTyped:
    @pytest.mark.parametrize(
        "more",
        [
            {},
            {"stem_html": "<p>Thủ phủ?</p>"},
            {"kind": "multiple", "all_or_nothing": True},
            {"kind": "short_answer", "fold": False, "accepted": [{"text": "Vinh"}]},
        ],
    )
    def test_key_of_an_imported_question_can_be_typed(self, more):
        choices = [{"text": "Huế", "right": True}, {"text": "Vinh", "right": True}]
        if "kind" not in more:
            choices[1]["right"] = False
        question = {"kind": "choice", "stem": "Thủ phủ?", "stem_html": "", "explanation": ""}
        question |= {"choices": choices} | more
        if "accepted" in more:
            del question["choices"]
            question["accepted"] = [{"text": "Vinh", "fraction": "1"}]
        assert KeyForm(before=question).can_be_typed is True


class TestPaper:
    def test_result_from_paper_completes_the_course_once(self, thu, client):
        course = quiz_course(WRONG_KEY)
        this_period()
        hoa = staff(sign_in="hoa")
        enrol(person=hoa, course=course)
        client.force_login(thu)
        address = reverse("learners:paper_result", args=[EditionItem.objects.get(kind="quiz").pk])
        given = {"person": "HOA", "score": 90, "source": "Bài số 12", "reason": "Thi trên giấy"}
        for _ in range(2):
            client.post(address, given)
        entered = Attempt.objects.get()
        assert (entered.score, entered.entered_by, entered.entry_source) == (90, thu, "Bài số 12")
        assert Enrolment.objects.get().completed_at is not None

    def test_stranger_to_the_course_is_refused_in_words(self, thu, client):
        course = quiz_course(WRONG_KEY)
        staff(sign_in="hoa")
        client.force_login(thu)
        item = EditionItem.objects.get(edition__course=course, kind="quiz")
        given = {"person": "hoa", "score": 90, "source": "Bài số 12", "reason": "Thi trên giấy"}
        response = client.post(reverse("learners:paper_result", args=[item.pk]), given)
        assert "chưa ghi danh khóa học" in response.content.decode()


class TestOthers:
    @pytest.mark.parametrize("path", ["/cham-bai/", "/cham-bai/1/0/", "/cham-bai/de/1/"])
    def test_learner_finds_nothing(self, path, client):
        course = quiz_course(ESSAY)
        attempt = handed_in(course, "Vì dân.")
        client.force_login(attempt.enrolment.person.user)
        assert client.get(path).status_code == 404
