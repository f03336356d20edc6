"""Signed figures come about by signing alone, and stay: the database refuses every other way.

0022 guards their columns, and on PostgreSQL their removal. Here SQLite refuses the removal too,
and both refuse a row that is inserted as signed already. On SQLite INSERT OR REPLACE removes
without asking a trigger of removals, so the row that would go is looked for as well.
"""

from typing import Any

from django.db import migrations

TABLE = "learners_snapshot"
REFUSAL = "signed figures are never changed"
FINAL = "('signed', 'locked')"


def forward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""CREATE FUNCTION {TABLE}_signed_by_signing() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"""
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_signed_by_signing BEFORE INSERT ON {TABLE} FOR EACH ROW"
            f" WHEN (NEW.state IN {FINAL}) EXECUTE FUNCTION {TABLE}_signed_by_signing()"
        )
        return
    abort = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_stays BEFORE DELETE ON {TABLE} WHEN OLD.state IN {FINAL} {abort}"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_signed_by_signing BEFORE INSERT ON {TABLE}"
        f" WHEN NEW.state IN {FINAL} OR EXISTS (SELECT 1 FROM {TABLE} AS kept"
        f"  WHERE kept.state IN {FINAL} AND (kept.id = NEW.id OR (kept.number = NEW.number"
        f"   AND kept.period_id = NEW.period_id AND kept.unit_id IS NEW.unit_id))) {abort}"
    )


def backward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_signed_by_signing ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_signed_by_signing")
    else:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_signed_by_signing")
        schema_editor.execute(f"DROP TRIGGER {TABLE}_stays")


class Migration(migrations.Migration):
    dependencies = [("learners", "0036_assisted_sign_up")]
    operations = [migrations.RunPython(forward, backward)]
