"""The database itself refuses to change figures that were signed, whoever asks it.

All that may still happen to them is that they are locked. Whoever alters the table on SQLite later
has to make the trigger anew: there a table is changed by building another one. SQLite lets rows be
removed, because that is also how tests empty tables; the product has no way to.
"""

from typing import Any

from django.db import migrations

TABLE = "learners_snapshot"
FROZEN = (
    "period_id",
    "unit_id",
    "number",
    "cut_off",
    "tree_on",
    "content",
    "people",
    "participations",
    "sha256",
    "reason",
    "drawn_by_id",
    "drawn_at",
    "checked_by_id",
    "checked_at",
    "signed_by_id",
    "signed_at",
)
REFUSAL = "signed figures are never changed"
FINAL = "OLD.state IN ('signed', 'locked')"
BACK = "(OLD.state = 'locked' OR NEW.state <> 'locked')"


def forward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FROZEN)
        schema_editor.execute(
            f"""CREATE FUNCTION {TABLE}_final() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NOT ({FINAL}) THEN
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
              END IF;
              IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
              IF {changed} OR {BACK} THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
              RETURN NEW;
            END $$"""
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_final BEFORE UPDATE OR DELETE ON {TABLE}"
            f" FOR EACH ROW EXECUTE FUNCTION {TABLE}_final()"
        )
    else:
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_final BEFORE UPDATE ON {TABLE}"
            f" WHEN {FINAL} AND ({changed} OR {BACK})"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def backward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_final ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_final")
    else:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_final")


class Migration(migrations.Migration):
    dependencies = [("learners", "0021_snapshots")]
    operations = [migrations.RunPython(forward, backward)]
