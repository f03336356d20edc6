"""The page on which one officer proposes an erasure and another confirms it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.choices import Audience
from learners.choices import ErasureState
from learners.models import Erasure, Organisation, Person, Post, User
from tests.factories.reports import on_23_november, person, viewer, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def an():
    with on_23_november():
        units = world()
        viewer("minh", unit=units.province)
        viewer("tam", unit=units.province)
        viewer("lan", unit=units.education)
        yield Person.objects.create(
            full_name="Trần Văn An", phone="0912345678", audience=Audience.STUDENT
        )


def page_as(client, who, whom, said=None):
    client.force_login(User.objects.get(username=who))
    address = reverse("reports:erase_person", args=[whom.pk])
    return client.get(address) if said is None else client.post(address, said)


def test_effect_is_shown_before_anything_is_done(client, an):
    page = page_as(client, "minh", an).text
    assert "0912345678" not in page
    assert Erasure.objects.count() == 0
    an.refresh_from_db()
    assert an.erased_at is None


def test_another_officer_confirms(client, an):
    assert page_as(client, "minh", an, {"step": "propose", "reason": " "}).status_code == 422
    page_as(client, "minh", an, {"step": "propose", "reason": "Đơn ngày 20/11"})
    page_as(client, "minh", an, {"step": "confirm", "sure": "yes"})
    an.refresh_from_db()
    assert an.erased_at is None
    page_as(client, "tam", an, {"step": "confirm"})
    an.refresh_from_db()
    assert an.erased_at is None
    page_as(client, "tam", an, {"step": "confirm", "sure": "yes"})
    an.refresh_from_db()
    assert (an.erased_at is not None, an.phone) == (True, "")
    page = page_as(client, "tam", an).text
    assert "Trần Văn An" not in page


def test_a_proposal_is_dropped(client, an):
    page_as(client, "minh", an, {"step": "propose", "reason": "Đơn ngày 20/11"})
    page_as(client, "tam", an, {"step": "drop"})
    assert Erasure.objects.get().state == ErasureState.DROPPED


@pytest.mark.parametrize("step", ["", "erase", "confirm", "drop"])
def test_unknown_steps_and_steps_without_a_proposal_change_nothing(client, an, step):
    page_as(client, "minh", an, {"step": step, "sure": "yes"})
    an.refresh_from_db()
    assert (an.erased_at, Erasure.objects.count()) == (None, 0)


def test_a_neighbours_officer_finds_nothing(client, an):
    assert page_as(client, "lan", an).status_code == 404
    said = {"step": "propose", "reason": "Đơn ngày 20/11"}
    assert page_as(client, "lan", an, said).status_code == 404
    assert Erasure.objects.count() == 0


def test_nobody_keeps_an_erased_record_any_more(client, an):
    page_as(client, "minh", an, {"step": "propose", "reason": "Đơn ngày 20/11"})
    page_as(client, "tam", an, {"step": "confirm", "sure": "yes"})
    page = client.get(reverse("reports:person", args=[an.pk])).text
    assert "đã được xóa" in page
    assert reverse("reports:correct_person", args=[an.pk]) not in page
    assert client.get(reverse("reports:correct_person", args=[an.pk])).status_code == 404
    switch = reverse("reports:switch_account", args=[an.pk])
    assert client.post(switch, {"reason": "Mở lại"}).status_code == 404


def test_the_unit_that_somebody_left_answers_him(client, an):
    left = person("Lê Thị Sen", Organisation.objects.get(key__startswith="NA-SYT"))
    Post.objects.filter(person=left).update(valid_to=timezone.localdate() - timedelta(days=1))
    viewer("hai", unit=Organisation.objects.get(key__startswith="NA-SYT"))
    page_as(client, "hai", left, {"step": "propose", "reason": "Đã nghỉ hưu"})
    page_as(client, "minh", left, {"step": "confirm", "sure": "yes"})
    left.refresh_from_db()
    assert left.erased_at is not None
