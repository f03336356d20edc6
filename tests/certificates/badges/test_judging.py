"""Badges handed in: those of others as their makers judge them, ours to the last byte."""

import base64
import json
import time
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from certificates.actions.online import issue_certificate
from certificates.actions.withdrawal import withdraw
from certificates.badges import judging
from certificates.badges.credentials import badge_jwt
from certificates.badges.judging import Finding, judge
from certificates.badges.pictures import badge_picture, bake
from certificates.badges.signing import signed
from learners.actions.enrolments import enrol
from tests.factories.badges import key_file, parts
from tests.factories.certificates import keeper, standing_decision
from tests.factories.learning import learnt, small_course, staff

pytestmark = pytest.mark.django_db
OF_OTHERS = {
    "simple.json": Finding.FITS,
    "simple-did-key-method.json": Finding.FITS,
    "simple-json.png": Finding.FITS,
    "simple-json.svg": Finding.FITS,
    "simple-noproof.json": Finding.MALFORMED,
    "simple-err-proof-value.json": Finding.FORGED,
    "simple-err-proof-method.json": Finding.FORGED,
    "simple-err-expired.json": Finding.EXPIRED,
    "simple-err-issuer-type.json": Finding.MALFORMED,
    "simple-err-credential-subject-type.json": Finding.MALFORMED,
}


@pytest.fixture(autouse=True)
def badges_on(settings):
    settings.PUBLIC_URL = "https://hoc.nghean.example"
    settings.BADGE_KEY_FILES = [key_file()]


@pytest.fixture
def paper():
    standing_decision(valid_months=24)
    enrolment = learnt(enrol(person=staff("Nguyễn Thị Hoa"), course=small_course()))
    return issue_certificate(enrolment.pk)


@pytest.fixture
def sample(shared_inputs):
    """The one credential of others that its makers call valid."""
    return json.loads((shared_inputs / "credentials" / "ob30" / "simple.json").read_text())


def text_of(document):
    return json.dumps(document).encode()


@pytest.mark.parametrize(("name", "finding"), OF_OTHERS.items())
def test_samples_of_others(shared_inputs, name, finding):
    content = (shared_inputs / "credentials" / "ob30" / name).read_bytes()
    assert judge(content).finding == finding


@pytest.mark.parametrize("name", ["name", "validFrom", "issuer", "achievement"])
def test_any_changed_word_of_others_is_seen(sample, name):
    if name == "validFrom":
        sample[name] = "2011-01-01T00:00:00Z"
    elif name == "name":
        sample[name] = "Another"
    elif name == "issuer":
        sample[name]["name"] = "Another Corp"
    else:
        sample["credentialSubject"][name]["name"] = "Another"
    assert judge(text_of(sample)).finding == Finding.FORGED


def test_vocabulary_of_ones_own_is_not_trusted(sample):
    inline = sample | {"@context": [*sample["@context"], {"issuer": "https://vi.example/x"}]}
    fetched = sample | {"@context": [*sample["@context"], "https://vi.example/context"]}
    found = [judge(text_of(one)).finding for one in (inline, fetched)]
    assert found == [Finding.UNKNOWN, Finding.UNKNOWN]


def test_graph_made_to_be_endless_costs_little(sample):
    begun = time.process_time()
    twins = [{"type": ["Evidence"], "name": "x"} for _ in range(60)]
    loop = [{"id": f"_:b{n}", "type": ["Evidence"], "genre": f"_:b{n ^ 1}"} for n in range(60)]
    found = [judge(text_of(sample | {"evidence": one})).finding for one in (twins, loop)]
    alignments = [{"type": ["Alignment"], "targetName": "x"} for _ in range(6)]
    sample["credentialSubject"]["result"] = [
        {"type": ["Result"], "alignment": alignments} for _ in range(6)
    ]
    found.append(judge(text_of(sample)).finding)
    deep = '{"evidence":' * 5000 + "1" + "}" * 5000
    found.append(judge(text_of(sample)[:-1] + b', "evidence": ' + deep.encode() + b"}").finding)
    assert set(found) <= {Finding.UNKNOWN, Finding.FORGED, Finding.NO_BADGE}
    assert time.process_time() - begun < 5


# ------------------------------------------------------------------ ours


def test_ours_as_token_and_as_picture(paper):
    token = badge_jwt(paper)
    png = bake(badge_picture("Kỹ năng số", "SỞ", "2026"), token)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="https://purl.imsglobal.org/ob/v3p0">'
        f'<o:credential verify="{token}"/></svg>'
    )
    verdicts = [judge(content) for content in (token.encode(), png, svg.encode())]
    assert [(one.finding, one.certificate) for one in verdicts] == [(Finding.VALID, paper)] * 3
    assert verdicts[0].title == paper.paper["course_title"]


def test_ours_withdrawn(paper):
    token = badge_jwt(paper).encode()
    withdraw(certificate=paper, reason="Cấp nhầm người", act="12/QĐ", by=keeper())
    assert judge(token).finding == Finding.TAKEN_BACK


