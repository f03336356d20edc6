"""Hoa declares, Minh of her department decides, Lan of another finds nothing."""

import pytest
from django.urls import reverse

from learners.choices import RecordState, Role
from learners.models import Proof, Recheck, TrainingRecord
from tests.factories.claims import account_for, sent
from tests.factories.files import pdf, photo, upload
from tests.factories.reports import person, recount, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]

FIELDS = {
    "title": "Ứng dụng AI trong văn phòng",
    "source": "OneTouch",
    "hours": "4,5",
    "completed_on": "05/04/2026",
    "certificate_number": "ot-77",
}
NEW = "/hoc-tap/tu-boi-duong/khai-bao/"


@pytest.fixture
def hoa(province):
    hoa = person("Nguyễn Thị Hoa", province.hospital)
    recount(province)
    return hoa


@pytest.fixture
def hoa_client(hoa, client):
    client.force_login(account_for(hoa))
    return client


@pytest.fixture
def minh(province):
    return viewer("minh", unit=province.health)


def open_as(client, user, address: str):
    client.force_login(user)
    return client.get(address)


class TestHoa:
    def test_sends_a_photo_for_approval(self, hoa_client):
        response = hoa_client.post(NEW, FIELDS | {"proof": upload(photo(), "a.jpg"), "send": ""})
        claim = TrainingRecord.objects.get()
        assert response.url == f"/hoc-tap/tu-boi-duong/{claim.pk}/"
        assert (claim.state, str(claim.hours), claim.certificate_number) == (
            RecordState.WAITING,
            "4.5",
            "OT-77",
        )

    def test_saves_without_a_proof_but_does_not_send_without(self, hoa_client):
        assert hoa_client.post(NEW, FIELDS).status_code == 302
        response = hoa_client.post(NEW, FIELDS | {"send": ""})
        assert (response.status_code, TrainingRecord.objects.count()) == (422, 1)
        assert "Hãy thêm minh chứng" in response.content.decode()

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("completed_on", "24/11/2026", "Ngày này chưa đến"),
            ("completed_on", "01/01/2020", "hơn ba năm trước"),
            ("hours", "0", "từ 0,5 đến 200"),
            ("hours", "nhiều", "Nhập một số"),
            ("title", "", "bắt buộc"),
        ],
    )
    def test_reads_what_to_mend_and_loses_nothing(self, hoa_client, field, value, words):
        response = hoa_client.post(NEW, FIELDS | {field: value})
        text = response.content.decode()
        assert (response.status_code, TrainingRecord.objects.count()) == (422, 0)
        assert words in text
        assert "OneTouch" in text

    def test_program_in_place_of_a_proof_is_refused(self, hoa_client):
        response = hoa_client.post(NEW, FIELDS | {"proof": upload(b"MZ program"), "send": ""})
        assert "Đây không phải tệp PDF hay ảnh" in response.content.decode()
        assert not Proof.objects.exists()

    def test_takes_back_what_waits_and_changes_it(self, hoa, hoa_client):
        claim = sent(hoa)
        response = hoa_client.post(f"/hoc-tap/tu-boi-duong/{claim.pk}/rut-lai/")
        assert response.url == f"/hoc-tap/tu-boi-duong/{claim.pk}/sua/"
        response = hoa_client.post(response.url, FIELDS | {"title": "Tên đúng", "send": ""})
        claim.refresh_from_db()
        assert (claim.title, claim.state) == ("Tên đúng", RecordState.WAITING)

    def test_list_asks_the_same_for_one_and_three(
        self, hoa, hoa_client, django_assert_max_num_queries
    ):
        for _round in range(2):
            sent(hoa)
            with django_assert_max_num_queries(3):
                hoa_client.get("/hoc-tap/tu-boi-duong/")
            sent(hoa)

    def test_does_not_approve_herself_though_an_officer(self, hoa, hoa_client, province):
        from learners.models import RoleGrant

        RoleGrant.objects.create(
            user=account_for(hoa),
            role=Role.OFFICER,
            organisation=province.hospital,
            valid_from="2026-01-01",
        )
        claim = sent(hoa)
        assert hoa_client.get(f"/bao-cao/duyet/{claim.pk}/").status_code == 404


