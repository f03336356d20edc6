"""The trainer and the auditor fetch the evidence of a class; it is written down each time."""

import pytest
from django.contrib.auth.models import AnonymousUser

from learners.choices import Act, Role
from learners.models import AuditEntry, ClassKeeper, EvidenceFetch, EvidencePack
from tests.factories.certificates import finished_class
from tests.factories.reports import on_23_november, viewer, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fixed_day():
    with on_23_november():
        yield


@pytest.fixture
def group():
    return finished_class("Trần Thị Lan Anh")


def test_trainer_has_it_made_and_the_auditor_fetches_it(group, client):
    province = world()
    trainer = viewer("giangvien")
    ClassKeeper.objects.create(class_group=group, account=trainer)
    client.force_login(trainer)
    page = f"/lop/phu-trach/{group.pk}/minh-chung/"
    client.post(page)
    pack = EvidencePack.objects.get()
    assert pack.sha256 in client.get(page).content.decode()

    auditor = viewer("kiemtoan", Role.AUDITOR, province.province)
    client.force_login(auditor)
    response = client.get(f"/lop/phu-trach/minh-chung/{pack.pk}/tai-ve/")
    assert response.getvalue()[:2] == b"PK"
    assert EvidenceFetch.objects.get().by == auditor
    assert AuditEntry.objects.get(act=Act.LIST_TAKEN_OUT).by == auditor
    assert "Ai đã tải" in client.get(page).content.decode()


def test_lan_and_a_stranger_find_nothing(group, client):
    province = world()
    lan = viewer("lan", unit=province.education)
    for who in (lan, AnonymousUser()):
        if who.is_authenticated:
            client.force_login(who)
            assert client.post(f"/lop/phu-trach/{group.pk}/minh-chung/").status_code == 404
    client.logout()
    assert client.get(f"/lop/phu-trach/{group.pk}/minh-chung/").status_code == 302
    assert EvidencePack.objects.count() == 0


def test_forgotten_file_leads_back_to_the_page(group, client, django_assert_num_queries):
    client.force_login(viewer("root", Role.LEADER, world().province))
    client.post(f"/lop/phu-trach/{group.pk}/minh-chung/")
    EvidencePack.objects.update(file="")
    pack = EvidencePack.objects.get()
    page = client.get(f"/lop/phu-trach/minh-chung/{pack.pk}/tai-ve/", follow=True)
    assert "không còn được lưu" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_no_more_for_more_packs(group, client, count, django_assert_max_num_queries):
    client.force_login(viewer("root", Role.LEADER, world().province))
    for _number in range(count):
        client.post(f"/lop/phu-trach/{group.pk}/minh-chung/")
    with django_assert_max_num_queries(12):
        client.get(f"/lop/phu-trach/{group.pk}/minh-chung/")
