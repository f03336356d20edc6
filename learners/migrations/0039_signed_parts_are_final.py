"""The part of the year is among what the database refuses to change of signed figures.

0038 builds the table anew on SQLite, which takes the triggers of 0022 and 0037 away; PostgreSQL
keeps them without the new column. Here they are made anew, the same as there but for the column.
"""

from importlib import import_module
from typing import Any

from django.db import migrations

final = import_module("learners.migrations.0022_signed_figures_are_final")
slipped_in = import_module(
    "learners.migrations.0037_signed_figures_are_neither_removed_nor_slipped_in"
)

TABLE = final.TABLE
FROZEN = (*final.FROZEN, "part")
TRIGGERS = (f"{TABLE}_final", f"{TABLE}_stays", f"{TABLE}_signed_by_signing")


def remove(schema_editor: Any) -> None:
    for name in TRIGGERS:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {TABLE}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


def forward(apps: Any, schema_editor: Any) -> None:
    remove(schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FROZEN)
        schema_editor.execute(
            f"""CREATE FUNCTION {TABLE}_final() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NOT ({final.FINAL}) THEN
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
              END IF;
              IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{final.REFUSAL}'; END IF;
              IF {changed} OR {final.BACK} THEN RAISE EXCEPTION '{final.REFUSAL}'; END IF;
              RETURN NEW;
            END $$"""
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_final BEFORE UPDATE OR DELETE ON {TABLE}"
            f" FOR EACH ROW EXECUTE FUNCTION {TABLE}_final()"
        )
        slipped_in.forward(apps, schema_editor)
        return
    abort = f"BEGIN SELECT RAISE(ABORT, '{final.REFUSAL}'); END"
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_final BEFORE UPDATE ON {TABLE}"
        f" WHEN {final.FINAL} AND ({changed} OR {final.BACK}) {abort}"
    )
    kept = slipped_in.FINAL
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_stays BEFORE DELETE ON {TABLE} WHEN OLD.state IN {kept} {abort}"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_signed_by_signing BEFORE INSERT ON {TABLE}"
        f" WHEN NEW.state IN {kept} OR EXISTS (SELECT 1 FROM {TABLE} AS kept"
        f"  WHERE kept.state IN {kept} AND (kept.id = NEW.id OR (kept.number = NEW.number"
        f"   AND kept.period_id = NEW.period_id AND kept.unit_id IS NEW.unit_id"
        f"   AND kept.part IS NEW.part))) {abort}"
    )


def backward(apps: Any, schema_editor: Any) -> None:
    """What stood before; SQLite gets it when 0038 has built the table anew."""
    remove(schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        final.forward(apps, schema_editor)
        slipped_in.forward(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("learners", "0038_parts_of_signed_years")]
    operations = [migrations.RunPython(forward, backward)]
