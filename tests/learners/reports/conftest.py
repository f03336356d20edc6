from collections.abc import Iterator

import pytest

from tests.factories.reports import on_23_november


@pytest.fixture(autouse=True)
def fixed_day() -> Iterator[None]:
    with on_23_november():
        yield
