"""Businesses: named by who signs up or walks in, counted once, kept by the commune's officer."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from courses.choices import Audience
from learners.actions.businesses import Named, business_of
from learners.choices import Act, Level
from learners.models import AuditEntry, Business, Participation, Person
from learners.reports.participations import extent_of
from tests.factories.reports import (
    ecommerce_class,
    on_23_november,
    organisation,
    participation,
    recount,
    viewer,
    world,
)

pytestmark = pytest.mark.django_db

TAX = "0100109106"
HEAD = "040190001234"


@pytest.fixture(autouse=True)
def clock():
    with on_23_november(), override("vi"):
        yield


@pytest.fixture
def place():
    found = world()
    found.officer = viewer("can-bo-xa", unit=found.commune)
    return recount(found)


def sign_up(client, place, **more):
    typed = {
        "full_name": "Nguyễn Thị Mai",
        "phone": "0912345678",
        "audience": "enterprise",
        "commune": place.commune.pk,
        "password": "hoc so moi ngay mot it",
        "consent": "on",
    }
    return client.post(reverse("learners:sign_up"), typed | more)


def shopkeeper(place, name, business=None):
    return Person.objects.create(
        full_name=name,
        audience=Audience.HOUSEHOLD_BUSINESS,
        commune=place.commune,
        business=business,
    )


def test_who_signs_up_names_the_business_by_its_tax_code(client, place):
    sign_up(client, place, business_number="0100 109 106", business_name="Công ty An")

    business = Business.objects.get()
    assert (business.tax_code, business.name, business.kind) == (TAX, "Công ty An", "enterprise")
    assert Person.objects.get(full_name="Nguyễn Thị Mai").business == business


def test_a_tax_code_with_a_slip_is_refused_and_nothing_is_kept(client, place):
    answer = sign_up(client, place, business_number="0100109107", business_name="Công ty An")

    assert answer.status_code == 422
    assert "không khớp chữ số kiểm tra" in answer.content.decode()
    assert not Person.objects.exists()


def test_a_household_number_is_sealed_and_shown_masked(client, place):
    sign_up(
        client,
        place,
        audience="household_business",
        business_number=HEAD,
        business_name="Tạp hóa Mai",
    )
    business = Business.objects.get()
    client.force_login(place.officer)
    page = client.get(reverse("reports:business", args=[business.pk])).content.decode()

    assert HEAD not in str(Business.objects.values().get())
    assert HEAD not in page
    assert "1234" in page


def test_twelve_digits_of_an_enterprise_are_refused(client, place):
    answer = sign_up(client, place, business_number=HEAD, business_name="Công ty An")

    assert answer.status_code == 422
    assert not Business.objects.exists()


def test_offices_and_schools_of_a_commune_are_no_communes_to_live_in(client, place):
    organisation("X17950-MN", "Trường Mầm non Kim Liên", place.commune, level=Level.COMMUNE)

    page = client.get(reverse("learners:sign_up")).content.decode()
    assert "Kim Liên" in page
    assert "Trường Mầm non" not in page


def test_students_need_no_business(client, place):
    sign_up(client, place, audience="student")

    assert Person.objects.get(full_name="Nguyễn Thị Mai").business is None


def test_a_number_means_one_business_however_it_is_called(place):
    commune = place.commune.pk
    first = business_of(Named("enterprise", "Công ty An", commune, TAX))

    assert business_of(Named("enterprise", "CTY TNHH AN", commune, TAX)) == first
    assert business_of(Named("craft_village", "Làng nghề Yên Lưu", commune)) == business_of(
        Named("craft_village", "LÀNG NGHỀ YÊN LƯU", commune)
    )
    assert Business.objects.count() == 2


def test_three_people_of_one_shop_are_one_organisation(place):
    shop = business_of(Named("household_business", "Tạp hóa Mai", place.commune.pk, HEAD))
    group = ecommerce_class()
    for name in ("Nguyễn Thị Mai", "Lê Văn Tám", "Trần Thị Tư"):
        participation(shopkeeper(place, name, shop), group)
    participation(shopkeeper(place, "Hồ Thị Năm"), group)

    extent = extent_of(Participation.objects.all())
    assert (extent.people, extent.organisations) == (4, 2)


def test_the_business_of_the_day_stays_with_the_participation(place):
    shop = business_of(Named("household_business", "Tạp hóa Mai", place.commune.pk))
    mai = shopkeeper(place, "Nguyễn Thị Mai", shop)
    participation(mai, ecommerce_class())
    Person.objects.filter(pk=mai.pk).update(business=None)

    assert Participation.objects.get().business == shop


def test_the_officer_of_the_commune_finds_and_corrects_it(client, place):
    shop = business_of(Named("cooperative", "Hợp tác xã Sen", place.commune.pk))
    client.force_login(place.officer)

    assert "Hợp tác xã Sen" in client.get("/bao-cao/co-so/?q=hop+tac+sen").content.decode()
    client.post(
        reverse("reports:business", args=[shop.pk]),
        {
            "kind": "craft_village",
            "name": "Làng nghề Sen",
            "commune": place.commune.pk,
            "recognition": "QĐ 12/QĐ-UBND, 05/04/2020",
            "why": "Theo quyết định công nhận",
        },
    )

    shop.refresh_from_db()
    assert (shop.kind, shop.name) == ("craft_village", "Làng nghề Sen")
    assert AuditEntry.objects.get(act=Act.BUSINESS).before["name"] == "Hợp tác xã Sen"


def test_another_units_officer_does_not_find_it(client, place):
    shop = business_of(Named("cooperative", "Hợp tác xã Sen", place.commune.pk))
    client.force_login(viewer("lan", unit=place.education))

    assert client.get(reverse("reports:business", args=[shop.pk])).status_code == 404
    assert "Hợp tác xã Sen" not in client.get("/bao-cao/co-so/").content.decode()


def test_the_list_costs_the_same_for_three_as_for_one(client, place, django_assert_num_queries):
    client.force_login(place.officer)
    business_of(Named("cooperative", "Hợp tác xã 1", place.commune.pk))
    client.get("/bao-cao/co-so/")
    with django_assert_num_queries(6):
        client.get("/bao-cao/co-so/")
    for number in (2, 3):
        business_of(Named("cooperative", f"Hợp tác xã {number}", place.commune.pk))
    with django_assert_num_queries(6):
        assert "3 cơ sở" in client.get("/bao-cao/co-so/").content.decode()
