"""No page asks the database more than twelve times, whoever looks at it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.badges import key_file
from tests.factories.everything import everything
from tests.factories.reports import on_23_november
from tests.test_scope import DOORS, EVERYBODY, address, client_of

MOST = 12


@pytest.fixture
def things(settings):
    settings.BADGE_KEY_FILES = [key_file()]
    with on_23_november():
        yield everything()


@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_no_page_asks_more_than_twelve_times(things, who):
    client = client_of(things, who)
    greedy = []
    for name, door in DOORS.items():
        if who not in door.who or door.method != "get":
            continue
        where = address(things, name)
        response = client.get(where, door.query(things))
        if response.status_code != 200 or "text/html" not in response["Content-Type"]:
            continue
        with CaptureQueriesContext(connection) as captured:
            client.get(where, door.query(things))
        if len(captured) > MOST:
            greedy.append(f"{name}: {len(captured)}")
    assert "\n".join(greedy) == ""
