"""Queues are apart: a worker for papers is not kept busy by reports."""

import os

import pytest
from django.conf import settings

from home.celery import QUEUES, app
from home.jobs.carrier import run_job


def test_each_queue_is_reached_by_its_own_key():
    bound = {queue.name: queue.routing_key for queue in app.amqp.queues.values()}
    assert bound == {name: name for name in QUEUES}
    assert {queue.exchange.name for queue in app.amqp.queues.values()} == {"jobs"}


@pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="needs a broker: REDIS_URL")
def test_a_message_comes_to_one_queue_alone():
    with app.connection_for_write(settings.REDIS_URL) as connection:
        channel = connection.default_channel
        for queue in app.amqp.queues.values():
            queue(channel).declare()
            queue(channel).purge()
        run_job.apply_async(args=[0], queue="papers", connection=connection)
        waiting = {name: channel._size(name) for name in QUEUES}
        for name in QUEUES:
            app.amqp.queues[name](channel).purge()
    assert waiting == {name: int(name == "papers") for name in QUEUES}
