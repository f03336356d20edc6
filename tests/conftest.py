"""What every test may rely on.

Besides the fixtures here, use pytest-django's own: `django_capture_on_commit_callbacks`
(with `execute=True`) for what happens after commit, `django_assert_num_queries` for
counts, `live_server` with playwright's `page` for browsers.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from pytest_django.plugin import DjangoDbBlocker

from tests.database import migrated_database

hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that ask for playwright's `page` are browser tests, named so or not."""
    missing = pytest.mark.skip(reason="needs chromium: apt-get install chromium")
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("browser") and not CHROMIUM:
            item.add_marker(missing)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    with django_db_blocker.unblock(), migrated_database():
        yield


@pytest.fixture(autouse=True)
def _empty_caches() -> Iterator[None]:
    """Nothing kept by one test is found by the next, so that query counts do not depend
    on which tests ran before."""
    ContentType.objects.clear_cache()
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's chromium; without its sandbox where that cannot work, as root."""
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": sandbox}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "vi-VN", "timezone_id": settings.TIME_ZONE}


@pytest.fixture(scope="session")
def shared_inputs() -> Path:
    """The folder of files that nobody of us wrote; kept beside the project, not in it."""
    folder = Path(os.environ.get("SHARED_INPUTS", settings.BASE_DIR.parent / "shared" / "inputs"))
    if not folder.is_dir():
        pytest.skip("needs the folder of shared inputs: set SHARED_INPUTS")
    return folder
