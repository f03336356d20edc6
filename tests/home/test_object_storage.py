"""Pictures and private files in an object store that speaks S3, read through the site alone."""

import zipfile
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.storage import default_storage, storages
from django.urls import reverse
from wagtail.images import get_image_model

from certificates.actions.bundles import ask_for_bundle, make_bundle
from certificates.actions.lists import issue_by_list
from certificates.models import Certificate, Design, PaperBundle
from learners.models import Proof
from tests.certificates.test_designs import own_artwork
from tests.factories.certificates import decided_list, keeper
from tests.factories.claims import account_for, sent
from tests.factories.files import photo
from tests.factories.object_store import names, object_store
from tests.factories.reports import on_23_november, person, recount, world
from tests.home.test_backup import Site

KEEP_ONE = """
from django.core.files.base import ContentFile
from django.core.files.storage import storages
storages["private"].save("giấy tờ.pdf", ContentFile(b"proof"))
"""


@pytest.fixture(scope="module")
def running():
    with object_store("hoc-so", "hoc-so-moi") as found:
        yield found


@pytest.fixture
def store(running, settings):
    for name, value in running.items():
        setattr(settings, name, value)
    settings.STORAGES = settings.STORAGES | {
        name: {"BACKEND": "home.object_storage.Store", "OPTIONS": {"location": folder}}
        for name, folder in (("default", "media"), ("private", "private"))
    }
    return running


def test_a_picture_is_sent_from_the_sites_own_address(store, client):
    name = default_storage.save("images/trang bìa.png", ContentFile(b"picture"))
    address = default_storage.url(name)
    assert (name, address) == ("images/trang bìa.png", "/media/images/trang%20b%C3%ACa.png")
    answer = client.get(address)
    assert (answer.status_code, b"".join(answer), answer["Content-Type"]) == (
        200, b"picture", "image/png",
    )  # fmt: skip
    again = client.get(address, headers={"If-Modified-Since": answer["Last-Modified"]})
    assert again.status_code == 304
    assert client.get("/media/images/nothing.png").status_code == 404
    assert client.get("/media/private/trang.png").status_code == 404


def test_a_name_that_is_taken_is_not_written_over(store):
    first = storages["private"].save("proofs/giay.pdf", ContentFile(b"one"))
    second = storages["private"].save("proofs/giay.pdf", ContentFile(b"two"))
    assert (first != second, storages["private"].open(first).read()) == (True, b"one")


@pytest.mark.django_db
def test_wagtail_keeps_its_renditions_there(store):
    file = ImageFile(ContentFile(photo()), name="anh.jpg")
    image = get_image_model().objects.create(title="Ảnh", file=file)
    rendition = image.get_rendition("width-100")
    assert rendition.url.startswith("/media/images/anh")
    assert f"media/{rendition.file.name}" in names(store)


@pytest.mark.django_db
def test_a_proof_is_shown_to_its_owner_alone(store, client, monkeypatch):
    # A field finds its store when the site starts, as the environment names it by then.
    monkeypatch.setattr(Proof._meta.get_field("file"), "storage", storages["private"])
    with on_23_november():
        units = world()
        hoa, lan = person("Nguyễn Thị Hoa", units.hospital), person("Phan Thị Lan", units.school)
        recount(units)
        proof = sent(hoa).proofs.get()
        assert f"private/{proof.file.name}" in names(store)
        client.force_login(account_for(hoa))
        shown = client.get(reverse("learners:proof", args=[proof.pk]))
        assert (shown.status_code, b"".join(shown)[:5]) == (200, b"%PDF-")
        client.force_login(account_for(lan))
        assert client.get(reverse("learners:proof", args=[proof.pk])).status_code == 404


@pytest.mark.django_db
def test_the_papers_of_a_class_and_their_artwork_lie_there(store, monkeypatch):
    for model, field in ((Design, "picture"), (PaperBundle, "file")):
        monkeypatch.setattr(model._meta.get_field(field), "storage", storages["private"])
    of_the_school = own_artwork()
    drawn = decided_list("Nguyễn Thị Hoa", "Lê Thị Hoa")
    issue_by_list(drawn.pk)
    bundle = ask_for_bundle(issue_list=drawn, form="zip", by=keeper())
    make_bundle(str(bundle.pk))
    bundle.refresh_from_db()
    assert bundle.refusal == ""
    assert [paper.design for paper in Certificate.objects.all()] == [of_the_school] * 2
    assert f"private/bundles/{bundle.pk}.zip" in names(store)
    with bundle.file.open() as content, zipfile.ZipFile(content) as archive:
        inside = [sha256(archive.read(name)).hexdigest() for name in archive.namelist()]
    assert inside == [paper.pdf_sha256 for paper in Certificate.objects.order_by("number")]


def test_a_backup_holds_the_files_of_a_store_and_fills_an_empty_one(
    running, tmp_path, django_db_setup, django_db_blocker
):
    with django_db_blocker.unblock():
        sites = []
        for bucket in ("hoc-so", "hoc-so-moi"):
            (tmp_path / bucket).mkdir()
            sites.append(Site(tmp_path / bucket, **running | {"OBJECT_STORAGE_BUCKET": bucket}))
        old, new = sites
        new.empty()
        try:
            old.python(KEEP_ONE)
            for site, word in ((old, "back_up"), (new, "restore_backup")):
                done = site.manage(word, str(tmp_path / "backup"))
                assert done.returncode == 0, done.stderr
        finally:
            for site in sites:
                site.close()
    assert (tmp_path / "backup/private/giấy tờ.pdf").read_bytes() == b"proof"
    assert names(running, "hoc-so-moi") == names(running, "hoc-so")
