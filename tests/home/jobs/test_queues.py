"""Queues are apart: a worker for papers is not kept busy by reports. Sweeps stand behind nobody."""

import os
from collections.abc import Iterator

import pytest
from kombu.transport.base import StdChannel

from home.celery import IN_TURN, QUEUES, app
from home.jobs import carrier
from home.jobs.carrier import run_job, sweep_jobs
from home.models import Job
from tests.home.jobs.processes import Redis


@pytest.fixture
def channel(redis: Redis) -> Iterator[StdChannel]:
    """Of a broker of the test's own: others empty and fill the shared one meanwhile."""
    with app.connection_for_write(redis.url) as connection:
        channel = connection.default_channel
        for queue in app.amqp.queues.values():
            queue(channel).declare()
        yield channel


def test_each_queue_is_reached_by_its_own_key():
    bound = {queue.name: queue.routing_key for queue in app.amqp.queues.values()}
    assert bound == {name: name for name in QUEUES}
    assert {queue.exchange.name for queue in app.amqp.queues.values()} == {"jobs"}


def test_a_message_comes_to_one_queue_alone(channel):
    run_job.apply_async(args=[0], queue="papers", connection=channel.connection.client)
    waiting = {name: channel._size(name) for name in QUEUES}
    assert waiting == {name: int(name == "papers") for name in QUEUES}


def test_a_sweep_goes_past_all_that_waits(channel):
    connection = channel.connection.client
    for _job in range(20):
        run_job.apply_async(args=[0], priority=IN_TURN, connection=connection)
    sweep_jobs.apply_async(connection=connection, **app.conf.beat_schedule["sweep"]["options"])
    first = channel.basic_get("interactive")
    assert first.headers["task"] == "home.jobs.sweep"


@pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="needs a broker: REDIS_URL")
@pytest.mark.django_db
def test_a_worker_does_something_else_between_two_sweeps():
    carrier._sweeps["ended"] -= 60
    sweep_jobs()
    assert Job.objects.exists()
    Job.objects.all().delete()
    sweep_jobs()
    assert not Job.objects.exists()
