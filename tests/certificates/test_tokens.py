"""The key on a token: SoftHSM, a real PKCS#11 library whose token is a folder."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from certificates import signing
from certificates.actions.lists import issue_by_list
from certificates.actions.online_signatures import sign_due
from certificates.actions.signatures import sign_here, sign_list, unsigned_pdf
from certificates.models import Certificate, SignedPdf
from certificates.signing import CannotSign, check_signed, sign
from tests.certificates.test_designs import online_paper
from tests.factories.certificates import decided_list, keeper
from tests.factories.signatures import pkcs12_objects, trust_folder

pkcs11 = pytest.importorskip("pkcs11", reason="needs the package python-pkcs11")
LIBRARY = next(
    (path for path in Path("/usr/lib").glob("**/libsofthsm2.so") if path.is_file()), Path("-")
)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (shutil.which("softhsm2-util") and LIBRARY.is_file()),
        reason="needs a software token: apt-get install softhsm2",
    ),
]
LABEL, PIN, KEY = "so-khcn", "123456", "ky-so"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A token with a key and its certificate. The library reads its settings once a process."""
    folder = tmp_path_factory.mktemp("token")
    settings_file = folder / "softhsm2.conf"
    settings_file.write_text(f"directories.tokendir = {folder}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings_file)
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN,
         "--so-pin", "87654321"],
        check=True, capture_output=True,
    )  # fmt: skip
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    key, certificate = pkcs12_objects()
    library = pkcs11.lib(str(LIBRARY))
    library.reinitialize()
    (token,) = library.get_tokens(token_label=LABEL)
    with token.open(user_pin=PIN, rw=True) as session:
        kept = {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: KEY}
        kept |= {pkcs11.Attribute.ID: b"1"}
        private = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False}
        session.create_object(decode_rsa_private_key(key) | kept | private)
        session.create_object(decode_x509_certificate(certificate) | kept)
    return folder


@pytest.fixture
def token(folder, settings, tmp_path):
    settings.SIGNER = "certificates.signing.token_signer"
    settings.SIGNING_TOKEN_LIBRARY = str(LIBRARY)
    settings.SIGNING_TOKEN_LABEL, settings.SIGNING_TOKEN_PIN = LABEL, PIN
    settings.SIGNING_TOKEN_KEY = KEY
    settings.SIGNING_TRUST_FOLDER = trust_folder(tmp_path)
    _forget()
    yield settings
    _forget()


def _forget():
    if signing.own_signer.cache_info().currsize:
        signing.own_signer().pkcs11_session.close()
    signing.own_signer.cache_clear()
    signing._roots.cache_clear()


@pytest.fixture
def papers():
    issue_by_list(decided_list("Nguyễn Thị Hoa", "Phan Thị Lan").pk)
    return list(Certificate.objects.order_by("number"))


def test_token_signs_a_paper_and_its_key_stays_there(papers, token):
    signed = sign(unsigned_pdf(papers[0]), signing.own_signer())
    seal = check_signed(signed, papers[0].pdf_sha256)
    assert (seal.signer, seal.is_trusted) == ("Sở Khoa học và Công nghệ Nghệ An", True)


def test_token_signs_a_whole_list_in_one_session(papers, token):
    sign_list(papers[0].issue_line.issue_list_id, by=keeper())
    assert list(SignedPdf.objects.values_list("is_ours", "is_trusted")) == [(True, True)] * 2
    assert signing.own_signer.cache_info().misses == 1


def test_token_signs_papers_of_online_courses_by_itself(token):
    paper = online_paper()
    sign_due()
    assert SignedPdf.objects.get().certificate == paper


def test_token_that_was_pulled_out_is_opened_anew_by_the_next_try(papers, token):
    sign_here(papers[0])
    signing.own_signer().pkcs11_session.close()
    with pytest.raises(CannotSign, match="còn cắm hay không"):
        sign_here(papers[1])
    assert sign_here(papers[1]).is_trusted


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SIGNING_TOKEN_LIBRARY": "/nowhere.so"}, "Không có thư viện của thiết bị ký số"),
        ({"SIGNING_TOKEN_LABEL": "khac"}, "Thiết bị ký số khac không trả lời"),
        ({"SIGNING_TOKEN_KEY": "khac"}, "không có khóa kèm chứng thư tên khac"),
        ({"SIGNING_TOKEN_PIN": "999999"}, "từ chối mã PIN"),
    ],
)
def test_what_is_set_up_wrongly_is_said_in_a_sentence(token, changes, sentence):
    for name, value in changes.items():
        setattr(token, name, value)
    with pytest.raises(CannotSign, match=sentence):
        signing.own_signer()


def test_pin_that_was_refused_is_not_tried_again_until_it_is_corrected(token, monkeypatch):
    from certificates import tokens

    real, tried = tokens.open_pkcs11_session, []

    def counted(*args, **options):
        tried.append(options["user_pin"])
        return real(*args, **options)

    monkeypatch.setattr(tokens, "open_pkcs11_session", counted)
    token.SIGNING_TOKEN_PIN = "999999"
    for _again in range(3):
        with pytest.raises(CannotSign, match="từ chối mã PIN"):
            signing.own_signer()
    token.SIGNING_TOKEN_PIN = PIN
    assert signing.own_signer().signing_cert is not None
    assert tried == ["999999", PIN]
