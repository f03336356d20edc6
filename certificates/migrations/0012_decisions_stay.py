"""SQLite leaves it to each connection whether it heeds foreign keys, and its own console does not:
there a decision was removed from under its papers. PostgreSQL always refuses that.
"""

from django.db import migrations

GUARD = "certificates_decision_stays"


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER {GUARD} BEFORE DELETE ON certificates_decision"
            " WHEN EXISTS (SELECT 1 FROM certificates_certificate WHERE decision_id = OLD.id)"
            " BEGIN SELECT RAISE(ABORT, 'a decision with papers is never removed'); END"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {GUARD}")


class Migration(migrations.Migration):
    dependencies = [("certificates", "0011_withheld_papers")]
    operations = [migrations.RunPython(make, drop)]
