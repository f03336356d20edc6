"""Documents that reorganise units, and the state of the register to compare before and after."""

from datetime import date

from learners.models import (
    AgeTally,
    Assignment,
    Organisation,
    OrganisationVersion,
    Person,
    Post,
    Reorganisation,
    ReorganisationLine,
    RoleGrant,
    StaffTally,
    Standing,
    Succession,
)

DAY = date(2026, 7, 1)


def document(*lines: dict, day: date = DAY, number: str = "12/NQ-HĐND") -> Reorganisation:
    """A draft with the lines given as keyword arguments of the model."""
    made = Reorganisation.objects.create(
        decision_number=number, title="Sắp xếp đơn vị", signed_on=day, effective_on=day
    )
    for position, fields in enumerate(lines, start=1):
        ReorganisationLine.objects.create(reorganisation=made, position=position, **fields)
    return made


def line(kind: str, unit: str, to: str = "", name: str = "", **more: str) -> dict:
    return {"kind": kind, "from_code": unit, "to_code": to, "to_name": name, **more}


def register() -> dict[str, list]:
    """Everything that a document may write, as it stands."""
    tables = {
        Organisation: ["key"],
        OrganisationVersion: [
            "organisation_id",
            "code",
            "name",
            "folded_name",
            "level",
            "parent_id",
            "is_specialised",
            "valid_from",
            "valid_to",
        ],
        Succession: ["predecessor_id", "successor_id", "kind", "effective_from", "note"],
        Post: [
            "person_id",
            "managing_unit_id",
            "using_unit_id",
            "title",
            "is_main",
            "is_it_officer",
            "valid_from",
            "valid_to",
        ],
        RoleGrant: ["user_id", "role", "organisation_id", "valid_from", "valid_to"],
        Assignment: ["unit_id", "withdrawn_at", "withdrawn_reason"],
        Person: ["commune_id"],
        Standing: ["period_id", "person_id", "organisation_id", "status", "reached_on"],
    }
    found = {
        model.__name__: list(
            model.objects.order_by("pk").values_list(
                *(["pk"] if model is not Standing else []), *fields
            )
        )
        for model, fields in tables.items()
    }
    found["Standing"].sort()
    tallies = StaffTally.objects.exclude(people=0)
    found["StaffTally"] = sorted(
        tallies.values_list("period_id", "organisation_id", "status", "month", "people")
    )
    by_age = AgeTally.objects.exclude(people=0)
    found["AgeTally"] = sorted(
        by_age.values_list("period_id", "organisation_id", "age_band", "status", "people")
    )
    return found
