"""Who fetches which badge, and what is published for verifiers."""

import io

import pytest
from django.core.checks import run_checks
from django.test import Client
from PIL import Image

from certificates.actions.badges import allow, forbid, is_shown
from certificates.actions.online import issue_certificate
from certificates.actions.withdrawal import withdraw
from certificates.badges.credentials import badge_jwt
from certificates.badges.pictures import badge_picture
from certificates.codes import new_code
from certificates.models import BadgeConsent
from learners.actions.enrolments import enrol
from learners.models import User
from tests.factories.badges import key_file, parts
from tests.factories.certificates import keeper, standing_decision
from tests.factories.learning import learnt, small_course, staff

pytestmark = pytest.mark.django_db
PUBLISHED = [
    "/.well-known/did.json",
    "/.well-known/jwks.json",
    "/huy-hieu/don-vi-cap.json",
    "/huy-hieu/trang-thai/0",
]


@pytest.fixture
def paper(settings):
    settings.BADGE_KEY_FILES = [key_file()]
    standing_decision()
    hoa = staff("Nguyễn Thị Hoa")
    hoa.user = User.objects.create(username="hoa", full_name="Nguyễn Thị Hoa")
    hoa.save()
    return issue_certificate(learnt(enrol(person=hoa, course=small_course())).pk)


@pytest.fixture
def hoa(paper):
    client = Client()
    client.force_login(paper.person.user)
    return client


def address(paper, end=""):
    return f"/giay-chung-nhan/{paper.code}/huy-hieu{end}"


def test_holder_fetches_her_badge(hoa, paper):
    answer = hoa.get(address(paper, ".jwt"))
    assert answer.content.decode() == badge_jwt(paper)
    assert answer.headers["Content-Type"] == "application/vc+jwt"
    assert f'"{paper.serial}.jwt"' in answer.headers["Content-Disposition"]


def test_picture_bears_the_credential_and_shows_the_same(hoa, paper):
    answer = hoa.get(address(paper, ".png"))
    baked = Image.open(io.BytesIO(answer.content))
    baked.load()
    assert baked.text == {"openbadgecredential": badge_jwt(paper)}
    key = parts(badge_jwt(paper))[1]["credentialSubject"]["achievement"]["image"]["id"]
    plain = Image.open(io.BytesIO(hoa.get("/" + key.split("/", 3)[3]).content))
    assert baked.convert("RGBA").tobytes() == plain.convert("RGBA").tobytes()


def test_achievement_document_is_what_the_credential_holds(client, paper):
    held = parts(badge_jwt(paper))[1]["credentialSubject"]["achievement"]
    published = client.get("/" + held["id"].split("/", 3)[3]).json()
    published.pop("@context")
    assert published == held


def test_strangers_fetch_nothing_until_the_holder_allows_it(client, hoa, paper):
    def seen():
        answers = [client.get(address(paper, end)).status_code for end in (".jwt", ".png")]
        return [*answers, "huy-hieu.png" in client.get(f"/x/{paper.code}").content.decode()]

    assert seen() == [404, 404, False]
    hoa.post(address(paper, "/cho-xem/"))
    assert seen() == [200, 200, True]
    hoa.post(address(paper, "/thoi/"))
    assert seen() == [404, 404, False]


def test_consent_is_kept_with_its_days(paper):
    for act in (allow, allow, forbid, forbid, allow):
        act(paper)
    kept = BadgeConsent.objects.order_by("pk")
    assert [consent.ended_at is None for consent in kept] == [False, True]
    assert is_shown(paper)


def test_others_neither_see_nor_allow(client, paper):
    client.force_login(User.objects.create(username="lan"))
    answers = [
        client.get(address(paper, "/")),
        client.get(address(paper, ".jwt")),
        client.post(address(paper, "/cho-xem/")),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not is_shown(paper)


def test_unknown_and_mistyped_codes(hoa, paper):
    ends = (".jwt", ".png", "/")
    for code in (new_code(), "AAAA"):
        answers = [hoa.get(f"/giay-chung-nhan/{code}/huy-hieu{end}") for end in ends]
        assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_withdrawn_paper_has_no_badge(client, hoa, paper):
    allow(paper)
    withdraw(certificate=paper, reason="Cấp nhầm người", act="12/QĐ", by=keeper())
    answers = [hoa.get(address(paper, end)) for end in (".jwt", ".png", "/")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "huy-hieu.png" not in client.get(f"/x/{paper.code}").content.decode()


def test_page_of_the_badge(hoa, paper, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = hoa.get(address(paper, "/")).content.decode()
    assert [f"huy-hieu{end}" in page for end in (".jwt", ".png", "/cho-xem/")] == [True] * 3
    assert address(paper, "/") in hoa.get("/hoc-tap/").content.decode()


def test_verifiers_of_other_sites_may_read(client, paper):
    badge_jwt(paper)
    answers = [client.get(path, headers={"Origin": "https://vi.example"}) for path in PUBLISHED]
    heads = [answer.headers["Access-Control-Allow-Origin"] for answer in answers]
    assert ([answer.status_code for answer in answers], heads) == ([200] * 4, ["*"] * 4)


def test_without_a_key_there_are_no_badges(client, hoa, paper, settings):
    badge_jwt(paper)
    allow(paper)
    settings.BADGE_KEY_FILES = []
    paths = [*PUBLISHED, *(address(paper, end) for end in (".jwt", ".png", "/"))]
    assert [hoa.get(path).status_code for path in paths] == [404] * 7
    pages = [client.get(f"/x/{paper.code}"), hoa.get("/hoc-tap/")]
    assert ["huy-hieu" in page.content.decode() for page in pages] == [False, False]


def test_wrong_key_file_is_told_at_start(settings):
    settings.BADGE_KEY_FILES = ["/no/such/file.pem"]
    assert [found.id for found in run_checks() if found.id == "home.E021"] == ["home.E021"]


@pytest.mark.parametrize("title", ["A", "Kỹ năng số " * 23, "x" * 255, "Ở " * 127])
def test_any_title_makes_a_picture(title):
    picture = Image.open(io.BytesIO(badge_picture(title, "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "2026")))
    assert picture.size == (600, 600)
    corners = [picture.convert("RGBA").getpixel(at)[3] for at in ((0, 0), (599, 599))]
    assert corners == [0, 0]
