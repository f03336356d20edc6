"""Log lines for machines, without personal data: an id for each request, a route for each path."""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

work: ContextVar[str] = ContextVar("work", default="-")
"""What this thread works at: the id of a request, or `job-` and the number of a job."""

_FIELDS = ("route", "method", "status", "milliseconds", "account")
"""What a line may say besides its message, given by `extra`."""

_FOREIGN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def is_request_id(text: str) -> bool:
    """Whether a proxy's id may stand in our lines: nothing that could forge one."""
    return _FOREIGN_ID.fullmatch(text) is not None


def route_of(request: Any) -> str:
    """The name of what was asked for. Paths hold names of files, codes of papers, searches."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return "-"
    return str(match.view_name or match.route)


class WithoutPersonalData(logging.Filter):
    """Django's lines about requests quote the path, those about suspicions quote what was sent:
    both keep only what happened and where."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.work = work.get()
        if record.name.startswith(("django.request", "django.security", "django.server")):
            status = getattr(record, "status_code", "")
            route = route_of(getattr(record, "request", None))
            record.msg, record.args = f"{record.name} {status} at {route}", ()
        return True


class JsonFormatter(logging.Formatter):
    """One object a line. Of an exception its kind and its places in the code: its words may
    quote a row."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "work": work.get(),
        }
        line |= {name: vars(record)[name] for name in _FIELDS if name in vars(record)}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["places"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        return json.dumps(line, ensure_ascii=False)
