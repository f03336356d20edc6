"""Baked pictures before openbadgeslib, which shares no code with ours. It fetches what it wants
from the site itself: DID document and status list."""

from urllib.parse import urlsplit

import pytest
from openbadgeslib.verify import verify_badge

from certificates.actions.online import issue_certificate
from certificates.actions.withdrawal import withdraw
from certificates.badges.credentials import badge_jwt
from certificates.badges.pictures import badge_picture, bake
from learners.actions.enrolments import enrol
from tests.factories.badges import key_file
from tests.factories.certificates import keeper, standing_decision
from tests.factories.learning import learnt, small_course, staff

pytestmark = pytest.mark.django_db
PICTURE = badge_picture("Kỹ năng số cơ bản", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "2026")


@pytest.fixture
def paper(settings):
    settings.PUBLIC_URL = "https://hoc.nghean.example"
    settings.BADGE_KEY_FILES = [key_file()]
    standing_decision()
    return issue_certificate(
        learnt(enrol(person=staff("Nguyễn Thị Hoa"), course=small_course())).pk
    )


@pytest.fixture
def judged(client):
    def ask(token):
        def fetched(address, *_args, **_options):
            assert urlsplit(address).hostname == "hoc.nghean.example"
            answer = client.get(urlsplit(address).path)
            assert answer.status_code == 200
            return answer.content

        return verify_badge(
            bake(PICTURE, token), resolve_did=True, check_status=True, download=fetched
        )

    return ask


def test_genuine_badge(judged, paper):
    verdict = judged(badge_jwt(paper))
    assert (verdict.valid, verdict.trusted, verdict.reason) == (True, True, None)
    assert verdict.issuer_did == "did:web:hoc.nghean.example"
    assert verdict.credential.achievement.name == paper.paper["course_title"]


def test_withdrawn_paper(judged, paper):
    token = badge_jwt(paper)
    withdraw(certificate=paper, reason="Cấp nhầm người", act="12/QĐ", by=keeper())
    verdict = judged(token)
    assert (verdict.valid, "revocation" in verdict.reason) == (False, True)


def test_key_of_somebody_else(judged, paper, settings):
    settings.BADGE_KEY_FILES = [key_file("stranger")]
    token = badge_jwt(paper)
    settings.BADGE_KEY_FILES = [key_file()]
    assert judged(token).valid is False


def test_changed_word(judged, paper):
    header, payload, signature = badge_jwt(paper).split(".")
    middle = len(payload) // 2
    other = "A" if payload[middle] != "A" else "B"
    changed = payload[:middle] + other + payload[middle + 1 :]
    assert judged(f"{header}.{changed}.{signature}").valid is False
