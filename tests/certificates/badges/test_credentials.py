"""Credentials before verifiers that are none of ours: PyJWT and the openssl command."""

import json
import subprocess
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import jwt
import pytest

from certificates.actions.online import issue_certificate
from certificates.actions.withdrawal import replace, withdraw
from certificates.badges.credentials import badge_jwt, credential_of
from certificates.badges.keys import BadKey, badge_keys
from certificates.badges.status import SIZE, shuffled
from certificates.models import Certificate, StatusList
from learners.actions.enrolments import enrol
from tests.factories.badges import bit, decoded, key_file, parts, public_file
from tests.factories.certificates import keeper, standing_decision
from tests.factories.learning import learnt, small_course, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def badges_on(settings):
    settings.PUBLIC_URL = "https://hoc.nghean.example:8443"
    settings.BADGE_KEY_FILES = [key_file()]


def paper_of(name="Nguyễn Thị Hoa", *, months=None):
    standing_decision(valid_months=months)
    return issue_certificate(learnt(enrol(person=staff(name), course=small_course())).pk)


@pytest.fixture
def paper():
    return paper_of()


def accepted(token, client):
    """What PyJWT reads, with the key that the issuer's DID document gives for the header's kid."""
    document = client.get("/.well-known/did.json").json()
    methods = {method["id"]: method["publicKeyJwk"] for method in document["verificationMethod"]}
    kid = jwt.get_unverified_header(token)["kid"]
    assert kid in document["assertionMethod"]
    return jwt.decode(
        token,
        jwt.PyJWK(methods[kid]),
        algorithms=["RS256"],
        issuer=document["id"],
        options={"require": ["iss", "jti", "nbf", "sub"]},
    )


def test_signature_stands_before_a_jose_library(client, paper):
    claims = accepted(badge_jwt(paper), client)
    assert claims["iss"] == claims["issuer"]["id"] == "did:web:hoc.nghean.example%3A8443"
    assert claims["jti"] == claims["id"]
    assert claims["sub"] == claims["credentialSubject"]["id"]


def test_signature_stands_before_openssl(tmp_path, paper):
    text, _dot, signature = badge_jwt(paper).rpartition(".")
    (tmp_path / "signature").write_bytes(decoded(signature))
    command = ["openssl", "dgst", "-sha256", "-verify", public_file(), "-signature", "signature"]
    judged = []
    for signed in (text, text[:-1] + "_"):
        (tmp_path / "text").write_text(signed)
        told = subprocess.run([*command, "text"], cwd=tmp_path, capture_output=True, check=False)
        judged.append(told.stdout)
    assert judged == [b"Verified OK\n", b"Verification failure\n"]


def test_key_set_holds_the_same_key(client, paper):
    (key,) = client.get("/.well-known/jwks.json").json()["keys"]
    assert parts(badge_jwt(paper))[0] == {"alg": "RS256", "kid": key["kid"], "typ": "JWT"}
    assert jwt.PyJWK(key).key.public_numbers() == badge_keys()[0].public.public_numbers()


def test_tampered_payload_and_other_keys_are_refused(client, paper):
    token = badge_jwt(paper)
    header, payload, signature = token.split(".")
    other = "ey" + payload[2:-4] + ("AAAA" if payload[-4:] != "AAAA" else "BBBB")
    with pytest.raises(jwt.InvalidSignatureError):
        accepted(f"{header}.{other}.{signature}", client)
    stranger = Path(public_file("stranger")).read_text()
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, stranger, algorithms=["RS256"])


def test_same_bytes_each_time(paper):
    again = Certificate.objects.get(pk=paper.pk)
    assert badge_jwt(again) == badge_jwt(paper)


def test_record_alone_is_told_and_what_changes_later_is_not(paper):
    before = badge_jwt(paper)
    paper.person.full_name, paper.person.phone = "Trần Thị Khác", "0987654321"
    paper.person.save()
    edition = paper.enrolment.edition
    type(edition).objects.filter(pk=edition.pk).update(title="Khóa khác")
    assert badge_jwt(Certificate.objects.get(pk=paper.pk)) == before


def test_person_is_a_salted_hash_and_nothing_more(paper):
    credential = credential_of(paper)
    text = json.dumps(credential, ensure_ascii=False)
    frozen = paper.paper
    told = [frozen[name] for name in ("full_name", "birth_date", "unit", "result") if frozen[name]]
    assert [fact for fact in told if fact in text] == []
    (identity,) = credential["credentialSubject"]["identifier"]
    hashed = sha256(f"Nguyễn Thị Hoa{identity['salt']}".encode()).hexdigest()
    assert identity["identityHash"] == f"sha256${hashed}"
    assert identity["identityType"] == "name"