def test_ours_expired(paper, time_machine):
    token = badge_jwt(paper).encode()
    time_machine.move_to(timezone.now() + timedelta(days=800))
    assert judge(token).finding == Finding.EXPIRED


def changed(token, **changes):
    header, _payload, signature = token.split(".")
    payload = json.dumps(parts(token)[1] | changes).encode()
    return f"{header}.{base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}.{signature}"


def test_ours_tampered(settings, paper):
    token = badge_jwt(paper)
    settings.BADGE_KEY_FILES = [key_file("stranger")]
    by_stranger = badge_jwt(paper)
    settings.BADGE_KEY_FILES = [key_file()]
    unsigned = [part(token, alg) for alg in ("none", "HS256", None)]
    forged = [
        changed(token, name="Khác"),
        changed(token, validUntil="2099-01-01T00:00:00Z"),
        token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"),
        by_stranger,
        *unsigned,
    ]
    assert [judge(one.encode()).finding for one in forged] == [Finding.FORGED] * len(forged)


def part(token, alg):
    """The token under a header that asks for no, or another, check."""
    header = json.dumps(parts(token)[0] | {"alg": alg}).encode()
    rest = token.split(".", 1)[1]
    return f"{base64.urlsafe_b64encode(header).rstrip(b'=').decode()}.{rest}"


def test_signed_by_us_but_of_no_paper(paper):
    """An index of our own status list, say, or a paper of a register that was left behind."""
    stranger = parts(badge_jwt(paper))[1] | {"id": "urn:uuid:0"}
    assert judge(signed(stranger).encode()).finding == Finding.FORGED


def test_ours_without_signature_is_forged(paper):
    assert judge(text_of(parts(badge_jwt(paper))[1])).finding == Finding.FORGED


def test_other_issuer_by_a_key_out_of_reach_or_brought_along(settings, paper):
    settings.PUBLIC_URL = "https://khac.example"
    token = badge_jwt(paper)
    settings.PUBLIC_URL = "https://hoc.nghean.example"
    assert judge(token.encode()).finding == Finding.UNKNOWN


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}x",
        b"[1]",
        b"[" * 50000,
        b'{"a":1,"a":2}',
        b"a.b.c",
        b"\xff\xfe",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 40,
        b"<svg/>",
        b'<!DOCTYPE s [<!ENTITY a "b">]><s>&a;</s>',
        b'<?xml version="1.0" encoding="x-none"?><svg/>',
        b"x" * 70000,
        badge_picture("Kỹ năng số", "SỞ", "2026"),
    ],
)
def test_no_badge(content):
    assert judge(content).finding == Finding.NO_BADGE


def test_compressed_chunk_is_not_opened():
    bomb = zlib.compress(bytes(10_000_000))
    body = b"openbadgecredential\0\1\0\0\0" + bomb
    picture = badge_picture("Kỹ năng số", "SỞ", "2026")
    chunk = len(body).to_bytes(4, "big") + b"iTXt" + body + zlib.crc32(b"iTXt" + body).to_bytes(4)
    assert judge(picture[:33] + chunk + picture[33:]).finding == Finding.NO_BADGE


# ------------------------------------------------------------------ the page


def test_page_judges_a_file_and_pasted_text(client, paper):
    token = badge_jwt(paper)
    png = bake(badge_picture("Kỹ năng số", "SỞ", "2026"), token)
    file = SimpleUploadedFile("huy-hieu.png", png, "image/png")
    for data in ({"file": file}, {"text": f"  {token}\n"}):
        page = client.post("/tra-cuu/huy-hieu/", data).content.decode()
        assert ("Huy hiệu này là thật" in page, f"/x/{paper.code}" in page) == (True, True)
    page = client.post("/tra-cuu/huy-hieu/", {"text": changed(token, name="<b>x")}).content.decode()
    assert ("không phải thật" in page, f"/x/{paper.code}" in page) == (True, False)


def test_page_wants_one_thing_that_is_not_too_large(client):
    large = SimpleUploadedFile("x.png", b"x" * (2 * 1024 * 1024 + 1))
    both = {"file": SimpleUploadedFile("x.txt", b"x"), "text": "x"}
    for data in ({}, {"file": large}, both, {"text": "x" * 70000}):
        assert client.post("/tra-cuu/huy-hieu/", data).status_code == 422


@pytest.mark.parametrize("finding", list(Finding))
def test_every_finding_has_its_words(client, monkeypatch, finding):
    moment = timezone.now()
    verdict = judging.Verdict(finding, "<b>Khóa", "Nơi cấp", moment, moment)
    monkeypatch.setattr("certificates.views.verify.judge", lambda _content: verdict)
    page = client.post("/tra-cuu/huy-hieu/", {"text": "x"}).content.decode()
    assert ("notice" in page, "<b>Khóa" in page) == (True, False)


def test_guessing_is_slowed_down(client, monkeypatch):
    monkeypatch.setattr("certificates.limits.MISSES_A_MINUTE", 2)
    answers = [client.post("/tra-cuu/huy-hieu/", {"text": "x"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
