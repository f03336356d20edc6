"""A broker that is frozen or gone costs a moment, and no job.

Seconds enough for a busy machine; without its time limits each of these would wait for ever.
"""

from tests.home.jobs.processes import BEAT, CELERY, wait_until


def test_enqueuing_goes_on_without_a_broker_and_the_sweep_delivers_later(scaled_out, redis):
    redis.freeze()
    assert scaled_out.enqueue("quick_effect", 3) < 100
    redis.kill()
    assert scaled_out.enqueue("quick_effect", 3) < 1
    redis.start()
    scaled_out.start(*BEAT)
    scaled_out.start(*CELERY)
    wait_until(lambda: scaled_out.states() == ["done"] * 6, 40)
    assert scaled_out.effects() == ["job0", "job0", "job1", "job1", "job2", "job2"]


def test_the_cache_is_empty_but_answers_while_redis_does_not(scaled_out, redis):
    redis.freeze()
    answers = scaled_out.python(
        "import time\n"
        "from django.core.cache import cache\n"
        "start = time.monotonic()\n"
        "print(cache.add('a', 1), cache.set('a', 1), cache.get('a'), cache.get('a', 2))\n"
        "print(time.monotonic() - start < 10)"
    )
    assert answers.split() == ["True", "None", "None", "2", "True"]
