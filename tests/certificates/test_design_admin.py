"""Designs in the administration: proofs before force, reasons instead of wrong papers."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from certificates.models import Design
from tests.certificates.test_pdf import lines_of
from tests.factories.certificates import keeper
from tests.factories.designs import design, picture

pytestmark = pytest.mark.django_db

WORDS = {
    "name": "Trống đồng",
    "kind": "completion",
    "heading_vi": "",
    "heading_en": "CERTIFICATE OF COMPLETION",
    "shows_birth_date": "on",
    "shows_unit": "on",
    "accent": "jade",
    "artwork": "drum",
}


@pytest.fixture
def admin(client):
    client.force_login(get_user_model().objects.create_superuser("quantri", password="x"))
    return client


def sent(admin, **changes):
    words = WORDS | {"valid_from": timezone.localdate().isoformat()} | changes
    return admin.post(reverse("designs:add"), words)


def errors(response):
    return response.context["form"].errors


def test_draft_is_saved_and_put_into_force_later(admin):
    assert sent(admin).status_code == 302
    draft = Design.objects.get()
    assert (draft.in_force_since, draft.shows_result, draft.artwork) == (None, False, "drum")
    words = WORDS | {"valid_from": timezone.localdate().isoformat(), "comes_into_force": "on"}
    assert admin.post(reverse("designs:edit", args=[draft.pk]), words).status_code == 302
    draft.refresh_from_db()
    assert draft.in_force_since is not None


def test_version_in_force_is_not_edited_but_copied(admin):
    frozen = design()
    response = admin.post(
        reverse("designs:edit", args=[frozen.pk]), WORDS | {"valid_from": "2099-01-01"}
    )
    assert response.status_code == 200
    assert errors(response).keys() == {"__all__"}
    assert admin.get(reverse("designs:copy", args=[frozen.pk])).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("heading_en", "សុខា"),
        ("heading_vi", "CHỨNG CHỈ BỒI DƯỠNG"),
        ("heading_vi", "GIẤY CHỨNG NHẬN " + "W" * 60),
        ("place", "Nghệ An " * 7),
        ("signer_title", "GIÁM\u202eĐỐC"),
        ("accent", "red; background: url(x)"),
        ("valid_from", "hôm nay"),
    ],
)
def test_design_that_would_print_wrong_is_refused_at_its_field(admin, field, value):
    response = sent(admin, **{field: value})
    assert response.status_code == 200
    assert errors(response).keys() == {field}
    assert not Design.objects.exists()


def test_markup_in_words_is_printed_as_it_is(admin):
    assert sent(admin, issuing_body="<b>SỞ & BAN</b>").status_code == 302
    pdf = admin.get(reverse("designs:proof", args=[Design.objects.get().pk, "usual"]))
    assert "<b>SỞ & BAN</b>" in lines_of(pdf.content)


def test_uploaded_picture_is_checked_and_kept(admin):
    assert errors(sent(admin, artwork="uploaded")).keys() == {"upload"}
    wrong = sent(admin, artwork="uploaded", upload=picture((1000, 1000)))
    assert errors(wrong).keys() == {"upload"}
    assert sent(admin, artwork="uploaded", upload=picture()).status_code == 302
    kept = Design.objects.get()
    assert kept.picture.name.startswith("designs/")
    proof = admin.get(reverse("designs:proof", args=[kept.pk, "long"]))
    assert (proof.status_code, proof["Content-Type"]) == (200, "application/pdf")
    with kept.picture.storage.open(kept.picture.name, "ab") as file:
        file.write(b"x")
    refused = admin.get(reverse("designs:proof", args=[kept.pk, "long"]))
    assert refused.status_code == 422
    assert "Trống đồng" in refused.content.decode()


def test_day_in_the_past_or_taken_is_refused_for_force_only(admin):
    past = {"valid_from": "2020-01-01"}
    assert errors(sent(admin, comes_into_force="on", **past)).keys() == {"valid_from"}
    assert sent(admin, **past).status_code == 302
    assert sent(admin, comes_into_force="on").status_code == 302
    assert errors(sent(admin, comes_into_force="on")).keys() == {"valid_from"}


def test_list_names_state_and_proofs(admin):
    version = design()
    page = admin.get(reverse("designs:index")).content.decode()
    assert reverse("designs:proof", args=[version.pk, "long"]) in page
    assert admin.get(reverse("designs:proof", args=[version.pk, "other"])).status_code == 404


def test_proofs_are_for_those_who_make_designs(client):
    version = design()
    client.force_login(keeper())
    response = client.get(reverse("designs:proof", args=[version.pk, "usual"]))
    assert response.status_code == 302
