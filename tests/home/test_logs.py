"""Lines for machines hold nothing about a person."""

import json
import logging
import sys

import pytest
from django.test import RequestFactory

from home.logs import JsonFormatter, WithoutPersonalData, work


def line(record):
    WithoutPersonalData().filter(record)
    return json.loads(JsonFormatter().format(record))


def record(name="home", message="hello", **extra):
    return logging.makeLogRecord(
        {"name": name, "msg": message, "levelname": "INFO", "created": 0, **extra}
    )


def test_a_line_names_its_work_and_route():
    token = work.set("job-7")
    told = line(record(route="learners:lesson", status=200))
    work.reset(token)
    assert told == {
        "time": "1970-01-01T00:00:00.000+00:00",
        "level": "INFO",
        "logger": "home",
        "message": "hello",
        "work": "job-7",
        "route": "learners:lesson",
        "status": 200,
    }


@pytest.mark.parametrize("name", ["django.request", "django.security.DisallowedHost"])
def test_djangos_own_lines_lose_what_was_asked(name):
    request = RequestFactory().get("/ho-so/nguyen-thi-hoa/")
    told = line(record(name, "Not Found: /ho-so/nguyen-thi-hoa/", request=request, status_code=404))
    assert "hoa" not in json.dumps(told)
    assert told["message"] == f"{name} 404 at -"


def test_an_exception_keeps_its_kind_and_places_and_loses_its_words():
    try:
        raise ValueError("Key (staff_number)=(NA900001) exists")
    except ValueError:
        told = line(record(exc_info=sys.exc_info()))
    assert told["exception"] == "ValueError"
    assert "test_logs.py" in told["places"][0]
    assert "NA900001" not in json.dumps(told)
