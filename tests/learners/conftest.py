"""The small province of tests.factories.reports on its day, and who looks at it."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from learners.choices import Role
from tests.factories.reports import World, on_23_november, person, viewer, world


@pytest.fixture
def fixed_day() -> Iterator[None]:
    """Today is 23/11/2026. A module asks for it by `pytest.mark.usefixtures`."""
    with on_23_november():
        yield


@pytest.fixture
def province() -> World:
    return world()


@pytest.fixture
def leader(province: World, client: Client) -> Client:
    """Thịnh, who sees the whole province."""
    client.force_login(viewer("thinh", Role.LEADER, province.province))
    return client


@pytest.fixture
def place(province: World) -> World:
    """The province with Hoa of the hospital and Minh, the officer above her."""
    province.hoa = person(
        "Nguyễn Thị Hoa", province.hospital, birth_date=date(1990, 4, 5), staff_number="NA1"
    )
    province.minh = viewer("minh", unit=province.health)
    return province
