"""The read API at /api/v1/ and the open data at /du-lieu-mo/."""

import json
import logging
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from home.feeds.aggregates import newest
from home.feeds.indicators import document, hash_of
from home.feeds.open_data import DATASETS, LICENCE, Dataset, catalogue
from home.feeds.openapi import RECORD, openapi
from home.models import Aggregate, ApiClient, Scope
from learners.exports import Column, Kind, Sheet, csv_file, stamp, workbook
from learners.models import ReportingPeriod
from learners.tree import tree_on

logger = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
View = Callable[..., HttpResponseBase]


class Unreadable(Exception):
    """A parameter that cannot be read; says which."""


def _error(status: int, code: str, message: str) -> JsonResponse:
    response = JsonResponse({"code": code, "message": message}, status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def needs(scope: Scope) -> Callable[[View], View]:
    """Let in whoever brings a token with this scope; errors are told as JSON."""

    def decorator(view: View) -> View:
        @wraps(view)
        @require_safe
        def guarded(request: HttpRequest) -> HttpResponseBase:
            kind, _space, token = request.headers.get("Authorization", "").partition(" ")
            client = ApiClient.objects.with_token(token) if kind.lower() == "bearer" else None
            if client is None:
                return _error(401, "no_token", "Send a valid token: Authorization: Bearer …")
            if not client.may(scope):
                logger.warning("refused: API client %s, scope %s", client.pk, scope.value)
                return _error(403, "no_scope", f"This token lacks the scope {scope.value}.")
            client.note_use(timezone.now())
            try:
                response = view(request)
            except Unreadable as fault:
                return _error(400, "unreadable", str(fault))
            except Http404:
                return _error(404, "not_found", "There is nothing here for what you asked.")
            response["Cache-Control"] = "private, no-cache"
            patch_vary_headers(response, ["Authorization"])
            return response

        return guarded

    return decorator


@require_safe
def description(request: HttpRequest) -> JsonResponse:
    return JsonResponse(openapi(), json_dumps_params={"ensure_ascii": False})


@needs(Scope.INDICATORS)
def indicators_json(request: HttpRequest) -> HttpResponse:
    found = document(_period(request))
    return _with_etag(request, found, hash_of([found["hash"], found["as_of"]]))


@needs(Scope.INDICATORS)
def indicators_xlsx(request: HttpRequest) -> FileResponse:
    """The records as rows, in the order of the JSON."""
    found = document(_period(request))
    numbers = {name for name, (kind, _words) in RECORD.items() if kind in ("integer", "number")}
    sheet = Sheet(
        name="indicators",
        title=f"Indicators {found['period']}",
        source=[f"as_of {found['as_of']}", f"hash {found['hash']}", stamp()],
        columns=[
            Column(name, 18, Kind.PERCENT if name == "value" else Kind.NUMBER)
            if name in numbers - {"period"}
            else Column(name, 24)
            for name in RECORD
        ],
        rows=([_cell(name, record[name]) for name in RECORD] for record in found["records"]),
    )
    name = f"indicators-{found['period']}-{found['as_of']}.xlsx"
    return FileResponse(workbook(sheet), as_attachment=True, filename=name, content_type=XLSX)


def _cell(name: str, value: Any) -> Any:
    return str(value) if name == "period" else value


@needs(Scope.UNITS)
def units_json(request: HttpRequest) -> HttpResponse:
    """The register of one day: code, name, level, parent. By code, which that day names one."""
    day = _day(request, "on") or timezone.localdate()
    tree = tree_on(day)
    units = [
        {
            "code": node.code,
            "name": node.name,
            "level": node.level,
            "parent_code": tree[line[-1]].code if (line := tree.ancestors(node.id)) else None,
        }
        for node in sorted(tree.nodes.values(), key=lambda node: node.code)
    ]
    return _with_etag(request, {"on": day.isoformat(), "units": units}, hash_of(units))


@needs(Scope.AGGREGATES)
def aggregates_json(request: HttpRequest) -> HttpResponse:
    """The figures of one night, as they were written down."""
    day = _day(request, "day")
    nights = Aggregate.objects.all() if day is None else Aggregate.objects.filter(day=day)
    night = nights.first()
    if night is None:
        raise Http404
    return _with_etag(request, json.loads(night.document), night.digest)


def _with_etag(request: HttpRequest, found: dict[str, Any], digest: str) -> HttpResponse:
    etag = f'"{digest}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponse(status=304)
    else:
        response = JsonResponse(found, json_dumps_params={"ensure_ascii": False})
    response["ETag"] = etag
    return response


def _period(request: HttpRequest) -> ReportingPeriod:
    asked = request.GET.get("year", "")
    today = timezone.localdate()
    periods = ReportingPeriod.objects.filter(starts_on__lte=today).order_by("-year")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) == 4):
        raise Unreadable("year: four digits, such as 2026")
    found = (periods.filter(year=int(asked)) if asked else periods).first()
    if found is None:
        raise Http404
    return found


def _day(request: HttpRequest, name: str) -> date | None:
    asked = request.GET.get(name, "")
    if not asked:
        return None
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    if day is None:
        raise Unreadable(f"{name}: a day such as 2026-11-23")
    return day


# ------------------------------------------------------------------ open data


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """What is published, for people."""
    aggregate = newest()
    context = {
        "datasets": DATASETS.values(),
        "day": aggregate and parse_date(aggregate["day"]),
        "licence": LICENCE,
    }
    return render(request, "home/open_data.html", context)


@require_safe
def open_data_catalogue(request: HttpRequest) -> HttpResponseBase:
    """What is published, for catalogues of catalogues."""
    text = json.dumps(catalogue(newest()), ensure_ascii=False)
    return _public(HttpResponse(text, content_type="application/ld+json"))


@require_safe
def open_data_csv(request: HttpRequest, name: str) -> HttpResponseBase:
    dataset, aggregate = _published(name)
    sheet = Sheet(
        name=name,
        title=str(dataset.title),
        source=[],
        columns=[Column(column, 20) for column in dataset.columns],
        rows=dataset.rows(aggregate),
    )
    filename = f"{name}-{aggregate['day']}.csv"
    kind = "text/csv; charset=utf-8"
    file = csv_file(sheet)
    return _public(FileResponse(file, as_attachment=True, filename=filename, content_type=kind))


@require_safe
def open_data_json(request: HttpRequest, name: str) -> HttpResponseBase:
    """Rows by column; null where a figure is hidden."""
    dataset, aggregate = _published(name)
    rows = [dict(zip(dataset.columns, row, strict=True)) for row in dataset.rows(aggregate)]
    found = {
        "dataset": name,
        "title": str(dataset.title),
        "day": aggregate["day"],
        "licence": LICENCE,
        "hidden": "Figures below 5, and others that would give them away, are null.",
        "rows": rows,
    }
    return _public(JsonResponse(found, json_dumps_params={"ensure_ascii": False}))


def _published(name: str) -> tuple[Dataset, dict[str, Any]]:
    aggregate = newest()
    if name not in DATASETS or aggregate is None:
        raise Http404
    return DATASETS[name], aggregate


def _public(response: HttpResponseBase) -> HttpResponseBase:
    """Anybody's scripts may read it, and caches may keep it for an hour."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=3600"
    return response
