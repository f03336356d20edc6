"""No number of a person gets into an address: search boxes post, and lead to whom it means."""

import pytest
from django.utils.translation import override

from learners.models import PersonalNumber
from learners.personal_numbers import holds_number, typed_number
from tests.factories.reports import on_23_november, person, recount, viewer, world

pytestmark = pytest.mark.django_db

NUMBER = "040190001234"
PAGES = ["can-bo", "danh-sach", "luot-tham-gia", "tai-khoan"]
BOXES = [f"/bao-cao/{page}/" for page in PAGES]


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("vi"):
        yield


@pytest.fixture
def place(client):
    found = world()
    found.hoa = person("Nguyễn Thị Hoa", found.hospital, phone="+84912345678")
    found.binh = person("Phan Bình", found.school)
    PersonalNumber.made(found.hoa, NUMBER).save()
    PersonalNumber.made(found.binh, "040190009999").save()
    client.force_login(viewer("minh", unit=found.health))
    return recount(found)


def sent(client, box, words, **filters):
    return client.post(box, {"tim": "1", "q": words} | filters)


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("typed", [NUMBER, "040 190 001 234", "0401.9000.1234", "40190001234"])
def test_number_leads_to_the_person(client, place, box, typed):
    assert sent(client, box, typed).url == f"/bao-cao/nguoi/{place.hoa.pk}/"


def test_phone_leads_to_the_person(client, place):
    assert sent(client, BOXES[0], "0912 345 678").url == f"/bao-cao/nguoi/{place.hoa.pk}/"


def test_number_of_another_unit_means_nobody(client, place):
    answer = sent(client, BOXES[0], "040190009999", loai="cadre")
    assert answer.url == f"{BOXES[0]}?loai=cadre"
    assert "Không có ai" in client.get(answer.url).content.decode()


def test_words_become_a_filter_beside_the_others(client, place):
    answer = sent(client, BOXES[0], "thị hoa", loai="cadre", sau="5")
    assert answer.url == f"{BOXES[0]}?loai=cadre&q=th%E1%BB%8B+hoa"


@pytest.mark.parametrize("box", BOXES)
def test_number_in_an_address_is_taken_out_again(client, place, box):
    answer = client.get(box, {"q": f"Hoa {NUMBER}", "loai": ""})
    assert (answer.status_code, NUMBER in answer.url) == (302, False)


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_without_the_number(client, place):
    client.logout()
    answer = sent(client, BOXES[0], NUMBER)
    assert (answer.url.startswith("/dang-nhap/"), NUMBER in answer.url) == (True, False)


@pytest.mark.parametrize(
    ("typed", "number", "held"),
    [
        (NUMBER, NUMBER, True),
        ("183456789", "183456789", True),
        ("40190001234", NUMBER, True),
        ("NA900001", "", False),
        ("0912345678", "", False),
        ("Hoa 040190001234", "", True),
        ("2900325526-001", "", False),
        ("", "", False),
    ],
)
def test_what_is_a_number(typed, number, held):
    assert (typed_number(typed), holds_number(typed)) == (number, held)
