import pytest


@pytest.fixture(autouse=True)
def _day(fixed_day: None) -> None:
    """Every report is read on the same day."""
