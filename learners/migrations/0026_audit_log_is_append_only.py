"""The database itself refuses to change the audit log, whoever asks it.

SQLite lets rows be removed, because that is also how tests empty tables; the chain of hashes shows
what is missing.
"""

from typing import Any

from django.db import migrations

TABLE = "learners_auditentry"
REFUSAL = "the audit log is never changed"


def forward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""CREATE FUNCTION {TABLE}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"""
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE ON {TABLE}"
            f" FOR EACH ROW EXECUTE FUNCTION {TABLE}_kept()"
        )
    else:
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE ON {TABLE}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def backward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_kept ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_kept")
    else:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_kept")


class Migration(migrations.Migration):
    dependencies = [("learners", "0025_audit_log")]
    operations = [migrations.RunPython(forward, backward)]
