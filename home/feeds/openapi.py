"""What the API offers, in the words of OpenAPI. A test reads it against the addresses."""

from typing import Any

from django.conf import settings

from home.models import Scope

RECORD = {
    "key": (
        "string",
        "Period, indicator, unit and rule. File records by it: sending again is safe",
    ),
    "period": ("integer", "Administrative year"),
    "indicator": ("string", "staff_trained, participations, providers or it_officers"),
    "unit_code": ("string", "Code in force on as_of; 40 is the whole province"),
    "unit_name": ("string", "Name in force on as_of"),
    "value": ("number", "Per cent with one decimal, rounded down, or a count"),
    "measure": ("string", "percent, participations or institutions"),
    "numerator": ("integer", "Of a share"),
    "denominator": ("integer", "Of a share"),
    "target": ("integer", "What the act asks for, if it asks this unit"),
    "rule_version": ("integer", "Counting rule, see rules"),
    "definition_version": ("integer", "Definition of the denominator"),
    "definition": ("string", "The same in words"),
    "hash": ("string", "SHA-256 of all of the above"),
}


def openapi() -> dict[str, Any]:
    year = _parameter("year", "Administrative year; the running one if left out", "integer")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Học số Nghệ An",
            "version": "1",
            "description": "Figures without persons. Ask the administrator for a token.",
        },
        "servers": [{"url": f"{settings.PUBLIC_URL}/api/v1"}],
        "security": [{"token": []}],
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Record": {
                    "type": "object",
                    "required": list(RECORD),
                    "properties": {
                        name: {"type": [kind, "null"], "description": words}
                        for name, (kind, words) in RECORD.items()
                    },
                },
                "Error": {
                    "type": "object",
                    "required": ["code", "message"],
                    "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
                },
            },
        },
        "paths": {
            "/indicators.json": _get(
                "Indicators of a year for every unit", Scope.INDICATORS, [year], "application/json"
            ),
            "/indicators.xlsx": _get(
                "The same as a workbook",
                Scope.INDICATORS,
                [year],
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
            "/units.json": _get(
                "Units in force on a day, with code and parent",
                Scope.UNITS,
                [_parameter("on", "Day as 2026-11-23; today if left out", "string")],
                "application/json",
            ),
            "/aggregates.json": _get(
                "Figures of every year as they stood one night",
                Scope.AGGREGATES,
                [_parameter("day", "Night as 2026-11-23; the newest if left out", "string")],
                "application/json",
            ),
        },
    }


def _parameter(name: str, description: str, kind: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": kind},
    }


def _get(
    summary: str, scope: Scope, parameters: list[dict[str, Any]], media: str
) -> dict[str, Any]:
    error = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    return {
        "get": {
            "summary": summary,
            "description": f"Scope: {scope.value}",
            "security": [{"token": [scope.value]}],
            "parameters": parameters,
            "responses": {
                "200": {"description": "Found", "content": {media: {}}},
                "304": {"description": "As it was when you got this ETag"},
                "400": {"description": "A parameter cannot be read"} | error,
                "401": {"description": "No token, or one that opens nothing"} | error,
                "403": {"description": "The token lacks the scope"} | error,
                "404": {"description": "No such year or night"} | error,
            },
        }
    }