class TestMinh:
    def test_opens_approves_and_is_led_to_the_next(self, hoa, minh, client):
        one, two = sent(hoa), sent(hoa, title="Chữ ký số", content=pdf(2))
        client.force_login(minh)
        assert client.get("/bao-cao/duyet/").content.decode().count("chưa mở") == 2
        client.get(f"/bao-cao/duyet/{one.pk}/")
        response = client.post(f"/bao-cao/duyet/{one.pk}/quyet-dinh/", {"approve": ""})
        one.refresh_from_db()
        assert (one.state, response.url) == (RecordState.APPROVED, f"/bao-cao/duyet/{two.pk}/")

    def test_returns_only_with_a_reason(self, hoa, minh, client):
        claim = sent(hoa)
        client.force_login(minh)
        address = f"/bao-cao/duyet/{claim.pk}/quyet-dinh/"
        assert client.post(address, {"reason": " "}).status_code == 422
        client.post(address, {"reason": "Ảnh mờ"})
        claim.refresh_from_db()
        assert (claim.state, claim.steps.last().reason) == (RecordState.RETURNED, "Ảnh mờ")

    def test_approves_many_but_only_those_opened(self, hoa, minh, client):
        one, two = sent(hoa), sent(hoa, content=pdf(2))
        client.force_login(minh)
        client.get(f"/bao-cao/duyet/{one.pk}/")
        response = client.post(
            "/bao-cao/duyet/nhieu/", {"claim": [one.pk, two.pk, "x"]}, follow=True
        )
        states = dict(TrainingRecord.objects.values_list("pk", "state"))
        assert states == {one.pk: RecordState.APPROVED, two.pk: RecordState.WAITING}
        assert "hãy mở trước khi duyệt" in response.content.decode()

    def test_sees_both_names_behind_one_file(self, hoa, minh, client, province):
        sent(person("Vi Văn Nam", province.school), content=pdf(2))
        claim = sent(hoa, content=pdf(2))
        assert "Vi Văn Nam" in open_as(client, minh, f"/bao-cao/duyet/{claim.pk}/").content.decode()

    def test_queue_asks_the_same_for_one_and_three(
        self, hoa, minh, client, django_assert_max_num_queries
    ):
        client.force_login(minh)
        client.get("/bao-cao/duyet/")
        counts = []
        for number in range(1, 4):
            sent(hoa, content=pdf(number), number=f"N{number}")
            with django_assert_max_num_queries(15) as captured:
                client.get("/bao-cao/duyet/")
            counts.append(len(captured))
        assert counts[0] == counts[2]

    def test_does_not_look_twice_at_what_he_approved(self, hoa, minh, client, province):
        claim = sent(hoa)
        client.force_login(minh)
        client.post(f"/bao-cao/duyet/{claim.pk}/quyet-dinh/", {"approve": ""})
        page = client.post("/bao-cao/duyet/kiem-tra-lai/", follow=True).content.decode()
        assert "Đã rút mẫu đến hôm nay." in page
        drawn = Recheck.objects.get()
        address = f"/bao-cao/duyet/kiem-tra-lai/{drawn.pk}/"
        client.post(address, {"outcome": "confirmed", "note": "Đã xem"})
        drawn.refresh_from_db()
        assert drawn.outcome == "open"
        client.force_login(viewer("truong", unit=province.health))
        client.post(address, {"outcome": "confirmed", "note": "Đã xem"})
        drawn.refresh_from_db()
        assert drawn.outcome == "confirmed"


class TestScope:
    @pytest.fixture
    def claim(self, hoa):
        return sent(hoa)

    @pytest.fixture
    def addresses(self, claim):
        return [
            reverse("learners:proof", args=[claim.proofs.get().pk]),
            f"/bao-cao/duyet/{claim.pk}/",
        ]

    def test_lan_of_another_unit_finds_nothing(self, client, addresses, province):
        lan = viewer("lan", unit=province.education)
        assert [open_as(client, lan, a).status_code for a in addresses] == [404, 404]
        assert "Nguyễn Thị Hoa" not in client.get("/bao-cao/duyet/").content.decode()

    def test_another_learner_finds_nothing(self, client, addresses, province, claim):
        nam = account_for(person("Vi Văn Nam", province.school))
        addresses += [f"/hoc-tap/tu-boi-duong/{claim.pk}/", "/bao-cao/duyet/"]
        assert [open_as(client, nam, a).status_code for a in addresses] == [404] * 4

    def test_auditor_reads_and_changes_nothing(self, client, addresses, province, claim):
        auditor = viewer("viet", Role.AUDITOR, province.province)
        assert [open_as(client, auditor, a).status_code for a in addresses] == [200, 200]
        queue = client.get("/bao-cao/duyet/").content.decode()
        assert ("rồi duyệt hoặc trả lại" in queue, "là người duyệt" in queue) == (False, True)
        decision = f"/bao-cao/duyet/{claim.pk}/quyet-dinh/"
        assert client.post(decision, {"approve": ""}).status_code == 404
        assert client.post("/bao-cao/duyet/kiem-tra-lai/").status_code == 404
        claim.refresh_from_db()
        assert claim.state == RecordState.WAITING

    def test_proof_is_shown_as_a_stranger_and_never_kept(self, client, addresses, minh):
        response = open_as(client, minh, addresses[0])
        assert b"".join(response.streaming_content).startswith(b"%PDF")
        assert response["Content-Security-Policy"].startswith("sandbox")
        assert response["Cache-Control"] == "private, no-store"