def test_two_papers_of_one_person_share_no_identifier(paper):
    second = issue_certificate(
        learnt(enrol(person=paper.person, course=small_course(slug="khoa-hai"))).pk
    )
    subjects = [credential_of(one)["credentialSubject"] for one in (paper, second)]
    assert subjects[0]["id"] != subjects[1]["id"]
    assert subjects[0]["identifier"] != subjects[1]["identifier"]


def test_paper_with_an_end_is_valid_through_its_last_day(client, time_machine):
    time_machine.move_to("2026-11-23T08:00:00+07:00", tick=False)
    paper = paper_of(months=24)
    claims = parts(badge_jwt(paper))[1]
    assert paper.expires_on == date(2028, 11, 23)
    assert (claims["validFrom"], claims["validUntil"]) == (
        "2026-11-23T01:00:00Z",
        "2028-11-23T17:00:00Z",
    )
    time_machine.move_to("2028-11-23T23:59:00+07:00", tick=False)
    accepted(badge_jwt(paper), client)
    time_machine.move_to("2028-11-24T00:01:00+07:00", tick=False)
    with pytest.raises(jwt.ExpiredSignatureError):
        accepted(badge_jwt(paper), client)


def test_new_key_signs_and_the_old_one_still_counts(client, settings, paper):
    old = badge_jwt(paper)
    settings.BADGE_KEY_FILES = [key_file("second"), public_file()]
    new = badge_jwt(paper)
    assert accepted(old, client) == accepted(new, client)
    assert parts(old)[0]["kid"] != parts(new)[0]["kid"]


def test_files_that_are_no_key_to_sign_with(settings, tmp_path):
    (tmp_path / "text.pem").write_text("no key")
    wrong = [
        [public_file()],
        [str(tmp_path / "absent.pem")],
        [str(tmp_path / "text.pem")],
        [key_file("small", bits=1024)],
    ]
    refused = []
    for files in wrong:
        settings.BADGE_KEY_FILES = files
        with pytest.raises(BadKey) as error:
            badge_keys()
        refused.append(str(error.value).startswith(files[0]))
    assert refused == [True] * 4


# ------------------------------------------------------------------ the status list


def state(client, paper, token=None):
    """The bit of a credential in the list that it names, after the list's own signature."""
    entry = parts(token or badge_jwt(paper))[1]["credentialStatus"]
    path = entry["statusListCredential"].removeprefix("https://hoc.nghean.example:8443")
    answer = client.get(path)
    assert answer.headers["Content-Type"] == "application/vc+jwt"
    claims = accepted(answer.content.decode(), client)
    assert claims["id"] == entry["statusListCredential"]
    subject = claims["credentialSubject"]
    assert subject["statusPurpose"] == entry["statusPurpose"] == "revocation"
    return bit(subject["encodedList"], int(entry["statusListIndex"]))


def test_withdrawn_paper_is_revoked_and_no_other(client, paper):
    token = badge_jwt(paper)
    other = issue_certificate(
        learnt(enrol(person=staff("Phan Thị Lan"), course=small_course(slug="khoa-hai"))).pk
    )
    assert (state(client, paper), state(client, other)) == (0, 0)
    withdraw(certificate=paper, reason="Cấp nhầm người", act="12/QĐ", by=keeper())
    assert (state(client, paper, token), state(client, other)) == (1, 0)


def test_replaced_paper_is_revoked_and_the_new_one_is_not(client, paper):
    old = badge_jwt(paper)
    paper.person.full_name = "Nguyễn Thị Hoà"
    paper.person.save()
    new = replace(certificate=paper, reason="Sai tên", act="12/QĐ", by=keeper())
    assert (state(client, paper, old), state(client, new)) == (1, 0)


def test_list_is_the_same_bytes_until_a_paper_is_taken_back(
    client, paper, django_assert_num_queries
):
    badge_jwt(paper)
    first = client.get("/huy-hieu/trang-thai/0").content
    with django_assert_num_queries(2):
        assert client.get("/huy-hieu/trang-thai/0").content == first
    withdraw(certificate=paper, reason="Cấp nhầm người", act="12/QĐ", by=keeper())
    assert client.get("/huy-hieu/trang-thai/0").content != first


def test_places_never_meet_and_do_not_follow_the_register():
    seed = bytes(16)
    places = [shuffled(place, seed) for place in range(3000)]
    assert len(set(places)) == 3000
    assert max(places) < SIZE
    steps = sum(abs(a - b) == 1 for a, b in pairwise(places))
    assert steps < 5
    assert [shuffled(place, b"another seed....") for place in range(3)] != places[:3]


def test_list_that_was_never_begun_is_not_there(client, paper):
    badge_jwt(paper)
    assert StatusList.objects.count() == 1
    assert client.get("/huy-hieu/trang-thai/1").status_code == 404
