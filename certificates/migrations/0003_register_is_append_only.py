"""The database itself refuses to change what was printed, whoever asks it.

Whoever alters the table of certificates on SQLite later has to make the trigger anew: there a table
is changed by building another one.
"""

from typing import Any

from django.db import migrations

TABLE = "certificates_certificate"
FROZEN = (
    "enrolment_id",
    "person_id",
    "decision_id",
    "register_id",
    "number",
    "serial",
    "code",
    "paper",
    "pdf_sha256",
    "issued_on",
    "issued_at",
)
REFUSAL = "a certificate is never changed"


def forward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FROZEN)
        schema_editor.execute(
            f"""CREATE FUNCTION {TABLE}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP = 'DELETE' OR {changed} THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
              RETURN NEW;
            END $$"""
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE OR DELETE ON {TABLE}"
            f" FOR EACH ROW EXECUTE FUNCTION {TABLE}_frozen()"
        )
    else:
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} WHEN {changed}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def backward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_frozen ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_frozen")
    else:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_frozen")


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_withdrawal")]
    operations = [migrations.RunPython(forward, backward)]
