"""Requests counted, jobs told, strangers kept out."""

import pytest
from django.utils import timezone

from home.models import Job

pytestmark = pytest.mark.django_db
TOKEN = "0123456789abcdef0123456789abcdef"


def lines(response):
    return response.content.decode().splitlines()


def test_requests_are_counted_by_route_without_addresses(client):
    client.get("/tra-cuu/?ma=NA-2026-SECRET")
    text = client.get("/metrics").content.decode()
    assert 'route="certificates:' in text
    assert "SECRET" not in text


def test_an_unknown_address_is_no_label(client):
    client.get("/wp-admin/setup.php")
    text = client.get("/metrics").content.decode()
    assert "wp-admin" not in text


def test_jobs_are_told_by_queue_and_state(client):
    Job.objects.create(task="a", queue="papers", run_after=timezone.now())
    told = lines(client.get("/metrics"))
    assert 'hocso_jobs{queue="papers",state="waiting"} 1.0' in told
    assert "hocso_database_up 1.0" in told


def test_mails_that_were_due_and_have_not_gone_out_are_told(client):
    told = lines(client.get("/metrics"))
    assert {"hocso_reports_late 0.0", "hocso_reminders_late 0.0"} <= set(told)


@pytest.mark.parametrize(
    "stranger", [{"REMOTE_ADDR": "10.0.0.9"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.5"}]
)
def test_strangers_find_no_such_page(client, stranger):
    assert client.get("/metrics", **stranger).status_code == 404


def test_the_token_opens_from_elsewhere_and_its_lack_closes_here(client, settings):
    settings.METRICS_TOKEN = TOKEN
    given = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}", "REMOTE_ADDR": "10.0.0.9"}
    assert client.get("/metrics", **given).status_code == 200
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer hoc").status_code == 404


def test_a_proxys_request_id_comes_back_and_a_forged_one_does_not(client):
    assert client.get("/healthz", HTTP_X_REQUEST_ID="abcd-1234")["X-Request-ID"] == "abcd-1234"
    assert client.get("/healthz", HTTP_X_REQUEST_ID='a"} {"b')["X-Request-ID"] != 'a"} {"b'
